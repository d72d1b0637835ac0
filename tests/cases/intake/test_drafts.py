"""What a patient writes into a draft."""

from cases.api.intake.serializers_draft import DraftIn, NewCaseIn
from cases.services.intake.drafts import IN_COLUMNS, INTAKE


def test_nothing_that_a_draft_takes_is_lost() -> None:
    kept = {"title", "questions", *IN_COLUMNS, *INTAKE}
    assert set(DraftIn().get_fields()) == kept
    assert set(NewCaseIn().get_fields()) == kept
