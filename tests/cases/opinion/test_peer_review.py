"""A second specialist's check, a dissent and who decides it, and corrections of what was signed."""

import pytest

from cases.models import (
    Case,
    Opinion,
    PeerReview,
    Report,
)
from cases.services import casefile, documents, opinion
from config.kernel import clock
from config.kernel.auth import Principal
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, Invalid
from tests.cases.support import CLEAR, OPINION, Story, by, guard_of, make_specialist, profile_id
from tests.factories import make_patient, make_person
from tests.observations import report_fhir

pytestmark = pytest.mark.django_db


@pytest.fixture
def reviewed(settings) -> Story:
    """In PEER_REVIEW, for the policy asks for it."""
    settings.PEER_REVIEWED_SERVICES = ("records",)
    story = Story()
    assert story.finished().state == "SUBMITTED"
    assert story.state == "PEER_REVIEW"
    return story


def name_peer(story: Story, peer: Principal) -> None:
    coordinator = make_person("coordinator")
    with by(coordinator):
        opinion.assign_peer(principal=coordinator, case_id=story.id, professional_id=profile_id(peer))


def verdict(story: Story, peer: Principal, word: str, remarks: str = "", coi=CLEAR) -> str:
    with by(peer):
        return opinion.review_opinion(
            principal=peer, case_id=story.id, verdict=word, remarks=remarks, coi_attestation=coi
        )


class TestPeerReview:
    def test_the_reviewer_reads_the_version_and_approves_it(self, reviewed) -> None:
        peer = make_specialist()
        name_peer(reviewed, peer)
        with by(peer):
            shown = opinion.opinion_for_review(principal=peer, case_id=reviewed.id)
        assert shown.content["summary"] == OPINION["summary"]
        assert verdict(reviewed, peer, "agree") == "READY_TO_SIGN"
        assert Opinion.objects.get(case=reviewed.id).state == "APPROVED"
        assert PeerReview.objects.get().verdict == "agree"

    def test_the_report_names_the_reviewer(self, reviewed) -> None:
        peer = make_specialist(full_name="Dr Second Reader")
        name_peer(reviewed, peer)
        verdict(reviewed, peer, "minor_remarks", "Mention the dose.")
        reviewed.sign(Opinion.objects.get(case=reviewed.id).content_hash)
        drain("cases")
        with by(reviewed.patient):
            bundle = report_fhir(principal=reviewed.patient, case_id=reviewed.id).decode()
        assert "Second Reader" in bundle
        assert "Mention the dose." in bundle

    def test_the_author_reviews_nothing_of_their_own(self, reviewed) -> None:
        with pytest.raises(Conflict) as refusal:
            name_peer(reviewed, reviewed.author)
        assert refusal.value.code == "peer_not_independent"
        with by(reviewed.author), pytest.raises(Forbidden):
            opinion.opinion_for_review(principal=reviewed.author, case_id=reviewed.id)

    @pytest.mark.parametrize("changes", [{"place": "US-CA"}, {"specialty": "neurology"}])
    def test_a_reviewer_has_the_licence_and_the_field(self, reviewed, changes) -> None:
        with pytest.raises(Conflict) as refusal:
            name_peer(reviewed, make_specialist(**changes))
        assert refusal.value.code == "professional_not_eligible"

    def test_somebody_of_the_treating_organisation_does_not_review(self, reviewed) -> None:
        with pytest.raises(Conflict) as refusal:
            name_peer(reviewed, make_specialist(organisation="Valley Hospital"))
        assert refusal.value.code == "peer_not_independent"

    def test_a_reviewer_declares_conflicts_before_agreeing(self, reviewed) -> None:
        peer = make_specialist()
        name_peer(reviewed, peer)
        with pytest.raises(Conflict) as refusal:
            verdict(reviewed, peer, "agree", coi=CLEAR | {"therapy_maker": True})
        assert guard_of(refusal) == "coi_clear"
        assert reviewed.state == "PEER_REVIEW"
        assert not PeerReview.objects.exists()

    def test_changes_go_back_to_the_author_with_reasons(self, reviewed) -> None:
        peer = make_specialist()
        name_peer(reviewed, peer)
        with pytest.raises(Invalid):
            verdict(reviewed, peer, "changes")
        assert verdict(reviewed, peer, "changes", "The gradient is misread.") == "IN_REVIEW"
        assert Opinion.objects.get(case=reviewed.id).state == "CHANGES_REQUESTED"
        assert reviewed.submit().state == "SUBMITTED"

    def test_a_dissent_needs_a_round_first_then_the_director_decides_and_it_stays(self, reviewed) -> None:
        peer = make_specialist(full_name="Dr Dissent")
        name_peer(reviewed, peer)
        with pytest.raises(Conflict) as early:
            verdict(reviewed, peer, "major_disagreement", "I would wait.")
        assert guard_of(early) == "major_disagreement"
        verdict(reviewed, peer, "changes", "Wait instead.")
        reviewed.submit()
        assert verdict(reviewed, peer, "major_disagreement", "I would wait a year.") == "ADJUDICATION"
        director = make_person("medical_director")
        with pytest.raises(Conflict) as undecided:
            reviewed.move(director, "READY_TO_SIGN")
        assert guard_of(undecided) == "decision_recorded"
        reviewed.move(director, "READY_TO_SIGN", decision="The author's reading stands.")
        reviewed.sign(Opinion.objects.get(case=reviewed.id).content_hash)
        drain("cases")
        with by(reviewed.patient):
            assert b"I would wait a year." in report_fhir(principal=reviewed.patient, case_id=reviewed.id)

    def test_a_director_who_wrote_the_opinion_does_not_decide_about_it(self, reviewed) -> None:
        peer = make_specialist()
        name_peer(reviewed, peer)
        verdict(reviewed, peer, "changes", "Wait.")
        reviewed.submit()
        verdict(reviewed, peer, "major_disagreement", "Wait.")
        Case.objects.filter(id=reviewed.id).update(assigned_user_id=None)
        both = Principal(user_id=reviewed.author.user_id, roles=frozenset({"medical_director"}), mfa_at=clock.now())
        with pytest.raises(Conflict) as refusal:
            reviewed.move(both, "READY_TO_SIGN", decision="Mine stands.")
        assert guard_of(refusal) == "adjudicator_is_independent"

    def test_over_http_only_the_reviewer_reviews(self, api, reviewed) -> None:
        peer = make_specialist()
        name_peer(reviewed, peer)
        path, body = f"/cases/{reviewed.id}/peer-review", {"verdict": "agree", "coi_attestation": CLEAR}
        assert api.post(path, body).status_code == 401
        assert api.as_(reviewed.author).post(path, body).status_code == 403
        assert api.as_(make_specialist()).post(path, body).status_code == 404
        assert api.as_(peer).get(path).json()["state"] == "SUBMITTED"
        assert api.as_(peer).post(path, body | {"verdict": "perhaps"}).status_code == 400
        assert api.as_(peer).post(path, body).json() == {"state": "READY_TO_SIGN"}


