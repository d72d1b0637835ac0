"""The guards over real rows: each is broken alone and named, then mended, and the step goes through."""

from datetime import timedelta
from unittest import mock

import pytest

from cases.models import Assignment, Case, FirstRead, Offer, Opinion
from cases.services import assignment as assignment_service
from cases.services import opinion as opinion_service
from cases.services.workflow import Transition
from config.kernel import clock
from config.kernel.errors import Conflict, Forbidden, Invalid
from identity import services as identity
from professionals import services as professionals
from tests.cases.support import CLEAR, OPINION, TRIAGE, Story, by, guard_of, make_specialist, profile_id
from tests.factories import make_patient, make_person
from tests.factories.cases import FindingProjectionFactory

pytestmark = pytest.mark.django_db


class TestSubmitting:
    @pytest.mark.parametrize(
        ("intake", "guard"),
        [
            ({"questions": []}, "questions_asked"),
            ({"diagnosis": {"text": " "}}, "diagnosis_given"),
            ({"diagnosis": None}, "diagnosis_given"),
            ({"treating_clinician": {}}, "treating_contact"),
            ({"country": ""}, "location_known"),
            ({"country": "US"}, "location_known"),
            ({"country": "CA", "region": ""}, "location_known"),
        ],
    )
    def test_what_is_missing_is_named(self, intake, guard) -> None:
        story = Story(**intake)
        with pytest.raises(Conflict) as refusal:
            story.submitted()
        assert guard_of(refusal) == guard

    @pytest.mark.parametrize(
        "intake",
        [
            {"diagnosis": {"none_yet": True}},
            {"treating_clinician": {"refused": True}},
            {"country": "US", "region": "CA"},
        ],
    )
    def test_what_is_said_to_be_absent_is_not_missing(self, intake) -> None:
        assert Story(**intake).submitted().state == "SUBMITTED"

    def test_an_unconfirmed_address_is_named(self) -> None:
        story = Story(make_patient(email_verified=False))
        with pytest.raises(Conflict) as refusal:
            story.submitted()
        assert guard_of(refusal) == "email_verified"

    @pytest.mark.parametrize("consents", [(), ("service",), ("sharing",), ("ai_processing", "release")])
    def test_missing_consents_are_named(self, consents) -> None:
        story = Story(make_patient(consents=consents))
        with pytest.raises(Conflict) as refusal:
            story.submitted()
        assert guard_of(refusal) == "intake_consents"


class TestTriage:
    @pytest.mark.parametrize("name", list(TRIAGE))
    def test_each_field_of_triage_is_needed(self, name) -> None:
        story = Story().in_triage()
        with pytest.raises(Conflict) as refusal:
            story.move(
                make_person("nurse"), Transition.FINISH_TRIAGE, **{key: TRIAGE[key] for key in TRIAGE if key != name}
            )
        assert guard_of(refusal) == ("legal_basis_chosen" if name == "legal_basis" else "triage_recorded")

    @pytest.mark.parametrize(
        "change",
        [
            {"urgency": "whenever"},
            {"service_type": "x"},
            {"red_flag_check": "y" * 21},
            {"specialty": "Internal medicine"},
            {"legal_basis": "licence_at_patients_place"},
        ],
    )
    def test_a_wrong_value_is_invalid_and_changes_nothing(self, change) -> None:
        story = Story().in_triage()
        with pytest.raises(Invalid) as refusal:
            story.move(make_person("nurse"), Transition.FINISH_TRIAGE, **(TRIAGE | change))
        (name,) = change
        assert refusal.value.extra["choices"][name]
        assert refusal.value.errors[0].pointer == f"#/data/{name}"
        assert story.state == "TRIAGE"
        assert story.row.urgency == ""

    def test_the_promise_is_made_when_the_urgency_is_known(self) -> None:
        story = Story().in_triage()
        assert story.row.promised_at is None
        story.move(make_person("nurse"), Transition.FINISH_TRIAGE, **(TRIAGE | {"urgency": "urgent"}))
        assert story.row.promised_at is not None
        assert abs(story.row.promised_at - clock.now() - timedelta(days=1)) < timedelta(minutes=1)

    def test_a_red_flag_declines_only_after_the_advice_was_given(self) -> None:
        story = Story().in_triage()
        nurse = make_person("nurse")
        Case.objects.filter(id=story.id).update(red_flag_check="red_flag")
        with pytest.raises(Conflict) as refusal:
            story.move(nurse, "DECLINED", reason="Emergency.")
        assert guard_of(refusal) == "emergency_advice_delivered"
        assert story.move(nurse, "DECLINED", reason="Emergency.", emergency_advice_delivered=True) == "DECLINED"

    def test_a_named_record_sends_the_case_back_and_any_later_document_answers_it(self) -> None:
        story = Story().in_triage()
        with pytest.raises(Conflict) as refusal:
            story.move(make_person("nurse"), "COLLECTING_RECORDS")
        assert guard_of(refusal) == "missing_item_named"
        story.move(make_person("nurse"), "COLLECTING_RECORDS", missing_item="the echo report")
        with pytest.raises(Conflict) as waiting:
            story.move(make_person("coordinator"), "TRIAGE")
        assert guard_of(waiting) == "checklist_complete"
        assert "the echo report" in waiting.value.detail


