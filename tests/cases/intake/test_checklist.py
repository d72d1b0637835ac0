"""Which records a case lacks, which matters most, who goes without and why; and what the opinion says of it."""

from uuid import uuid4

import pytest
from django.db import connections
from django.test.utils import CaptureQueriesContext

from cases.domain.documents.kind_words import TITLES
from cases.domain.intake import checklist as rules
from cases.models import Document
from cases.services import assignment, documents, intake, opinion
from cases.services.workflow import Transition
from config.kernel.due_work import drain
from config.kernel.errors import Conflict, Forbidden, NotFound
from tests.cases.support import CLEAR, OPINION, TRIAGE, Story, by, make_specialist
from tests.client import ApiClient
from tests.factories import make_person
from tests.observations import report_fhir

pytestmark = pytest.mark.django_db


def checklist(story: Story) -> intake.ChecklistDTO:
    with by(story.patient):
        return intake.get_checklist(principal=story.patient, case_id=story.id)


def waive(story: Story, code: str, reason: str = "lost in a fire") -> None:
    coordinator = make_person("coordinator")
    with by(coordinator):
        documents.waive_item(principal=coordinator, case_id=story.id, code=code, reason=reason)


def name(story: Story, code: str, document_id) -> intake.ChecklistDTO:
    with by(story.patient):
        return intake.name_document(principal=story.patient, case_id=story.id, code=code, document_id=document_id)


class TestItems:
    def test_each_condition_brings_its_records_and_the_one_that_matters_most_is_named(self) -> None:
        story = Story(condition="oncology").submitted()
        found = checklist(story)
        assert {item.code for item in found.items} >= {"medical_record", "pathology_report", "molecular_report"}
        assert found.matters_most is not None and found.matters_most.code == "pathology_report"
        assert found.matters_most.why and found.matters_most.could_change
        assert not found.complete
        told = ApiClient(story.patient).get(f"/cases/{story.id}/checklist").json()
        assert told["matters_most"]["code"] == "pathology_report"

    def test_a_draft_shows_what_will_be_asked_for(self) -> None:
        story = Story(condition="neurology")
        before = checklist(story)
        assert before.matters_most is not None and before.matters_most.code == "brain_imaging"
        story.put_document()
        assert {item.code: item.state for item in checklist(story).items}["medical_record"] == "present"
        after = checklist(story.submitted())
        assert [item.code for item in before.items] == [item.code for item in after.items]
        assert {item.code for item in after.items if item.state == "present"} == {"medical_record"}

    def test_only_required_records_hold_a_case_up(self) -> None:
        story = Story(condition="oncology").submitted()
        for code in ("medical_record", "pathology_report", "staging_imaging"):
            drain("cases")
            assert story.state == "COLLECTING_RECORDS"
            waive(story, code)
        drain("cases")
        found = checklist(story)
        assert story.state == "TRIAGE" and found.complete
        assert found.matters_most is not None and not found.matters_most.required

    def test_a_document_is_named_as_the_record_that_was_missing(self) -> None:
        story = Story(condition="oncology").submitted()
        document = story.put_document()
        found = name(story, "pathology_report", document.id)
        item = next(one for one in found.items if one.code == "pathology_report")
        assert (item.state, item.document_id) == ("present", document.id)
        with pytest.raises(Conflict):
            name(story, "pathology_report", document.id)

    def test_a_document_of_the_right_kind_is_proposed_and_never_taken_by_itself(self) -> None:
        story = Story(condition="oncology").submitted()
        older, newer, scan = story.put_document(), story.put_document(), story.put_document()
        for document, kind in ((older, "pathology"), (newer, "pathology"), (scan, "radiology")):
            Document.objects.filter(id=document.id).update(kind=kind)
        found = {item.code: item for item in checklist(story).items}
        assert found["pathology_report"].could_be == newer.id
        assert found["staging_imaging"].could_be == scan.id
        assert found["pathology_report"].state == "missing" and found["tumour_board"].could_be is None
        named = {item.code: item for item in name(story, "pathology_report", newer.id).items}
        assert named["pathology_report"].could_be is None and named["molecular_report"].could_be == older.id

    def test_a_document_of_another_case_or_one_that_was_not_accepted_is_no_record(self) -> None:
        story = Story(condition="oncology").submitted()
        for foreign in (Story(story.patient).put_document().id, uuid4()):
            with pytest.raises(NotFound):
                name(story, "pathology_report", foreign)
        with pytest.raises(Conflict):
            name(story, "pathology_report", story.put_document("MISMATCHED").id)

    def test_who_goes_without_a_record_and_why_is_told(self) -> None:
        story = Story().submitted()
        waive(story, "medical_record", "the archive burnt")
        (item,) = checklist(story).items
        assert (item.state, item.reason) == ("waived", "the archive burnt")
        assert item.waived_by is not None

    def test_a_peer_reviewer_reads_no_checklist(self) -> None:
        story = Story().in_review()
        peer = make_specialist()
        type(story.row).objects.filter(id=story.id).update(peer_user_id=peer.user_id)
        with by(peer), pytest.raises(Forbidden):
            intake.get_checklist(principal=peer, case_id=story.id)

    def test_reading_costs_the_same_for_every_length(self) -> None:
        short, long = Story().submitted(), Story(condition="oncology").submitted()
        lengths, queries = [], []
        for story in (short, long):
            with CaptureQueriesContext(connections["cases"]) as seen:
                lengths.append(len(checklist(story).items))
            queries.append(len(seen))
        assert lengths[1] > lengths[0] and queries[0] == queries[1]


