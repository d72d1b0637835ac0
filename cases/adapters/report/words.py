"""The words a reader sees for the opinion's codes; the PDF and the FHIR narrative say the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType

from cases.domain.report.disagreement_map import Row, confidence_drift
from cases.domain.report.signed_report import Diagnosis, LabValue, SignedReport


def _frozen(words: dict[str, str]) -> Mapping[str, str]:
    return MappingProxyType(words)


DIAGNOSIS_AGREEMENT = _frozen(
    {
        "agree": "Agrees with the first diagnosis",
        "refined": "Agrees, and makes the diagnosis more precise",
        "minor_disagreement": "Differs from the first diagnosis in part",
        "major_disagreement": "Differs from the first diagnosis",
        "insufficient_information": "Not enough information to say",
    }
)
TREATMENT_AGREEMENT = _frozen(
    {
        "agree": "Agrees with the treatment",
        "minor_change": "Proposes a small change of treatment",
        "major_change": "Proposes a large change of treatment",
        "alternative": "Proposes a different treatment",
        "insufficient_information": "Not enough information to say",
    }
)
CLINICAL_IMPACT = _frozen(
    {
        "none": "None: care goes on as planned",
        "minor": "Minor",
        "moderate": "Moderate",
        "major": "Major",
    }
)
PEER_OUTCOME = _frozen(
    {
        "agrees": "The peer reviewer agrees",
        "minor_remarks": "The peer reviewer agrees, with minor remarks",
        "major_disagreement": "The peer reviewer disagrees",
    }
)
LAB_FLAG = _frozen(
    {
        "critical_low": "critically low",
        "low": "low",
        "normal": "in range",
        "high": "high",
        "critical_high": "critically high",
        "unknown": "not judged",
    }
)
#: What is said of a result's date that is not the day of collection.
DATE_MEANS = _frozen(
    {"received": " (received)", "reported": " (reported)", "dated": " (date of the document)"},
)
AI_DECISION = _frozen(
    {
        "accepted": "accepted as proposed",
        "edited": "corrected by the specialist",
        "rejected": "rejected",
    }
)
#: What every page of a report says that nobody has signed.
DRAFT = "Draft, not signed"
TOPIC = _frozen({"diagnosis": "Diagnosis", "treatment": "Treatment"})
OUTCOME = _frozen({"agree": "They agree", "partly": "They agree in part", "differ": "They differ", "unknown": "Open"})
SEX = _frozen({"male": "male", "female": "female", "other": "other", "unknown": "not stated"})


def day(value: date | None) -> str:
    """`23 November 2026`, or words that say it is unknown."""
    return f"{value.day} {value:%B %Y}" if value else "not stated"


def result_day(lab: LabValue) -> str:
    """When a result was taken, as its sheet says; what is not certain is quoted, and never a day."""
    if lab.observed_on:
        return f"{day(lab.observed_on)}{DATE_MEANS.get(lab.date_means, '')}"
    if lab.date_printed:
        return f"date not certain: “{lab.date_printed}”"
    return "date not printed"


def moment(value: datetime) -> str:
    """Day, minute and offset from UTC of an aware time."""
    offset = "UTC" if not value.utcoffset() else f"UTC{value.isoformat()[-6:]}"
    return f"{day(value)}, {value:%H:%M} {offset}"


def engine(name: str) -> str:
    """Who proposed an item, for people: ``local 2026.11-1`` is our own program, ``openai:gpt-5 …`` a model."""
    program, _, release = name.partition(" ")
    if program == "local" and release[:1].isdigit():
        return f"This service's reading program, version {release}"
    provider, _, model = program.partition(":")
    return f"Language model {model} of {provider.capitalize()}" if model else name


def diagnosis(value: Diagnosis | None, *, otherwise: str) -> str:
    """The diagnosis with its code in brackets."""
    if value is None or not value.text:
        return otherwise
    return f"{value.text} (ICD-10 {value.icd10})" if value.icd10 else value.text


def reasons(row: Row) -> tuple[tuple[str, str], ...]:
    """(label, words) below a row of the disagreement map; where nobody disagrees, an absent reason is no gap."""
    absent = "" if row.outcome == "agree" else "not stated separately; see the summary and the answers"
    tests = "" if row.outcome == "agree" else "no single test was named; see the tests advised"
    pairs = (("Why:", row.why.strip() or absent), ("What would settle it:", row.settled_by.strip() or tests))
    return tuple(pair for pair in pairs if pair[1])


def result(report: SignedReport, row: Row) -> str:
    """How this opinion compares with the first one on the row's topic."""
    codes = DIAGNOSIS_AGREEMENT if row.topic == "diagnosis" else TREATMENT_AGREEMENT
    return codes[report.diagnosis_agreement if row.topic == "diagnosis" else report.treatment_agreement]


def drift(report: SignedReport) -> str:
    """How the confidence moved between the sealed read and the signature; empty without a sealed read."""
    points = confidence_drift(report)
    if points is None or report.first_read is None:
        return ""
    moved = f"rose by {points}" if points > 0 else f"fell by {-points}" if points else "did not change"
    return f"From the sealed first read to the signature the confidence {moved} (now {report.confidence} of 100)."


def reference_range(lab: LabValue) -> str:
    """The reference range as the sheet prints it, else made of its limits; empty when nothing is known."""
    if lab.reference_text:
        return lab.reference_text
    low, high = lab.reference_low, lab.reference_high
    if low is not None and high is not None:
        return f"{low:f}–{high:f}"
    if low is not None:
        return f"≥ {low:f}"
    return f"≤ {high:f}" if high is not None else ""


def reading_level(report: SignedReport) -> str:
    """The reading level of the plain-language page in one sentence."""
    grade = report.plain_language.reading_grade
    if grade is None:
        return "Reading level: there is no measure for this language here."
    return f"Reading level: about school grade {max(grade, 1.0):.1f} (US)."
