"""What staff write for everybody: drafts, published by a second person, in force at once, never changed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.test import Client

from analysis.domain import knowledge
from analysis.domain.engine import analyse
from analysis.models import Edition as KnowledgeEdition
from analysis.services.knowledge_editions import KNOWLEDGE, knowledge_in_force
from cases.models import AuditEntry, Edition
from cases.services import intake
from cases.services.intake.content_editions import CHECKLISTS, QUESTIONNAIRES
from config.kernel import clock, editions
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Forbidden, Invalid, PreconditionFailed
from professionals import services as professionals
from professionals.models import PublishedRule
from professionals.services.rule_editions import LEGAL_RULES
from tests.analysis.pages import pages
from tests.cases.support import Story
from tests.factories import make_person
from tests.professionals.conftest import licence, register, verify
from tests.staff.support import signed_in

pytestmark = pytest.mark.django_db


def draft(kind: editions.Kind, code: str, **changes: Any) -> tuple[UUID, Principal, Any]:
    author = make_person("medical_director")
    row = editions.start(kind=kind, principal=author, code=code)
    body = _row(kind, row).body | changes
    editions.save(kind=kind, principal=author, edition_id=row, version=1, body=body, note="")
    return row, author, body


def published(kind: editions.Kind, code: str, **changes: Any) -> UUID:
    row, _, _ = draft(kind, code, **changes)
    editions.publish(kind=kind, principal=make_person("administrator"), edition_id=row, version=2)
    return row


def _row(kind: editions.Kind, row: UUID) -> Any:
    from config.kernel.editions.versions_in_force import table_of

    return table_of(kind.context).objects.get(id=row)


def titled(title: str) -> dict[str, Any]:
    return {"kind": QUESTIONNAIRES, "code": "cardiology", "title": title}


class TestTheSteps:
    def test_a_second_person_publishes_and_whoever_wrote_a_word_does_not(self) -> None:
        row, author, body = draft(**titled("Heart"))
        other = make_person("medical_director")
        editions.save(kind=QUESTIONNAIRES, principal=other, edition_id=row, version=2, body=body, note="a word")
        for one in (author, other):
            with pytest.raises(Forbidden, match="second person"):
                editions.publish(kind=QUESTIONNAIRES, principal=one, edition_id=row, version=3)
        assert intake.get_questionnaire(code="cardiology").version == "1"
        editions.publish(kind=QUESTIONNAIRES, principal=make_person("administrator"), edition_id=row, version=3)
        now = intake.get_questionnaire(code="cardiology")
        assert (now.version, now.title) == ("e1", "Heart")
        steps = AuditEntry.objects.filter(object_id=row).order_by("at", "id").values_list("action", flat=True)
        assert list(steps) == ["edition.draft", "edition.write", "edition.write", "edition.publish"]

    def test_what_was_published_never_changes_and_is_never_deleted_even_by_sql(self) -> None:
        from django.db import transaction

        row = published(**titled("Heart"))
        with pytest.raises(Conflict):
            editions.save(
                kind=QUESTIONNAIRES, principal=make_person("administrator"), edition_id=row, version=3, body={}, note=""
            )
        for change in ({"body": {}}, {"note": "other"}, {"state": "DRAFT"}, {"published_by": row}):
            with pytest.raises(IntegrityError), transaction.atomic(using="cases"):
                Edition.objects.filter(id=row).update(**change)
        with pytest.raises(IntegrityError), transaction.atomic(using="cases"):
            Edition.objects.filter(id=row).delete()

    def test_the_database_refuses_that_a_writer_publishes(self) -> None:
        from django.db import transaction

        row, author, _ = draft(**titled("Heart"))
        with pytest.raises(IntegrityError), transaction.atomic(using="cases"):
            Edition.objects.filter(id=row).update(state="PUBLISHED", published_by=author.user_id)

    def test_the_next_version_replaces_the_last_and_a_retired_one_gives_way_to_the_release(self) -> None:
        first = published(**titled("Heart"))
        second = published(**titled("Heart and vessels"))
        assert [_row(QUESTIONNAIRES, one).state for one in (first, second)] == ["RETIRED", "PUBLISHED"]
        assert intake.get_questionnaire(code="cardiology").version == "e2"
        by = make_person("medical_director")
        with pytest.raises(Invalid):
            editions.retire(kind=QUESTIONNAIRES, principal=by, edition_id=second, reason=" ")
        editions.retire(kind=QUESTIONNAIRES, principal=by, edition_id=second, reason="Two questions were unclear.")
        assert intake.get_questionnaire(code="cardiology").version == "1"

    def test_one_draft_at_a_time_and_no_lost_words(self) -> None:
        row, author, body = draft(**titled("Heart"))
        with pytest.raises(Conflict, match="draft"):
            editions.start(kind=QUESTIONNAIRES, principal=author, code="cardiology")
        with pytest.raises(PreconditionFailed):
            editions.save(kind=QUESTIONNAIRES, principal=author, edition_id=row, version=1, body=body, note="late")
        editions.discard(kind=QUESTIONNAIRES, principal=author, edition_id=row)
        assert editions.start(kind=QUESTIONNAIRES, principal=author, code="cardiology") != row

    def test_nothing_new_is_not_published(self) -> None:
        row, _, _ = draft(QUESTIONNAIRES, "cardiology")
        with pytest.raises(Conflict, match="nothing to publish"):
            editions.publish(kind=QUESTIONNAIRES, principal=make_person("administrator"), edition_id=row, version=2)

    @pytest.mark.parametrize("role", ["coordinator", "nurse", "support", "privacy_officer", "patient"])
    def test_other_roles_write_nothing(self, role: str) -> None:
        with pytest.raises(Forbidden):
            editions.start(kind=QUESTIONNAIRES, principal=make_person(role), code="cardiology")


class TestWhatIsPublishedCounts:
    def test_cases_begun_before_keep_their_questions(self) -> None:
        before = Story()
        given: dict[str, Any] = {"general.course": "same"}
        intake.save_intake(principal=before.patient, case_id=before.id, answers=given, condition="cardiology")
        published(**titled("Heart"))
        again = intake.save_intake(principal=before.patient, case_id=before.id, answers=given, condition="cardiology")
        fresh = Story()
        new = intake.save_intake(principal=fresh.patient, case_id=fresh.id, answers=given, condition="cardiology")
        assert [one[1] for one in again.questionnaires] == ["1", "1"]
        assert [one[1] for one in new.questionnaires] == ["1", "e1"]

    def test_a_new_checklist_asks_new_cases_for_its_records(self) -> None:
        one = {
            "code": "holter", "title": "a long-term ECG", "required": True, "importance": 99,
            "why": "It shows rhythms.", "could_change": "The rhythm.",
        }  # fmt: skip
        published(CHECKLISTS, "cardiology", checklist=[one])
        from cases.services.intake.content_editions import checklist_in_use

        assert [item.code for item in checklist_in_use("cardiology")] == ["medical_record", "holter"]
        assert "holter" not in [item.code for item in checklist_in_use("oncology")]

    def test_a_legal_rule_decides_at_once_and_a_withdrawn_one_no_longer(self) -> None:
        profile, principal = register()
        professionals.submit_credentials(principal=principal, licences=[licence()])
        verify(profile.id)
        where: dict[str, Any] = {"professional_id": profile.id, "place": "DE", "specialty": "cardiology"}
        assert professionals.assess_fitness(**where).allowed
        today = clock.now().date().isoformat()
        fields = {"place": "DE", "mode": "licence", "specialty": "cardiology", "needs": "never", "valid_from": today}
        row = published(LEGAL_RULES, "no-cardiology-from-afar", **fields, source="Act 2, article 5, 2026")
        fitness = professionals.assess_fitness(**where)
        assert (fitness.allowed, fitness.rule_id) == (False, f"no-cardiology-from-afar/{today}.001")
        by = make_person("medical_director")
        editions.retire(kind=LEGAL_RULES, principal=by, edition_id=row, reason="The act was repealed.")
        assert professionals.assess_fitness(**where).allowed
        assert PublishedRule.objects.get().withdrawn_at is not None

    def test_a_row_of_knowledge_changes_the_next_findings_and_their_release(self) -> None:
        code = "red_flags:test-sign"
        text = pages("The patient reports blue toes since Monday.")
        fields = {
            "level": "same_day", "pattern": r"blue\s+toes", "title": "Blue toes", "advice": "See a doctor today.",
            "source": next(iter(knowledge.sources())),
        }  # fmt: skip
        row = published(KNOWLEDGE, code, **fields)
        assert not [one for one in analyse(text).findings if one.title == "Blue toes"]
        with knowledge_in_force():
            found = [one for one in analyse(text).findings if one.title == "Blue toes"]
            release = knowledge.release()
        assert len(found) == 1
        assert found[0].knowledge_release == release != knowledge.release()
        assert len(release) <= 20
        by = make_person("administrator")
        editions.retire(kind=KNOWLEDGE, principal=by, edition_id=row, reason="Not specific enough.")
        with knowledge_in_force():
            assert not [one for one in analyse(text).findings if one.title == "Blue toes"]

    def test_a_row_of_the_release_can_be_put_out_of_use(self) -> None:
        published(KNOWLEDGE, "red_flags:stemi", in_use="no")
        with knowledge_in_force():
            assert "stemi" not in [row["id"] for row in knowledge.rows("red_flags")]
        assert "stemi" in [row["id"] for row in knowledge.rows("red_flags")]


def problems(kind: editions.Kind, code: str, **changes: Any) -> list[str]:
    shipped = kind.shipped(code)
    body = (kind.blank(code) if shipped is None else shipped) | changes
    return [one.where for one in kind.check(code, body)]


ITEM = {"linkId": "cardiology.x", "text": "x?", "type": "boolean"}
LATER = {"question": "cardiology.y", "operator": "=", "answer": True}


class TestChecks:
    @pytest.mark.parametrize("code", QUESTIONNAIRES.codes())
    def test_what_the_release_brings_is_right(self, code: str) -> None:
        assert problems(QUESTIONNAIRES, code) == []
        assert code == "general" or problems(CHECKLISTS, code) == []

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"title": ""}, "title"),
            ({"item": []}, "item"),
            ({"item": [ITEM | {"type": "essay"}], "redFlags": []}, "item[0].type"),
            ({"item": [ITEM | {"linkId": "Other.x"}], "redFlags": []}, "item[0].linkId"),
            ({"item": [ITEM | {"type": "choice"}], "redFlags": []}, "item[0].answerOption"),
            ({"item": [ITEM, ITEM], "redFlags": []}, "cardiology.x"),
            ({"item": [ITEM | {"enableWhen": [LATER]}], "redFlags": []}, "cardiology.x"),
            (
                {"item": [ITEM | {"enableWhen": [LATER]}, ITEM | {"linkId": "cardiology.y"}], "redFlags": []},
                "cardiology.x",
            ),
            (
                {"redFlags": [{"code": "c", "when": [LATER], "advice": "emergency", "source": "x"}]},
                "redFlags[0].source",
            ),
        ],
    )
    def test_a_wrong_questionnaire_is_told_where(self, changes: dict[str, Any], where: str) -> None:
        assert where in problems(QUESTIONNAIRES, "cardiology", **changes)

    def test_the_questions_that_red_flags_hang_on_must_stay(self) -> None:
        body = QUESTIONNAIRES.shipped("general") or {}
        kept = [one for one in body["item"] if one["linkId"] != "general.today"]
        assert problems(QUESTIONNAIRES, "general", item=kept)

    def test_a_general_question_that_a_condition_hangs_on_must_stay(self) -> None:
        flag = {
            "code": "cardiology.worse", "advice": "same_day", "source": "ESC guideline 2023",
            "when": [{"question": "general.course", "operator": "=", "answer": "worse"}],
        }  # fmt: skip
        general = QUESTIONNAIRES.shipped("general") or {}
        gone = [one for one in general["item"] if "general.course" not in str(one)]
        assert len(gone) < len(general["item"])
        told = "general.course is needed by the questionnaire of cardiology."
        body = general | {"item": gone, "redFlags": []}
        assert told not in [one.advice for one in QUESTIONNAIRES.check("general", body)]
        published(QUESTIONNAIRES, "cardiology", redFlags=[flag])
        assert told in [one.advice for one in QUESTIONNAIRES.check("general", body)]

    @pytest.mark.parametrize(
        ("changes", "where"),
        [
            ({"place": "Germany"}, "place"),
            ({"needs": "luck"}, "needs"),
            ({"valid_from": "2020-01-01"}, "valid_from"),
            ({"valid_from": "soon"}, "valid_from"),
            ({"source": "law"}, "source"),
        ],
    )
    def test_a_wrong_legal_rule_is_told_where(self, changes: dict[str, Any], where: str) -> None:
        right = {
            "place": "DE", "source": "Act 2, article 5", "needs": "never", "valid_from": clock.now().date().isoformat()
        }  # fmt: skip
        assert problems(LEGAL_RULES, "x", **right) == []
        assert problems(LEGAL_RULES, "x", **(right | changes)) == [where]

    @pytest.mark.parametrize(
        ("code", "changes", "where"),
        [
            ("red_flags:stemi", {"pattern": "("}, "pattern"),
            ("red_flags:stemi", {"pattern": ".*"}, "pattern"),
            ("red_flags:stemi", {"source": "HEARSAY"}, "source"),
            ("red_flags:stemi", {"id": "other"}, "id"),
            ("interactions:maoi-ssri", {"members": "maoi + nosuchclass"}, ""),
            ("medicines:methylphenidate", {"in_use": "no"}, ""),
            ("analytes:718-7", {"low": "twelve"}, ""),
        ],
    )
    def test_a_row_that_breaks_the_knowledge_is_not_published(
        self, code: str, changes: dict[str, Any], where: str
    ) -> None:
        assert problems(KNOWLEDGE, code) == []
        assert problems(KNOWLEDGE, code, **changes) == [where]

    def test_problems_stand_against_publishing(self) -> None:
        row, _, _ = draft(**titled(""))
        with pytest.raises(Invalid, match="Give it a title"):
            editions.publish(kind=QUESTIONNAIRES, principal=make_person("administrator"), edition_id=row, version=2)


def begin(client: Client, context: str, what: str, code: str = "") -> str:
    answer = client.post(f"/admin/{context}/edition/begin/", {"what": what, "code": code})
    assert answer.status_code == 302, answer.content.decode()
    return str(
        client.get(answer["Location"] if answer["Location"].startswith("/") else _desk(context)).request["PATH_INFO"]
    )


def _desk(context: str) -> str:
    from config.kernel.editions.versions_in_force import table_of

    return f"/admin/{context}/edition/{table_of(context).objects.latest('id').id}/desk/"


class TestPages:
    def test_two_people_write_compare_and_publish_on_the_page(self) -> None:
        author, second = signed_in("medical_director"), signed_in("administrator")
        today = clock.now().date().isoformat()
        path = begin(author, "professionals", "legal_rule ", "de-remote-advice")
        fields = {
            "form": "save", "version": "1", "place": "DE", "mode": "exemption", "specialty": "cardiology",
            "needs": "nothing", "valid_from": today, "source": "Act 2, article 5", "note": "New act.",
        }  # fmt: skip
        assert author.post(path, fields).status_code == 302
        told = author.get(path).content.decode()
        assert "A second person publishes" in told
        assert "Without this version: no-exemption-published (not permitted where the patient is); 0 of" in told
        assert "What is needed: Permitted where the patient is without a licence there" in told
        assert "&quot;" not in told.partition("Differences")[2].partition("</table>")[0]
        author.post(path, {"form": "publish", "version": "2"})
        assert not PublishedRule.objects.exists()
        second.post(path, {"form": "publish", "version": "2"})
        assert PublishedRule.objects.get().needs == "nothing"
        second.post(path, {"form": "retire", "reason": "Repealed."})
        assert PublishedRule.objects.get().withdrawn_at

    def test_broken_json_is_told_by_line_and_problems_by_place(self) -> None:
        author = signed_in("administrator")
        path = begin(author, "cases", "questionnaire cardiology")
        told = author.post(path, {"form": "save", "version": "1", "body": '{"title": }'}).content.decode()
        assert "Line 1, column" in told
        author.post(path, {"form": "save", "version": "1", "body": '{"title": "x", "item": [{"linkId": "a"}]}'})
        told = author.get(path).content.decode()
        assert "item[0].type" in told
        assert "Preview" not in told

    def test_a_row_of_knowledge_is_tried_on_a_text(self) -> None:
        author = signed_in("medical_director")
        path = begin(author, "analysis", "knowledge ", "red_flags:stemi")
        row = KnowledgeEdition.objects.latest("id")
        body = row.body | {"title": "Heart attack, act now", "try_text": "ECG: ST-segment elevation in V1 to V4."}
        author.post(path, {"form": "save", "version": "1", "note": "Plainer.", **body})
        told = author.get(path).content.decode()
        assert "Heart attack, act now" in told
        assert "Signs of an acute myocardial infarction" in told

    @pytest.mark.parametrize("context", ["cases", "professionals", "analysis", "notifications"])
    def test_who_may_not_write_reads_the_list_and_has_no_desk(self, context: str) -> None:
        client = signed_in("coordinator")
        assert client.get(f"/admin/{context}/edition/").status_code == 200
        assert client.get(f"/admin/{context}/edition/begin/").status_code == 403
