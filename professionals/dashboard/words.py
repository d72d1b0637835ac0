"""Codes as people read them."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from cases.events import State
from cases.services import casefile, workflow
from professionals.services import specialty_names

# What a specialist chooses, and the headings under which it is read again.
LABELS = {
    "agree": _("I agree"),
    "refined": _("I agree, but would put it more precisely"),
    "minor_disagreement": _("I disagree in a minor point"),
    "major_disagreement": _("I disagree"),
    "insufficient_information": _("The records do not allow a judgement"),
    "minor_change": _("I would change a detail"),
    "major_change": _("I would change it"),
    "alternative": _("I propose another treatment"),
    "none": _("None"),
    "minor": _("Minor"),
    "moderate": _("Moderate"),
    "major": _("Major"),
}


HEADINGS = {
    "diagnosis_agreement": _("The diagnosis"),
    "treatment_agreement": _("The treatment"),
    "clinical_impact": _("Clinical impact"),
    "summary": _("Summary"),
    "diagnosis_reason": _("Why you agree or differ on the diagnosis"),
    "diagnosis_settled_by": _("Which test would settle the diagnosis"),
    "treatment_reason": _("Why you agree or differ on the treatment"),
    "treatment_settled_by": _("Which test would settle the treatment"),
    "plan": _("Proposed plan"),
    "do_nothing": _("What happens when nothing is done"),
    "confidence_would_change": _("What would change your confidence"),
    "red_flags": _("Warning signs"),
    "further_tests": _("Further tests"),
    "limitations": _("Limitations"),
    "references": _("References"),
    "plain_language": _("For the patient, in plain words"),
    "answers": _("Answer to question"),
    "confidence": _("Confidence"),
    "restated_diagnosis": _("Diagnosis in your words"),
    "alternatives": _("An alternative"),
    "documents_not_seen": _("A record you did not see"),
    "documents_relied_on": _("Records relied on"),
    "coverage": _("What was read, and what was not"),
    "ai_items": _("Machine findings"),
}
# How far an opinion's documents were read, by what it keeps of that.
COVERAGE = {
    "pages": _("Pages"),
    "pages_without_text": _("Pages without text"),
    "places_not_read": _("Places not read"),
    "two_readings": _("Places with two readings"),
    "pages_withheld": _("Pages withheld from programs outside"),
}
# What the workspace's script says.
SCRIPT = {
    "page": _("page"),
    "notSaved": _("Not saved"),
    "notSavedYet": _("Not saved yet"),
    "saved": _("Saved"),
    "triedAgain": _("It is tried again; your text is kept in this window."),
    "conflict": _("This draft was changed in another window. Your text is kept here: copy it, then reload."),
    "broughtBack": _("Brought back what was not saved"),
}


STATES: Mapping[str, Any] = {
    State.MATCHING: _("on offer"),
    State.IN_REVIEW: _("in review"),
    State.CLARIFICATION: _("waits for the patient"),
    State.PEER_REVIEW: _("in peer review"),
    State.ADJUDICATION: _("with the medical director"),
    State.READY_TO_SIGN: _("ready to sign"),
    State.SIGNED: _("signed"),
    State.DELIVERED: _("delivered"),
    State.FOLLOW_UP: _("in follow-up"),
    State.COLLECTING_RECORDS: _("waits for records"),
}

EVENTS = {
    "record": _("Record dated"),
    "upload": _("Record received"),
    "step": _("The case is now"),
    "first_read": _("First read sealed"),
    "question": _("Question to the patient"),
    "answer": _("Answer of the patient"),
}
TURNS = {"specialist": _("yours"), "patient": _("the patient's"), "other": _("somebody else's")}
DUES = {
    "late": _("overdue"),
    "day": _("within 24 hours"),
    "days": _("within 3 days"),
    "later": _("later than 3 days"),
    "stopped": _("clock not running"),
}
OUTCOMES = {
    "agree": _("I agree"),
    "minor_remarks": _("I agree, with minor remarks"),
    "changes": _("Changes are needed"),
    "major_disagreement": _("I disagree in substance"),
    "sent_back": _("Sent back to the author"),
    "upheld": _("The author's opinion stands; the dissent is kept"),
}


# What stands for the name of a document that is not given to the reader.
DOCUMENTS = {
    workflow.DocumentState.QUARANTINED: _("Document that is still being checked"),
    workflow.DocumentState.PROCESSED: _("Document of which a coordinator must confirm whose it is"),
    workflow.DocumentState.MISMATCHED: _("Document that may be somebody else's"),
    workflow.DocumentState.REJECTED: _("Document that was refused"),
}
# What is said of a result's date that is not the day of collection.
DATE_MEANS = {
    "received": _("received"),
    "reported": _("reported"),
    "dated": _("date of the document"),
}


def words(code: Any) -> str:
    """``minor_change`` → ``Minor change``; a specialty by its name in the reader's language."""
    language = (get_language() or "en").split("-")[0]
    named = specialty_names(language=language).get(str(code))
    if named:
        return named
    text = gettext(str(code).replace("_", " ").lower())
    return text[:1].upper() + text[1:]


def named(document: Any) -> str:
    """What a document is called; of one that is not given to the reader, the word for its state."""
    return document.name or str(DOCUMENTS.get(document.state) or words(document.state))


def engine(finding: Any) -> str:
    """Who proposed a finding: our own program with its knowledge's version, or a language model by its name."""
    provider, _colon, model = str(finding.engine).partition(":")
    if provider == "local":
        return gettext("Reading program, version %s") % finding.knowledge_release
    return gettext("Language model %s") % (model or provider)


def state(code: str) -> str:
    """A case state as people say it."""
    return str(STATES[code]) if code in STATES else words(code)


def options(draft: Mapping[str, Any]) -> dict[str, list[tuple[str, Any, bool]]]:
    """(code, label, chosen) of each coded field of the opinion."""
    words = casefile.vocabulary()
    codes = {
        "diagnosis_agreement": words.diagnosis_agreement,
        "treatment_agreement": words.treatment_agreement,
        "clinical_impact": words.clinical_impact,
    }
    return {name: [(c, LABELS[c], draft.get(name) == c) for c in values] for name, values in codes.items()}