class TestOffering:
    def offer(self, story: Story, specialist) -> assignment_service.OfferDTO:
        coordinator = make_person("coordinator")
        with by(coordinator):
            return assignment_service.offer_case(
                principal=coordinator, case_id=story.id, professional_id=profile_id(specialist)
            )

    def test_somebody_without_a_licence_at_the_patients_place_is_not_offered_the_case(self) -> None:
        with pytest.raises(Conflict) as refusal:
            self.offer(Story().in_matching(), make_specialist("US-CA"))
        assert refusal.value.code == "professional_not_eligible"
        assert "licence-at-patients-place" in refusal.value.extra["rule"]

    def test_somebody_of_another_field_is_not_offered_the_case(self) -> None:
        with pytest.raises(Conflict):
            self.offer(Story().in_matching(), make_specialist(specialty="neurology"))

    def test_the_same_case_is_not_offered_twice_to_one_person(self) -> None:
        story, specialist = Story().in_matching(), make_specialist()
        self.offer(story, specialist)
        with pytest.raises(Conflict) as refusal:
            self.offer(story, specialist)
        assert refusal.value.code == "offer_open"

    def test_who_declined_is_not_asked_again(self) -> None:
        story = Story().offered()
        with by(story.author):
            assignment_service.decline_offer(principal=story.author, case_id=story.id)
        assert Offer.objects.get(case=story.id).state == "DECLINED"
        with pytest.raises(Conflict) as refusal:
            self.offer(story, story.author)
        assert refusal.value.code == "offer_not_possible"

    def test_a_case_is_offered_in_matching_only(self) -> None:
        with pytest.raises(Conflict) as refusal:
            self.offer(Story().submitted(), make_specialist())
        assert refusal.value.code == "case_not_matching"

    @pytest.mark.parametrize("role", ["nurse", "support", "privacy_officer"])
    def test_other_staff_do_not_offer(self, role) -> None:
        story, specialist, person = Story().in_matching(), make_specialist(), make_person(role)
        with by(person), pytest.raises(Forbidden):
            assignment_service.offer_case(principal=person, case_id=story.id, professional_id=profile_id(specialist))

    def test_candidates_are_explained_and_so_are_the_excluded(self) -> None:
        story = Story().in_matching()
        near, far = make_specialist(), make_specialist("US-CA")
        treating = make_specialist(organisation="Valley Hospital")
        coordinator = make_person("coordinator")
        with by(coordinator):
            found = assignment_service.candidates(principal=coordinator, case_id=story.id)
        assert [c.user_id for c in found.candidates] == [near.user_id]
        assert found.candidates[0].reasons
        excluded = {e.professional_id: e.reason for e in found.excluded}
        assert "US-CA" not in excluded[profile_id(far)]
        assert "licence" in excluded[profile_id(far)]
        assert profile_id(treating) in excluded


