"""``manage.py verify_report FILE``: is this report what was signed? Without a network, a database or a secret.

Ends with 0 for a valid report, 1 for one that was changed (or is not from here), 3 for a superseded and 4 for a
withdrawn one, 2 for a wrong call.
"""

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

from cases.domain.report.proof import (
    Manifest,
    PublicKeys,
    StatusList,
    Unsigned,
    Verdict,
    keys_of,
    read_status,
    verify,
)
from cases.domain.report.proof.verification import manifest_in

_EXITS = {"valid": 0, "changed": 1, "superseded": 3, "withdrawn": 4}
_SAID = {
    "valid": "VALID: every byte is as it was signed.",
    "changed": "CHANGED: this is not what was signed.",
    "superseded": "SUPERSEDED: genuine, and replaced by a newer version.",
    "withdrawn": "WITHDRAWN: genuine, and entered in error.",
}


def main(arguments: Sequence[str]) -> int:
    """Judge one file and say so; returns the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        keys = _keys(asked.keys)
        status = _status(asked.status, keys)
        others = tuple(_manifests(asked.newer, keys))
        file = asked.file.read_bytes()
    except (OSError, Unsigned) as fault:
        sys.stderr.write(f"{fault}\n")
        return 2
    verdict = verify(file, keys, status=status, others=others)
    sys.stdout.write("\n".join(_lines(verdict)) + "\n")
    return _EXITS[verdict.standing]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="manage.py verify_report", description="Check a report without a network.")
    parser.add_argument("file", type=Path, help="the PDF or the FHIR document (report.fhir.json)")
    parser.add_argument("--keys", type=Path, help="public keys, as GET /api/v1/report-keys gives them")
    parser.add_argument("--status", type=Path, help="signed list, as GET /api/v1/report-status-list gives it")
    parser.add_argument("--newer", type=Path, action="append", default=[], help="another report, perhaps a newer one")
    return parser


def _keys(file: Path | None) -> PublicKeys:
    """Of the file, or of the platform itself when this runs on it."""
    if file is not None:
        return keys_of(file.read_bytes())
    from cases.adapters.report_keys import public_keys_in
    from config.settings.environment import report_keys_dir

    folder = Path(report_keys_dir())
    keys = public_keys_in(folder)
    if not keys:
        raise Unsigned(f"There are no keys in {folder}: name a file of public keys by --keys.")
    return keys


def _status(file: Path | None, keys: PublicKeys) -> StatusList | None:
    if file is None:
        return None
    try:
        return read_status(file.read_text("ascii"), keys)
    except (Unsigned, UnicodeDecodeError) as fault:
        raise Unsigned(f"{file} is no status list that these keys signed: {fault}") from None


def _manifests(files: Iterable[Path], keys: PublicKeys) -> Iterable[Manifest]:
    for file in files:
        try:
            yield manifest_in(file.read_bytes(), keys)
        except Unsigned as fault:
            raise Unsigned(f"{file} is no genuine report: {fault}") from None


def _lines(verdict: Verdict) -> Iterable[str]:
    yield _SAID[verdict.standing]
    if verdict.reason:
        yield verdict.reason
    if verdict.manifest is not None:
        one = verdict.manifest
        yield verdict.newer
        yield f"Report {one.report_id}, version {one.version}"
        yield f"Signed by {one.signer}, licensed in {one.licence_place}, at {one.signed_at.isoformat()}"
        yield f"Signed text (SHA-256) {one.content_hash}"
        yield f"Issued by {one.issuer}"
