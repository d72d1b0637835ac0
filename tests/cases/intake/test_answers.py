"""Long forms that survive: saved as they come, pinned, interrupted by what must not wait, checked at the end."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cases.adapters import questionnaires as files
from cases.models import AuditEntry, Intake, Questionnaire, RedFlag
from cases.services import intake
from cases.services.workflow import Transition
from cases.services.workflow.idle_cases import tend_idle_cases
from config.kernel import clock
from config.kernel.errors import Conflict, Invalid, PreconditionFailed
from identity import services as identity
from tests.cases.support import TRIAGE, Story, by, guard_of
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db
CALM = {"general.urgent": ["none"], "general.self_harm": "no", "general.course": "same"}
GENERAL = CALM | {"general.treatment_began": "not_begun"}


def save(story: Story, answers: dict[str, Any], **more: Any) -> intake.IntakeDTO:
    with by(story.patient):
        return intake.save_intake(principal=story.patient, case_id=story.id, answers=answers, **more)


def complete(story: Story) -> intake.IntakeDTO:
    with by(story.patient):
        return intake.complete_intake(principal=story.patient, case_id=story.id)


def acknowledge(story: Story, flag: intake.RedFlagDTO, version: str | None = None) -> intake.RedFlagDTO:
    with by(story.patient):
        return intake.acknowledge_red_flag(
            principal=story.patient, case_id=story.id, flag_id=flag.id, advice_version=version or flag.advice_version
        )


class TestSavingAndResuming:
    def test_a_form_begun_in_one_session_goes_on_in_another(self) -> None:
        """However the first session ended: what was answered lies with the case."""
        story = Story()
        save(story, {"general.course": "worse"})
        api = ApiClient(story.patient)
        found = api.get(f"/cases/{story.id}/intake")
        assert found.json()["answers"] == {"general.course": "worse"}
        assert "general.worse_how" in found.json()["asked"]
        again = api.put(
            f"/cases/{story.id}/intake",
            {"answers": {"general.worse_how": "The pain, since May."}},
            headers={"If-Match": found["ETag"]},
        )
        assert again.status_code == 200
        assert again.json()["answers"] == {"general.course": "worse", "general.worse_how": "The pain, since May."}

    def test_a_session_that_ends_takes_nothing_with_it(self) -> None:
        """The token dies in the middle of the form; the next sign-in finds every answer that was saved."""
        story = Story()
        user_id = story.patient.require_user_id()
        opened = identity.open_session(user_id=user_id, device="phone")
        api = ApiClient(replace(story.patient, session_id=opened.session_id))
        path = f"/cases/{story.id}/intake"
        assert api.put(path, {"answers": {"general.course": "worse"}}).status_code == 200
        identity.end_session(user_id=user_id, session_id=opened.session_id)
        assert api.put(path, {"answers": {"general.kidney": True}}).status_code == 401
        again = identity.open_session(user_id=user_id, device="phone")
        found = ApiClient(replace(story.patient, session_id=again.session_id)).get(path).json()
        assert found["answers"] == {"general.course": "worse"}

    def test_a_draft_that_is_still_being_answered_does_not_expire(self) -> None:
        story = Story()
        save(story, {"general.course": "worse"})
        later = clock.now() + timedelta(days=31)
        Intake.objects.update(updated_at=later - timedelta(days=2))
        for days, state in ((0, "DRAFT"), (12, "DRAFT"), (23, "DRAFT"), (27, "DRAFT"), (29, "EXPIRED")):
            with clock.frozen(later + timedelta(days=days)):
                tend_idle_cases()
            assert story.state == state

    def test_two_windows_do_not_write_over_each_other(self) -> None:
        story = Story()
        first = save(story, {"general.course": "same"}, expected_version=0)
        with pytest.raises(PreconditionFailed):
            save(story, {"general.course": "worse"}, expected_version=0)
        assert save(story, {}, expected_version=first.version).answers == {"general.course": "same"}

    def test_what_does_not_fit_is_named_field_by_field_and_nothing_of_it_is_saved(self) -> None:
        story = Story()
        save(story, {"general.course": "same"})
        with pytest.raises(Invalid) as refused:
            save(story, {"general.course": "great", "general.kidney": True, "nonsense": 1})
        assert {one.pointer for one in refused.value.errors} == {"#/answers/general.course", "#/answers/nonsense"}
        assert save(story, {}).answers == {"general.course": "same"}

    def test_an_answer_is_taken_back_by_null(self) -> None:
        story = Story()
        save(story, {"general.course": "same", "general.kidney": True})
        assert save(story, {"general.kidney": None}).answers == {"general.course": "same"}

    def test_finishing_names_what_is_missing_and_keeps_what_was_sent_with_it(self) -> None:
        story = Story()
        api = ApiClient(story.patient)
        body = {"answers": {"general.course": "same"}, "complete": True}
        refused = api.put(f"/cases/{story.id}/intake", body)
        assert refused.status_code == 400
        named = {one["pointer"] for one in refused.json()["errors"]}
        assert "#/answers/general.urgent" in named and "#/answers/general.course" not in named
        assert save(story, {}).answers == {"general.course": "same"}
        done = api.put(f"/cases/{story.id}/intake", {"answers": GENERAL, "complete": True}).json()
        assert done["completed_at"] and done["missing"] == []

    def test_answers_are_sealed_at_rest(self) -> None:
        story = Story()
        save(story, {"general.operations": "Gallbladder in Tübingen"})
        stored = bytes(Intake.objects.get(case=story.id).answers_sealed)
        assert b"Gallbladder" not in stored

    def test_another_condition_asks_other_questions_and_loses_no_answer(self) -> None:
        story = Story(condition="oncology")
        save(story, {"oncology.site": "Colon"})
        changed = save(story, {}, condition="cardiology")
        assert "cardiology.breath" in changed.asked and "oncology.site" not in changed.asked
        assert save(story, {}, condition="oncology").answers == {"oncology.site": "Colon"}

    def test_the_draft_itself_may_name_another_condition(self) -> None:
        story = Story(condition="oncology")
        save(story, {"oncology.site": "Colon"})
        with by(story.patient):
            intake.update_draft(principal=story.patient, case_id=story.id, fields={"condition": "neurology"})
        assert save(story, {"neurology.sudden": False}).questionnaires[1][0] == "neurology"

    def test_a_submitted_case_keeps_its_answers_as_they_were(self) -> None:
        story = Story()
        save(story, GENERAL)
        story.submitted()
        with pytest.raises(Conflict):
            save(story, {"general.course": "better"})
        assert Intake.objects.get(case=story.id).completed_at is not None


class TestVersions:
    def test_answers_stay_with_the_version_they_were_given_for(self, monkeypatch: pytest.MonkeyPatch) -> None:
        story = Story()
        save(story, {"general.course": "same"})
        old = files.packaged()["general"]
        definition = old.definition | {"version": "2", "item": []}
        new = files.Packaged("general", "2", "f" * 64, definition)
        release = files.packaged() | {"general": new}
        monkeypatch.setattr("cases.services.intake.content_editions.packaged", lambda: release)
        kept = save(story, {"general.kidney": False})
        assert kept.questionnaires == (("general", old.version, old.sha256),)
        assert save(Story(), {}).questionnaires == (("general", "2", "f" * 64),)

    def test_loading_twice_adds_nothing_and_a_changed_file_without_a_new_version_is_refused(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        assert intake.load_questionnaires() == len(files.packaged())
        assert intake.load_questionnaires() == 0
        changed = files.Packaged("general", "1", "0" * 64, {})
        monkeypatch.setattr("cases.services.intake.questionnaires.packaged", lambda: {"general": changed})
        with pytest.raises(intake.QuestionnaireChanged):
            intake.load_questionnaires()
        assert Questionnaire.objects.filter(code="general").count() == 1

    def test_anybody_may_read_what_is_asked(self) -> None:
        rows = ApiClient().get("/questionnaires").json()
        assert [row["code"] for row in rows] == ["general", "cardiology", "neurology", "oncology", "orthopaedics"]
        one = ApiClient().get("/questionnaires/oncology").json()
        assert one["sha256"] == files.packaged()["oncology"].sha256
        assert ApiClient().get("/questionnaires/nothing").status_code == 404


class TestRedFlags:
    def test_a_red_flag_interrupts_with_the_fixed_wording_and_keeps_the_answers(self) -> None:
        story = Story(language="de")
        found = save(story, CALM | {"general.urgent": ["chest_pain"], "general.kidney": True})
        (flag,) = found.red_flags
        assert found.interrupted and found.answers["general.kidney"] is True
        assert flag.text == files.advice().texts["emergency"]["de"]
        assert AuditEntry.objects.filter(action="red_flag.raise", object_id=flag.id).count() == 1

    def test_nothing_is_sent_in_before_the_advice_was_read(self) -> None:
        story = Story()
        (flag,) = save(story, GENERAL | {"general.self_harm": "yes"}).red_flags
        assert flag.advice == "crisis"
        with pytest.raises(Conflict) as refused:
            complete(story)
        assert refused.value.code == "red_flag_open"
        with pytest.raises(Conflict) as refused:
            story.submitted()
        assert guard_of(refused) == "red_flags_acknowledged"
        assert acknowledge(story, flag).acknowledged_at is not None
        complete(story)
        assert story.submitted().state == "SUBMITTED"

    def test_an_acknowledgement_names_the_wording_that_was_shown(self) -> None:
        story = Story()
        (flag,) = save(story, {"general.urgent": ["bleeding"]}).red_flags
        with pytest.raises(Conflict):
            acknowledge(story, flag, "0")
        first = acknowledge(story, flag)
        assert acknowledge(story, flag).acknowledged_at == first.acknowledged_at
        assert RedFlag.objects.get(id=flag.id).advice_sha256 == files.advice().sha256
        assert AuditEntry.objects.filter(action="red_flag.acknowledge", object_id=flag.id).count() == 1

    def test_a_changed_answer_does_not_make_it_unsaid(self) -> None:
        story = Story()
        save(story, {"general.urgent": ["chest_pain"]})
        save(story, {"general.urgent": ["none"]})
        again = save(story, {"general.urgent": ["chest_pain"]})
        assert len(again.red_flags) == 1 and again.interrupted

    def test_a_nurse_does_not_pass_over_it(self) -> None:
        story = Story()
        (flag,) = save(story, GENERAL | {"general.urgent": ["breathless"]}).red_flags
        acknowledge(story, flag)
        story.in_triage()
        with pytest.raises(Conflict) as refused:
            story.move(make_person("nurse"), Transition.FINISH_TRIAGE, **TRIAGE)
        assert guard_of(refused) == "red_flags_looked_at"
        assert (
            story.move(make_person("nurse"), Transition.FINISH_TRIAGE, **(TRIAGE | {"red_flag_check": "cleared"}))
            == "MATCHING"
        )

    def test_advice_that_was_read_counts_as_delivered(self) -> None:
        story = Story()
        (flag,) = save(story, GENERAL | {"general.urgent": ["breathless"]}).red_flags
        acknowledge(story, flag)
        story.in_triage()
        nurse = make_person("nurse")
        assert (
            story.move(nurse, Transition.DECLINE_IN_TRIAGE, reason="an emergency", red_flag_check="red_flag")
            == "DECLINED"
        )

    def test_which_rule_it_was_is_sealed(self) -> None:
        story = Story()
        (flag,) = save(story, {"general.urgent": ["chest_pain"]}).red_flags
        row = RedFlag.objects.get(id=flag.id)
        assert flag.rule == "general.chest_pain" and b"chest" not in bytes(row.rule_sealed)


def test_a_form_that_was_begun_is_finished_before_the_case_is_sent_in() -> None:
    story = Story()
    save(story, {"general.course": "same"})
    with pytest.raises(Conflict) as refused:
        story.submitted()
    assert guard_of(refused) == "intake_answered"
    save(story, GENERAL)
    assert story.submitted().state == "SUBMITTED"


def test_saving_costs_the_same_for_a_short_and_a_long_form() -> None:
    story, queries = Story(condition="cardiology"), []
    save(story, {"general.course": "same"})
    for answers in ({}, GENERAL | {"cardiology.breath": "light", "cardiology.legs": True, "general.family": "none"}):
        with CaptureQueriesContext(connections["cases"]) as seen:
            save(story, answers)
        queries.append(len(seen))
    assert queries[0] == queries[1]
