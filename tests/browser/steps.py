"""What a specialist does, and what is looked at on every page."""

import os
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import NARROW, ROOT, SCREENSHOTS, WIDE

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
OPINION = {
    "answer_1": "Pause warfarin until the bleeding has stopped.",
    "answer_2": "Yes: ibuprofen and amiodarone together with warfarin.",
    "summary": "Bleeding under warfarin, explained by its companions.",
    "restated_text": "Gastrointestinal bleeding under warfarin with interaction",
    "restated_icd10": "K92.2",
    "plan": "Stop ibuprofen, pause warfarin, endoscopy within a day.",
    "do_nothing": "Further bleeding is likely.",
    "confidence": "85",
    "confidence_would_change": "The endoscopy report.",
    "limitations": "No examination.",
    "plain_language": "A pain tablet made your stomach bleed. Stop it today.",
}
CODES = {"diagnosis_agreement": "refined", "treatment_agreement": "major_change", "clinical_impact": "major"}


def look(page: Page, name: str) -> None:
    """No accessibility violation in both widths and both themes, nothing wider than the window, a picture of each."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the literals
        for size, label in ((NARROW, "390"), (WIDE, "1280")):
            page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict works
            if scheme == "light":
                page.screenshot(path=SCREENSHOTS / f"{name}-{label}.png", full_page=True)
            wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert wide <= 0, f"{name} at {label}: {wide} px wider than the window"
            found = violations(page)
            assert not found, f"{name} at {label}, {scheme}: " + "\n".join(found)
    page.emulate_media(color_scheme="light")


def violations(page: Page) -> list[str]:
    """What axe-core finds against WCAG 2.2 A and AA."""
    if not AXE.exists():
        reason = "axe-core is missing: npm ci in the project's root"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    page.evaluate(Path(AXE).read_text())
    result: Any = page.evaluate("rules => axe.run(document, { runOnly: rules })", RULES)
    return [
        f"{v['id']}: {v['help']} at {', '.join(str(n['target']) for n in v['nodes'][:5])}" for v in result["violations"]
    ]