class TestNotSeen:
    def test_what_nobody_saw_is_frozen_into_the_opinion_with_what_it_could_change(self) -> None:
        story = Story(condition="oncology").submitted()
        for code in ("medical_record", "pathology_report", "staging_imaging"):
            waive(story, code, "lost in a fire")
        drain("cases")
        story.move(make_person("nurse"), Transition.FINISH_TRIAGE, **TRIAGE)
        story.offered()
        with by(story.author):
            assignment.accept_offer(principal=story.author, case_id=story.id, coi_attestation=CLEAR)
            opinion.seal_first_read(principal=story.author, case_id=story.id, impression="Severe.", confidence=70)
            named = {"name": "the colonoscopy film", "could_change": "A second tumour."}
            content = OPINION | {"documents_not_seen": [named]}
            opinion.save_draft(principal=story.author, case_id=story.id, content=content)
        frozen = story.submit().content["not_seen"]
        assert frozen[0] == {"label": "the colonoscopy film", "could_change": "A second tumour."}
        by_label = {one["label"]: one["could_change"] for one in frozen}
        pathology = by_label["the pathology report of the tissue sample"]
        assert "receptor" in pathology and "lost in a fire" in pathology
        # What is only wished for, and missing, was not seen either.
        assert "marker" in by_label["the molecular or receptor tests"]

    def test_what_a_specialist_misses_by_name_comes_first_and_says_what_it_could_change(self) -> None:
        story = Story().in_review()
        story.move(
            story.author,
            Transition.REPORT_MISSING_RECORD,
            missing_item="the CT of May",
            could_change="A leak would mean an operation.",
        )
        most = checklist(story).matters_most
        assert most is not None
        assert (most.title, most.could_change) == ("the CT of May", "A leak would mean an operation.")
        row = story.row.checklist.get(code=most.code)
        assert b"leak" not in bytes(row.could_change_sealed or b"") and row.could_change == ""

    def test_the_list_is_part_of_what_is_signed(self) -> None:
        story = Story()
        signed = story.finished()
        assert [one["label"] for one in signed.content["not_seen"]] == ["at least one readable medical record"]
        story.sign(signed.content_hash)
        drain("cases")
        with by(story.patient):
            text = report_fhir(principal=story.patient, case_id=story.id)
        assert story.state == "DELIVERED" and text


def test_kinds_that_records_are_looked_for_in_exist() -> None:
    known = {*TITLES, "imaging"}
    assert {kind for kinds in rules._KINDS.values() for kind in kinds} <= known
