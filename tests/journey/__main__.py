"""``python -m tests.journey --base-url http://127.0.0.1:8000``: exit status 0 only if every step held."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from tests.journey.http import StepFailed
from tests.journey.story import Story
from tests.journey.timeline import Timeline

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Run the journey and print its timeline."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--base-url", default="http://127.0.0.1:8000")
    default = os.environ.get("SOP_DATA_DIR") or str(ROOT / ".local")
    parser.add_argument("--data-dir", type=Path, default=Path(default))
    options = parser.parse_args()
    timeline = Timeline()
    try:
        story = tell(options.base_url.rstrip("/"), options.data_dir, timeline)
    except StepFailed as failure:
        sys.stdout.write(f"\nThe journey stopped: {failure}\n")
        return 1
    folder = options.data_dir / "demo"
    sys.stdout.write(f"\n{timeline.table()}\n\nStates: {' → '.join(story.path)}\n")
    sys.stdout.write(f"Machine findings decided: {story.found}\nReport: {folder / 'report.pdf'}\n")
    sys.stdout.write(f"        {folder / 'report.fhir.json'}\n")
    return 0


def tell(base_url: str, data_dir: Path, timeline: Timeline) -> Story:
    """Every step, in order."""
    story = Story(base_url, data_dir, timeline)
    steps = (
        ("patient", "registers, confirms the address by mail, signs in", story.register),
        ("patient", "agrees to the purposes and opens a case with two questions", story.open_case),
        ("patient", "uploads a PDF, a scan, a photo and a DICOM image", story.upload),
        ("platform", "reads them: text, recognition, metadata, pages", story.await_reading),
        ("staff", "sign in with their second factor", story.sign_in_staff),
        ("coordinator", "confirms whose the unnamed documents are", story.confirm_unknown),
        ("patient", "sends the case in", story.submit),
        ("nurse", "triages it", story.triage),
        ("coordinator", "finds a specialist licensed where the patient is", story.match),
        ("patient", "asks for a machine reading", story.analyse),
        ("specialist", "signs in to the dashboard, declares no conflict, accepts", story.accept),
        ("specialist", "looks at the pages, seals the first read", story.first_read),
        ("specialist", "decides on every machine finding", story.decide_findings),
        ("specialist", "answers, codes, finishes the opinion", story.write_opinion),
        ("specialist", "signs", story.sign),
        ("patient", "is told live and by mail, and opens the report", lambda: story.receive(data_dir / "demo")),
        ("platform", "goes on to follow-up", story.follow_up),
    )
    for who, title, act in steps:
        with timeline.step(who, title):
            act()
    return story


if __name__ == "__main__":
    sys.exit(main())