class TestAmending:
    def test_a_correction_is_a_new_version_and_the_old_one_stays(self, settings) -> None:
        story = Story().delivered()
        first = Opinion.objects.get(case=story.id)
        before = bytes(first.content_sealed)
        story.move(story.author, "AMENDING", reason="A typing error in the dose.")
        with by(story.author):
            opinion.save_draft(principal=story.author, case_id=story.id, content={"summary": "Corrected summary."})
        assert story.submit().number == 2
        assert story.state == "PEER_REVIEW"
        peer = make_specialist()
        name_peer(story, peer)
        verdict(story, peer, "agree")
        story.sign(Opinion.objects.get(case=story.id, number=2).content_hash)
        drain("cases")
        first.refresh_from_db()
        assert (first.state, bytes(first.content_sealed)) == ("SUPERSEDED", before)
        assert Report.objects.filter(case=story.id).count() == 2
        with by(story.patient):
            bundle = report_fhir(principal=story.patient, case_id=story.id).decode()
        assert "Corrected summary." in bundle
        assert '"replaces"' in bundle
        assert opinion.get_opinion(principal=story.patient, case_id=story.id).number == 2

    def test_an_amendment_starts_from_what_was_signed(self) -> None:
        story = Story().delivered()
        story.move(story.author, "AMENDING", reason="New information.")
        with by(story.author):
            draft = opinion.save_draft(principal=story.author, case_id=story.id, content={"confidence": 60})
        assert (draft.content["summary"], draft.content["confidence"]) == (OPINION["summary"], 60)

    def test_signed_words_cannot_be_changed_in_place(self, api) -> None:
        story = Story().delivered()
        response = api.as_(story.author).put(f"/cases/{story.id}/opinion", {"summary": "x"})
        assert (response.status_code, response.json()["code"]) == (409, "opinion_signed")
        with by(story.author), pytest.raises(Conflict):
            opinion.save_draft(principal=story.author, case_id=story.id, content={"summary": "x"})


class TestWhatTheReviewerSees:
    def test_the_case_says_what_is_asked_and_not_by_whom(self) -> None:
        patient = make_patient(full_name="Maria Ptarmigan")
        story = Story(
            patient,
            history="Ms Ptarmigan, born 17.04.1961, is short of breath.",
            title="Ptarmigan's valve",
            questions=["Does Maria need the operation?"],
        )
        story.in_review()
        peer = make_specialist()
        Case.objects.filter(id=story.id).update(peer_user_id=peer.user_id)
        with by(peer):
            page = casefile.case_page(principal=peer, case_id=story.id)
        told = repr(page)
        assert page["patient_id"] is None
        assert "short of breath" in told
        assert "Aortic stenosis" in told
        for word in ("Ptarmigan", "Maria", ".1961", "Dr Treating", "Valley Hospital"):
            assert word not in told

    def test_no_document_opens_for_the_reviewer(self) -> None:
        story = Story().in_review()
        document = story.put_document()
        peer = make_specialist()
        Case.objects.filter(id=story.id).update(peer_user_id=peer.user_id)
        with by(peer):
            assert documents.get_document(principal=peer, document_id=document.id).name != "letter.txt"
            for read in (documents.document_content, documents.page_text, documents.page_image):
                more = {} if read is documents.document_content else {"number": 1}
                with pytest.raises(Forbidden):
                    read(principal=peer, document_id=document.id, **more)

    def test_the_list_shows_the_reviewer_no_title(self) -> None:
        story = Story(title="Ptarmigan's valve").in_review()
        peer = make_specialist()
        Case.objects.filter(id=story.id).update(peer_user_id=peer.user_id)
        with by(peer):
            rows, _ = casefile.list_cases(principal=peer, limit=5)
        assert [row["title"] for row in rows] == [""]
