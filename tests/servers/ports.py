"""Free TCP ports that no other test run on this machine takes meanwhile."""

import random
import socket

# Below the ports that the kernel gives to outgoing connections; +10,000, where SeaweedFS puts gRPC, is too.
LOWEST, HIGHEST = 12_000, 22_000
GRPC_OFFSET = 10_000

_reserved: list[socket.socket] = []  # held until this process ends


def free_port() -> int:
    """Return a port that is free on loopback, as is the one 10,000 above it, and reserve both."""
    for port in random.SystemRandom().sample(range(LOWEST, HIGHEST), 1000):
        if _reserve(port) and _is_free(port) and _is_free(port + GRPC_OFFSET):
            return port
    raise RuntimeError("No free port found.")


def _reserve(port: int) -> bool:
    """Claim the port among test runs: one abstract Unix address each, which ends with the process."""
    claim = socket.socket(socket.AF_UNIX)
    try:
        claim.bind(f"\0voicecollect-tests-port-{port}")
    except OSError:
        claim.close()
        return False
    _reserved.append(claim)
    return True


def _is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