class TestAccepting:
    def accept(self, story: Story, attestation=CLEAR, who=None) -> str:
        who = who or story.author
        with by(who):
            return assignment_service.accept_offer(principal=who, case_id=story.id, coi_attestation=attestation)

    def test_accepting_assigns_and_withdraws_the_other_offers(self) -> None:
        story = Story().offered()
        first = story.author
        story.offered(make_specialist())
        assert self.accept(story) == "IN_REVIEW"
        assert story.row.assigned_user_id == story.author.user_id
        assert Offer.objects.get(user_id=first.user_id).state == "WITHDRAWN"
        assignment = Assignment.objects.get(case=story.id)
        assert assignment.coi_attestation == CLEAR
        assert assignment.legal_rule.startswith("licence-at-patients-place")

    def test_an_offer_that_ended_cannot_be_accepted(self) -> None:
        story = Story().offered()
        Offer.objects.update(expires_at=clock.now() - timedelta(seconds=1))
        from config.kernel.errors import NotFound

        with pytest.raises(NotFound):
            self.accept(story)

    @pytest.mark.parametrize("question", list(CLEAR))
    def test_each_conflict_of_interest_stops_it(self, question) -> None:
        story = Story().offered()
        with pytest.raises(Conflict) as refusal:
            self.accept(story, CLEAR | {question: True})
        assert guard_of(refusal) == "coi_clear"
        with pytest.raises(Conflict):
            self.accept(story, {key: value for key, value in CLEAR.items() if key != question})

    def test_a_suspended_specialist_cannot_accept(self) -> None:
        story = Story().offered()
        administrator = make_person("administrator")
        with by(administrator):
            professionals.suspend(principal=administrator, professional_id=profile_id(story.author), reason="complaint")
        with pytest.raises(Conflict) as refusal:
            self.accept(story)
        assert guard_of(refusal) == "licence_covers_place"

    def test_a_licence_that_ended_since_the_offer_stops_it(self) -> None:
        story = Story().offered()
        Offer.objects.update(expires_at=clock.now() + timedelta(days=999))
        with clock.shifted(timedelta(days=366)), pytest.raises(Conflict) as refusal:
            self.accept(story)
        assert guard_of(refusal) == "licence_covers_place"

    def test_a_full_caseload_stops_it(self) -> None:
        story = Story().offered()
        with (
            mock.patch("cases.services.workflow.guard_facts.CaseFacts.caseload", 99),
            pytest.raises(Conflict) as refusal,
        ):
            self.accept(story)
        assert guard_of(refusal) == "caseload_below_cap"

    @pytest.mark.parametrize("field", ["name", "organisation", "email"])
    def test_the_treating_clinician_cannot_review_their_own_advice(self, field) -> None:
        specialist = make_specialist()
        account = identity.get_account(user_id=specialist.user_id)
        profile = professionals.get_by_user(user_id=specialist.user_id)
        same = {"name": account.full_name, "organisation": profile.organisation, "email": account.email}[field]
        story = Story(treating_clinician={"name": "Dr X", field: f" {same.upper()} "})
        if field != "email":
            # A name that is public is found before anything is offered.
            with pytest.raises(Conflict, match="linked to the treating clinician"):
                story.offered(specialist)
            return
        story.offered(specialist)
        with pytest.raises(Conflict) as refusal:
            self.accept(story)
        assert guard_of(refusal) == "not_treating"

    def test_accepting_by_the_general_status_end_point_meets_the_same_guards(self) -> None:
        story = Story().offered()
        with pytest.raises(Conflict) as refusal:
            story.move(story.author, "IN_REVIEW")
        assert guard_of(refusal) == "coi_clear"
        assert story.move(story.author, "IN_REVIEW", coi_attestation=CLEAR | {"extra": "x" * 999}) == "IN_REVIEW"
        assert Assignment.objects.get(case=story.id).coi_attestation == CLEAR


