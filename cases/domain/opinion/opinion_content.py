"""The opinion is data: coded agreement, one answer per question, confidence, limits, and a page in plain words."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

DIAGNOSIS_AGREEMENT = ("agree", "refined", "minor_disagreement", "major_disagreement", "insufficient_information")
TREATMENT_AGREEMENT = ("agree", "minor_change", "major_change", "alternative", "insufficient_information")
CLINICAL_IMPACT = ("none", "minor", "moderate", "major")

Content = Mapping[str, Any]


def canonical_bytes(content: Content) -> bytes:
    """One byte form of one content: sorted keys, no spaces."""
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def content_hash(content: Content) -> str:
    """SHA-256 over the canonical bytes, hex: what is approved, signed and verified."""
    return hashlib.sha256(canonical_bytes(content)).hexdigest()


def unanswered(content: Content, question_numbers: Iterable[int]) -> tuple[int, ...]:
    """The questions with neither an answer nor a reason why there cannot be one."""
    answers = {a.get("question"): a for a in content.get("answers", ()) if isinstance(a, Mapping)}
    return tuple(n for n in question_numbers if not _settled(answers.get(n)))


def faults(content: Content) -> tuple[str, ...]:
    """What a complete opinion still lacks, in words that say what to do."""
    found = [
        f"choose {label}"
        for key, allowed, label in (
            ("diagnosis_agreement", DIAGNOSIS_AGREEMENT, "how far you agree with the diagnosis"),
            ("treatment_agreement", TREATMENT_AGREEMENT, "how far you agree with the treatment"),
            ("clinical_impact", CLINICAL_IMPACT, "the clinical impact"),
        )
        if content.get(key) not in allowed
    ]
    confidence = content.get("confidence")
    if isinstance(confidence, bool) or not isinstance(confidence, int) or not 0 <= confidence <= 100:
        found.append("state your confidence from 0 to 100")
    found += [f"write {label}" for key, label in _TEXTS if not _text(content.get(key))]
    return tuple(found)


_TEXTS = (
    ("summary", "the summary"),
    ("confidence_would_change", "what would change your confidence"),
    ("plan", "the proposed plan"),
    ("limitations", "the limitations"),
    ("plain_language", "the page in plain words"),
)


def _settled(answer: Mapping[str, Any] | None) -> bool:
    if answer is None:
        return False
    return _text(answer.get("cannot_answer_reason" if answer.get("cannot_answer") else "answer"))


def _text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
