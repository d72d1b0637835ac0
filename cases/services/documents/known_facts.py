"""What is known of a patient from a case's words and from earlier documents, to check the next one against."""

from collections.abc import Iterable
from typing import Any

from cases.domain.documents.identity_marks import Marks
from cases.domain.documents.identity_match import facility_key, national_key
from cases.domain.documents.sides import Sides, sides_in
from cases.domain.workflow.state_machines import DocumentState
from cases.models import Case, Document
from cases.queries.sealed_contents import intake_of, place, questions_of, title_of
from config.kernel.crypto import DataKey, open_json

_ABOUT = ("diagnosis", "proposed_treatment", "history")


def facts_of(marks: Marks, sides: Sides) -> dict[str, Any]:
    """As JSON, for the checks of the documents that come after."""
    return {
        "facility": facility_key(marks.facility),
        "numbers": sorted(marks.numbers),
        "national": sorted(marks.national),
        "sides": {part: sorted(named) for part, named in sides.items()},
    }


def facts_before(document: Document, key: DataKey) -> list[dict[str, Any]]:
    """Of the patient's other accepted documents, in whichever case."""
    rows = Document.objects.filter(patient_id=document.patient_id, state=DocumentState.ACCEPTED).exclude(id=document.id)
    sealed = rows.exclude(facts_sealed=None).order_by("-id").values_list("id", "facts_sealed")[:200]
    return [open_json(key, place("document", "facts", row_id), cell) for row_id, cell in sealed if cell]


def numbers_of(before: Iterable[dict[str, Any]]) -> dict[str, frozenset[str]]:
    """Record numbers by facility, and a country's by their kind."""
    found: dict[str, frozenset[str]] = {}
    for facts in before:
        if facts["facility"]:
            found[facts["facility"]] = found.get(facts["facility"], frozenset()) | frozenset(facts["numbers"])
        # Facts that were kept before national numbers were read have none.
        for kind, number in facts.get("national", ()):
            found[national_key(kind)] = found.get(national_key(kind), frozenset()) | {number}
    return found


def sides_of(facts: dict[str, Any]) -> Sides:
    """As the domain takes them."""
    return {part: frozenset(named) for part, named in facts["sides"].items()}


def sides_of_case(case: Case, key: DataKey) -> Sides:
    """What the patient wrote of left and right."""
    intake = intake_of(case, key)
    said = [intake[name] for name in _ABOUT if intake.get(name)]
    told = [str(one.get("text", "") if isinstance(one, dict) else one) for one in said]
    return sides_in([title_of(case, key), *(text for _, text in questions_of(case, key)), *told])
