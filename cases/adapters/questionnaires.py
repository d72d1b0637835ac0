"""The questionnaires and the emergency advice that this release brings, read from ``cases/questionnaires``."""

import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import orjson

FOLDER = Path(__file__).parents[1] / "questionnaires"
GENERAL = "general"
CONDITIONS = ("cardiology", "neurology", "oncology", "orthopaedics")


@dataclass(frozen=True)
class Packaged:
    """One file: its definition, and the SHA-256 over the file's bytes, hex."""

    code: str
    version: str
    sha256: str
    definition: dict[str, Any]


@dataclass(frozen=True)
class Advice:
    """The fixed wording: ``texts[kind][language]``; a change of any sign is a new version."""

    version: str
    sha256: str
    texts: dict[str, dict[str, str]]

    def text(self, kind: str, language: str) -> str:
        """In the patient's language, in English where there is no translation."""
        wording = self.texts[kind]
        return wording.get(language.split("-")[0], wording["en"])


@cache
def packaged() -> dict[str, Packaged]:
    """The questionnaires of this release by code."""
    found = {}
    for code in (GENERAL, *CONDITIONS):
        raw = (FOLDER / f"{code}.json").read_bytes()
        definition = orjson.loads(raw)
        found[code] = Packaged(code, definition["version"], hashlib.sha256(raw).hexdigest(), definition)
    return found


@cache
def advice() -> Advice:
    """The emergency advice of this release."""
    raw = (FOLDER / "emergency_advice.json").read_bytes()
    content = orjson.loads(raw)
    return Advice(content["version"], hashlib.sha256(raw).hexdigest(), content["texts"])
