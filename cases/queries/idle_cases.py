"""Since when a case lies still, and what the patient was told of it."""

from datetime import datetime

from cases.domain.workflow.states import State
from cases.models import Case, Document, IdleReminder, Intake

RESTING = (State.DRAFT, State.COLLECTING_RECORDS)


def still_since(case: Case) -> datetime:
    """When the state changed, the draft or an answer was saved or a document came: whichever was last."""
    saved = Intake.objects.filter(case=case).values_list("updated_at", flat=True).first()
    came = Document.objects.filter(case=case).order_by("-created_at").values_list("created_at", flat=True).first()
    written = case.updated_at if case.state == State.DRAFT else None
    return max(at for at in (case.state_since, saved, came, written) if at is not None)


def reminders_of(case: Case, since: datetime) -> list[datetime]:
    """When the patient was reminded in this rest, oldest first."""
    sent = IdleReminder.objects.filter(case=case, still_since=since).order_by("number")
    return list(sent.values_list("created_at", flat=True))
