"""Pictures of every page for the documents: `python -m tests.tooling.gallery`, after the browser tests took them.

Reads `.local/screenshots`, writes `deploy/pictures/pages/*.webp` and the gallery beside them. Long pages are cut.
"""

from __future__ import annotations

import sys
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
TAKEN, KEPT = ROOT / ".local" / "screenshots", ROOT / "deploy" / "pictures"
WIDTHS, TALLEST = ("1280", "390"), 1800
PAGES = {
    "Specialists": {
        "1-sign-in": "Sign in",
        "2-worklist": "Worklist, with an offer",
        "3-offer": "An offer: conflict of interest and licence in place",
        "4-first-read": "First read, before anything of a machine is shown",
        "5-workspace": "Case workspace",
        "9-find": "Search in the records",
        "8-images": "Image stack",
        "page-timeline": "Timeline of events, trends of results",
        "page-messages": "Messages and questions",
        "page-versions": "Versions of the opinion compared",
        "page-preview": "The report as the patient gets it",
        "6-sign": "Signature",
        "7-signed": "A signed opinion, its files, and a question of the patient",
        "7-news": "News, each with its case",
        "page-practice": "Profile, credentials, availability, notices",
        "page-statistics": "Statistics",
    },
    "Everybody": {
        "0-front": "Front page",
        "8-account": "Account: factors and sessions",
        "12-reset-password": "A new password",
        "13-send-records": "A facility sends records by its link",
        "20-verify-code": "Is a report genuine?",
        "21-verify-changed": "A report that was changed",
    },
    "Staff": {
        "10-staff": "First page: what waits, and figures",
        "staff-desk": "A case",
        "staff-board": "Completeness",
        "staff-steer": "A step of the case",
        "staff-what-if": "Reassign: what if",
        "staff-begin": "Begin a draft of content that two people publish",
        "staff-mail": "The texts of a mail, with what is sent",
        "staff-merge": "Two accounts of one patient",
    },
}


def main() -> int:
    """Writes the gallery; 1 when a page was not photographed."""
    (KEPT / "pages").mkdir(exist_ok=True)
    names = [name for group in PAGES.values() for name in group]
    missing = [name for name in names for width in WIDTHS if not (TAKEN / f"{name}-{width}.png").exists()]
    if missing:
        print(f"run the browser tests first; there is no picture of {', '.join(missing)}")
        return 1
    for name in names:
        for width in WIDTHS:
            with Image.open(TAKEN / f"{name}-{width}.png") as picture:
                shown = picture.convert("RGB").crop((0, 0, picture.width, min(picture.height, TALLEST)))
                shown.save(KEPT / "pages" / f"{name}-{width}.webp", quality=60, method=6)
    (KEPT / "README.md").write_text(gallery(), encoding="utf-8")
    return 0


def gallery() -> str:
    """The document: each page at the width of a desk and of a phone."""
    lines = ["# Every page", "", "Invented people. Each at 1280 and 390 pixels, as the browser tests see it."]
    for group, pages in PAGES.items():
        lines += ["", f"## {group}"]
        for name, title in pages.items():
            told = " ".join(
                f'<img src="pages/{name}-{width}.webp" alt="{title}, {width} pixels wide" width="{shown}">'
                for width, shown in zip(WIDTHS, (560, 200), strict=True)
            )
            lines += ["", f"### {title}", told]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
