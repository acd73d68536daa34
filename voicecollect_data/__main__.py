"""The command `python -m voicecollect_data`. It exits with 0: all is well, 1: files are wrong, 2: it can't be done."""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path

from voicecollect_data import deltas, withdrawals
from voicecollect_data.faults import Damaged, Fault, Unusable
from voicecollect_data.info import info
from voicecollect_data.progress import Meter
from voicecollect_data.verifying import verify

FINE, WRONG, IMPOSSIBLE = 0, 1, 2
KEY = "public key of the site, or a file that holds it"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return its exit code."""
    given = _parser().parse_args(arguments)
    meter = Meter()
    try:
        code: int = given.run(given, meter)
    except Damaged as damage:
        code = _complain(str(damage), WRONG)
    except (Unusable, OSError) as refusal:
        code = _complain(str(refusal), IMPOSSIBLE)
    meter.end()
    return code


def _parser() -> ArgumentParser:
    parser = ArgumentParser(
        prog="python -m voicecollect_data", description="Tools for releases of speech data."
    )
    verbs = parser.add_subparsers(required=True, metavar="COMMAND")
    verb = verbs.add_parser("verify", help="check that every byte is as it was published")
    verb.add_argument("path", metavar="DIR|ARCHIVE", type=Path)
    verb.add_argument("--key", help=KEY)
    verb.set_defaults(run=_verify)
    verb = verbs.add_parser("info", help="tell what a folder or an archive holds")
    verb.add_argument("path", metavar="DIR|ARCHIVE", type=Path)
    verb.set_defaults(run=_info)
    verb = verbs.add_parser("apply-delta", help="make a release of the one before and a delta")
    verb.add_argument("old", metavar="OLD", type=Path, help="folder or archive of the release before")
    verb.add_argument("delta", metavar="DELTA", type=Path, help="folder or archive of the delta")
    verb.add_argument(
        "new", metavar="NEW", type=Path, help="folder to put the release into, as if unpacked there"
    )
    verb.set_defaults(run=_apply_delta)
    verb = verbs.add_parser("apply-withdrawals", help="take clips out that their speakers took back")
    verb.add_argument(
        "folder", metavar="DIR", type=Path, help="unpacked folder that holds README.md and clips/"
    )
    verb.add_argument("list", metavar="withdrawn.tsv", type=Path, help="the list that the site publishes")
    verb.add_argument("--key", help=KEY)
    verb.set_defaults(run=_apply_withdrawals)
    verb = verbs.add_parser(
        "pack", help="pack an unpacked folder to the bytes that were published (needs isal)"
    )
    verb.add_argument("folder", metavar="DIR", type=Path)
    verb.add_argument("archive", metavar="ARCHIVE", type=Path)
    verb.set_defaults(run=_pack)
    return parser


def _verify(given: Namespace, meter: Meter) -> int:
    wrong = 0
    for found in verify(given.path, given.key, meter):
        wrong += isinstance(found, Fault)
        _say(str(found))
    _say(f"{wrong} files are not as they were published." if wrong else "All is as it was published.")
    return WRONG if wrong else FINE


def _info(given: Namespace, meter: Meter) -> int:
    for line in info(given.path):
        _say(line)
    return FINE


def _apply_delta(given: Namespace, meter: Meter) -> int:
    _say(f"{deltas.apply(given.old, given.delta, given.new, meter)} is as it was published.")
    return FINE


def _apply_withdrawals(given: Namespace, meter: Meter) -> int:
    if not given.key:
        _say(f"{given.list}: its signature was not checked, for want of a key (--key).")
    done = withdrawals.apply(given.folder, withdrawals.read(given.list, given.key), meter)
    _say(f"{done.clips} clips and {done.rows} rows of tables were taken out.")
    return FINE


def _pack(given: Namespace, meter: Meter) -> int:
    try:
        from voicecollect_data.packing import pack  # all else works without what this needs
    except ImportError as fault:
        raise Unusable("Packing needs ISA-L: pip install 'voicecollect-data[pack]'") from fault
    pack(given.folder, given.archive, meter)
    return FINE


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")


def _complain(words: str, code: int) -> int:
    sys.stderr.write(f"{words}\n")
    return code


if __name__ == "__main__":
    sys.exit(main())
