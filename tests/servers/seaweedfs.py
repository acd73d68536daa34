"""An S3 server of its own for a test run: SeaweedFS, which checks signatures and checksums as S3 does."""

import os
import sys
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.servers.ports import GRPC_OFFSET, free_port
from tests.servers.process import Process

ACCESS_KEY, SECRET_KEY, REGION = "tests", "secret-of-the-tests", "us-east-1"


class SeaweedFS(Process):
    """A server in `folder` on free ports, with one bucket that says when it is ready."""

    def __init__(self, folder: Path) -> None:
        self.port = free_port()
        self._ports = {
            "master": free_port(),
            "volume": free_port(),
            "filer": free_port(),
            "admin": free_port(),
        }
        folder.mkdir(exist_ok=True)
        super().__init__(
            [Path(sys.executable).with_name("weed"), f"-logdir={folder}", "mini", *self._options(folder)],
            log=folder / "seaweedfs.log",
            cwd=folder,
            env={
                **os.environ,
                "AWS_ACCESS_KEY_ID": ACCESS_KEY,
                "AWS_SECRET_ACCESS_KEY": SECRET_KEY,
                "S3_BUCKET": "ready",
            },
        )

    def _options(self, folder: Path) -> list[str]:
        return [
            f"-dir={folder}",
            "-ip=127.0.0.1",
            "-ip.bind=127.0.0.1",
            f"-s3.port={self.port}",
            *(f"-{part}.port={port}" for part, port in self._ports.items()),
            "-master.telemetry=false",
            "-webdav=false",
            "-admin.ui=false",
            "-s3.port.iceberg=0",
            "-s3.port.lance=0",
        ]

    def start(self) -> None:
        """Start it and return once it accepts an object: the port answers about a second earlier."""
        super().start()
        self.wait_until(self._accepts)

    def stop(self, seconds: float = 10) -> None:
        super().stop(seconds)
        for port in (self.port, *self._ports.values()):
            for number in (port, port + GRPC_OFFSET):
                for socket in Path("/tmp").glob(f"seaweedfs-*-{number}.sock"):  # it leaves them behind
                    socket.unlink(missing_ok=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def client(self, secret_key: str = SECRET_KEY, url: str = "", config: Config | None = None) -> Any:
        """Return a boto3 client of the server, or of a proxy before it."""
        return boto3.client(
            "s3",
            endpoint_url=url or self.url,
            aws_access_key_id=ACCESS_KEY,
            aws_secret_access_key=secret_key,
            region_name=REGION,
            # with an endpoint of one's own, links are signed the old way unless told otherwise
            config=Config(
                signature_version="s3v4", s3={"addressing_style": "path"}, retries={"total_max_attempts": 1}
            ).merge(config or Config()),
        )

    def create_bucket(self, name: str) -> str:
        """Create an empty bucket and return its name."""
        self.client().create_bucket(Bucket=name)
        return name

    def _accepts(self) -> bool:
        try:
            self.client().put_object(Bucket="ready", Key="ready", Body=b"")
        except (BotoCoreError, ClientError):
            return False
        return True
