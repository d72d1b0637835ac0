"""Whether a file is free of what a virus scanner knows, before anybody may open it."""

from pathlib import Path

from cases.adapters.reading import Refused
from cases.adapters.virus_scanner import Clamd, ScanFailed
from config.kernel.conf import setting

STRUCTURAL = "structural checks only, no virus scanner configured"
_TOO_LARGE = "The file is larger than the virus scanner takes. Split it, or scan it at 200 dpi, and upload the parts."
# What a document's row has room for.
_LABEL = 40


def scanned(source: Path) -> str:
    """Have the file scanned; returns who did it, as documents say it.

    ``Refused`` for a find, or a file over the scanner's limit; ``ScanFailed`` when there is no verdict, which is not
    a clean one.
    """
    chosen = setting("DOCUMENT_SCANNER")
    if chosen == "structural":
        return STRUCTURAL[:_LABEL]
    if chosen != "clamd":
        raise ScanFailed("DOCUMENT_SCANNER is neither structural nor clamd")
    verdict = Clamd(setting("CLAMD_URL"), seconds=setting("CLAMD_SECONDS")).scan(source)
    if verdict == "infected":
        raise Refused("malware")
    if verdict == "too_large":
        raise Refused("too_large", _TOO_LARGE)
    return chosen