class TestFinishing:
    def test_a_finished_opinion_is_approved_and_its_content_hashed(self) -> None:
        opinion = Story().finished()
        assert opinion.state == "APPROVED"
        assert len(opinion.content_hash) == 64

    def test_without_a_first_read_it_is_not_finished(self) -> None:
        story = Story().written()
        FirstRead.objects.all().delete()
        with pytest.raises(Conflict) as refusal:
            story.submit()
        assert guard_of(refusal) == "first_read_sealed"

    def test_every_question_is_answered(self) -> None:
        story = Story().written(answers=[{"question": 1, "answer": "Yes."}])
        with pytest.raises(Conflict) as refusal:
            story.submit()
        assert guard_of(refusal) == "questions_answered"
        assert "2" in refusal.value.detail

    def test_the_agreement_is_coded(self) -> None:
        story = Story().written(summary="")
        with pytest.raises(Conflict) as refusal:
            story.submit()
        assert guard_of(refusal) == "agreement_coded"

    def test_a_disagreement_without_another_diagnosis_is_not_deliverable(self) -> None:
        story = Story().written(diagnosis_agreement="major_disagreement")
        with pytest.raises(Conflict) as refusal:
            story.submit()
        assert "restates" in refusal.value.detail
        assert story.state == "IN_REVIEW"

    def test_an_undecided_machine_finding_stops_it_until_it_is_decided(self) -> None:
        story = Story().written()
        finding = FindingProjectionFactory(case_id=story.id)
        with pytest.raises(Conflict) as refusal:
            story.submit()
        assert guard_of(refusal) == "ai_items_decided"
        finding.decision = "REJECTED"
        finding.save()
        assert story.submit().state == "APPROVED"

    def test_a_first_read_is_sealed_once(self) -> None:
        story = Story().written()
        with by(story.author), pytest.raises(Conflict) as refusal:
            opinion_service.seal_first_read(principal=story.author, case_id=story.id, impression="Other.", confidence=1)
        assert refusal.value.code == "first_read_sealed"

    def test_an_edit_of_the_approved_opinion_voids_the_approval(self) -> None:
        story = Story()
        approved = story.finished()
        with by(story.author):
            opinion_service.save_draft(principal=story.author, case_id=story.id, content={"summary": "Changed."})
        assert story.state == "IN_REVIEW"
        assert Opinion.objects.get(case=story.id).state == "CHANGES_REQUESTED"
        with pytest.raises(Conflict):
            story.sign(approved.content_hash)
        assert story.submit().content_hash != approved.content_hash


class TestSigning:
    def test_signing_needs_a_fresh_second_factor(self) -> None:
        story = Story()
        approved = story.finished()
        with clock.shifted(timedelta(minutes=6)), pytest.raises(Conflict) as refusal:
            story.sign(approved.content_hash)
        assert guard_of(refusal) == "fresh_second_factor"

    def test_signing_needs_a_licence_that_is_valid_now(self) -> None:
        story = Story()
        approved = story.finished()
        administrator = make_person("administrator")
        with by(administrator):
            professionals.suspend(principal=administrator, professional_id=profile_id(story.author), reason="complaint")
        with pytest.raises(Conflict) as refusal:
            story.sign(approved.content_hash)
        assert guard_of(refusal) == "licence_covers_place"

    def test_signing_needs_the_very_content_that_was_approved(self) -> None:
        story = Story()
        story.finished()
        with pytest.raises(Conflict) as refusal:
            story.sign("0" * 64)
        assert guard_of(refusal) == "approved_content_unchanged"

    def test_content_changed_behind_the_approval_cannot_be_signed(self) -> None:
        from cases.queries.sealed_contents import place
        from config.kernel.crypto import seal_json

        story = Story()
        approved = story.finished()
        row = Opinion.objects.get(case=story.id)
        key = identity.data_key(subject_id=story.row.patient_id)
        row.content_sealed = seal_json(key, place("opinion", "content", row.id), OPINION | {"summary": "Forged."})
        row.save()
        with pytest.raises(Conflict) as refusal:
            story.sign(approved.content_hash)
        assert guard_of(refusal) == "approved_content_unchanged"

    def test_a_signed_opinion_carries_time_place_and_rule(self) -> None:
        story = Story().signed()
        row = Opinion.objects.get(case=story.id)
        assert row.state == "SIGNED"
        assert row.signed_at is not None
        assert row.licence_place == "DE"
        assert row.legal_rule.startswith("licence-at-patients-place")
        assert Assignment.objects.get(case=story.id).state == "COMPLETED"

    def test_nobody_else_signs(self) -> None:
        story = Story()
        approved = story.finished()
        other = make_specialist()
        from config.kernel.errors import NotFound

        with by(other), pytest.raises(NotFound):
            opinion_service.sign_opinion(principal=other, case_id=story.id, content_hash=approved.content_hash)

    def test_without_release_consent_the_report_waits_until_it_is_given(self) -> None:
        from config.kernel.due_work import drain

        story = Story(make_patient(consents=("service", "sharing"))).signed()
        drain("cases")
        assert story.state == "SIGNED"
        with by(story.patient):
            identity.grant_consent(patient_id=story.row.patient_id, purpose="release", text_version="1")
        drain("identity", "cases")
        assert story.state == "DELIVERED"
