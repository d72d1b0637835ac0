"""Who gathers records sees what is there and what lacks; who reassigns sees what it would mean, and changes nothing."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from cases.domain.intake.completeness import Cell, first_needed
from cases.models import Assignment, AuditEntry, Case, ChecklistItem, Offer, OutboxEntry
from cases.services import casefile
from cases.services.assignment.reassignment_preview import what_if
from cases.services.intake.completeness import BoardFilter, completeness_board
from config.kernel import clock
from config.kernel.errors import Conflict, Forbidden, Invalid
from tests.cases.support import Story, make_specialist, profile_id
from tests.factories import make_person
from tests.factories.cases import ChecklistItemFactory, RecordRequestFactory
from tests.staff.support import Counted, signed_in

pytestmark = pytest.mark.django_db


def waiting(*missing: str, present: tuple[str, ...] = (), waived: tuple[str, ...] = (), **case: Any) -> Story:
    story = Story().submitted()
    Case.objects.filter(id=story.id).update(state="COLLECTING_RECORDS", **case)
    ChecklistItem.objects.filter(case=story.id).delete()
    for weight, code in enumerate((*missing, *present, *waived)):
        ChecklistItemFactory(
            case_id=story.id, code=code, importance=90 - weight, required=code != "extra",
            present=code in present, waived_by=story.id if code in waived else None,
        )  # fmt: skip
    return story


def shown(**chosen: Any) -> casefile.CaseDTO | Any:
    return completeness_board(principal=make_person("coordinator"), chosen=BoardFilter(**chosen))


def references(**chosen: Any) -> set[str]:
    return {row.reference for row in shown(**chosen).rows}


class TestWhatMattersMost:
    def test_required_goes_before_heavier_and_unasked_before_asked(self) -> None:
        heavy = Cell("heavy", "missing", False, 99)
        needed = Cell("needed", "missing", True, 10)
        asked = Cell("asked-1", "asked", True, 100)
        assert first_needed([heavy, needed, asked]) == needed
        assert first_needed([asked, Cell("x", "present", True, 100)]) == asked
        assert first_needed([Cell("x", "waived", True, 100)]) is None


class TestBoard:
    def test_each_record_is_present_missing_waived_or_asked(self) -> None:
        story = waiting("mri", "extra", present=("letter",), waived=("csf",))
        (row,) = shown().rows
        cells = {cell.code: cell.state for cell in row.cells if cell}
        assert cells == {"mri": "missing", "extra": "missing", "letter": "present", "csf": "waived"}
        assert row.first is not None and row.first.code == "mri"
        RecordRequestFactory(case_id=story.id)
        (row,) = shown().rows
        assert {cell.state for cell in row.cells if cell and cell.code in ("mri", "extra")} == {"asked"}
        assert row.open_requests == 1

    def test_filters_pick_the_cases_they_name(self) -> None:
        triage = Story().in_triage().row.reference
        a = waiting("mri", condition="neurology").row.reference
        b = waiting("csf", present=("mri",), condition="oncology", promised_at=clock.now() - timedelta(days=1)).row
        c = waiting(waived=("mri",)).row.reference
        assert references() == {a, b.reference, c, triage}
        assert references(item="mri") == {a}
        assert references(item="mri", item_state="present") == {b.reference}
        assert references(item="mri", item_state="waived") == {c}
        assert references(condition="oncology") == references(late=True) == {b.reference}
        assert references(state="TRIAGE") == {triage}
        with pytest.raises(Invalid):
            shown(item_state="lost")

    def test_totals_name_the_record_that_most_cases_lack(self) -> None:
        for _ in range(2):
            waiting("mri")
        waiting("csf", present=("mri",))
        board = shown()
        assert [(one.code, one.missing, one.present) for one in board.totals] == [("mri", 2, 1), ("csf", 1, 0)]
        assert board.columns == ("csf", "mri")

    def test_cases_that_are_past_it_or_drafts_are_not_on_it(self) -> None:
        Story()
        Story().in_matching()
        assert shown().rows == ()

    def test_it_is_audited_and_closed_to_other_roles(self) -> None:
        waiting("mri")
        shown()
        assert AuditEntry.objects.filter(action="checklist.board").count() == 1
        for role in ("support", "privacy_officer", "patient", "professional"):
            with pytest.raises(Forbidden):
                completeness_board(principal=make_person(role), chosen=BoardFilter())

    def test_the_page_costs_the_same_for_one_case_and_for_many(self) -> None:
        client = signed_in("coordinator")
        waiting("mri")
        client.get("/admin/cases/case/completeness/")
        with Counted() as one:
            told = client.get("/admin/cases/case/completeness/?item=mri&item_state=missing").content.decode()
        assert "Get first" in told and "<strong>mri</strong>" in told
        for _ in range(4):
            waiting("mri", present=("csf",))
        with Counted() as many:
            assert client.get("/admin/cases/case/completeness/?item=mri&item_state=missing").status_code == 200
        assert many.number == one.number <= 15

    @pytest.mark.parametrize("query", ["page=x", "page=99999", "state=NOWHERE", "item=%3Cb%3E", "late=maybe"])
    def test_a_strange_address_shows_the_board(self, query: str) -> None:
        waiting("mri")
        answer = signed_in("nurse").get(f"/admin/cases/case/completeness/?{query}")
        assert answer.status_code == 200
        assert b"<b>" not in answer.content


class TestWhatIf:
    def test_it_scores_somebody_else_beside_who_has_the_case_and_changes_nothing(self) -> None:
        story = Story().in_review()
        other, far = make_specialist(), make_specialist("US-CA")
        Assignment.objects.filter(case=story.id).update(professional_id=profile_id(story.author))
        before = [list(model.objects.order_by("pk").values()) for model in (Case, Offer, Assignment, OutboxEntry)]
        found = what_if(principal=make_person("coordinator"), case_id=story.id, professional_id=profile_id(other))
        assert found.current is not None and found.chosen is not None
        assert found.current.professional_id == profile_id(story.author)
        assert found.current.score == found.chosen.score
        assert {one.professional_id for one in found.ranked} == {profile_id(story.author), profile_id(other)}
        assert any("specialty Cardiology: 30" in reason for reason in found.chosen.reasons)
        assert found.chosen.legal_rule.startswith("licence-at-patients-place/")
        (out,) = found.excluded
        assert (out.professional_id, out.excluded) == (profile_id(far), "no licence for DE")
        after = [list(model.objects.order_by("pk").values()) for model in (Case, Offer, Assignment, OutboxEntry)]
        assert after == before
        assert AuditEntry.objects.get(action="case.what_if").patient_id == story.patient.user_id

    def test_who_is_excluded_is_explained_too(self) -> None:
        story = Story().in_matching()
        far = make_specialist("US-CA")
        found = what_if(principal=make_person("medical_director"), case_id=story.id, professional_id=profile_id(far))
        assert found.current is None and found.chosen is not None
        assert (found.chosen.excluded, found.chosen.score) == ("no licence for DE", None)

    def test_a_case_without_a_field_or_an_end_has_no_what_if(self) -> None:
        director = make_person("medical_director")
        story = Story().submitted()
        Case.objects.filter(id=story.id).update(specialty="")
        with pytest.raises(Conflict, match="specialty"):
            what_if(principal=director, case_id=story.id)
        Case.objects.filter(id=story.id).update(state="CLOSED")
        with pytest.raises(Conflict):
            what_if(principal=director, case_id=story.id)

    def test_a_nurse_does_not_ask(self) -> None:
        with pytest.raises(Forbidden):
            what_if(principal=make_person("nurse"), case_id=Story().in_matching().id)

    def test_the_page_shows_both_and_the_case_page_explains_the_matching(self) -> None:
        story = Story().in_matching()
        near = make_specialist()
        client = signed_in("coordinator")
        told = client.get(f"/admin/cases/case/{story.id}/what-if/?professional={profile_id(near)}").content.decode()
        assert "If given to" in told and "of 100, place 1" in told
        assert "specialty Cardiology: 30" in client.get(f"/admin/cases/case/{story.id}/steer/").content.decode()
        assert client.get(f"/admin/cases/case/{story.id}/what-if/?professional=x").status_code == 302
        assert signed_in("nurse").get(f"/admin/cases/case/{story.id}/what-if/").status_code == 403
