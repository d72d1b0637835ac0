"""Search over what is sealed: stems match, for readers of the content; the index is unreadable, the erased are gone."""

from io import StringIO
from unittest import mock
from urllib.parse import urlencode

import psycopg
import pytest
from django.core.management import call_command
from django.db import connections

from cases.models import AuditEntry, CaseIndex
from cases.queries.lexemes import lexemes_of
from cases.services import documents, intake
from config.kernel.due_work import drain
from identity import services as identity
from tests.cases.privacy.test_sealed import everything_in
from tests.cases.support import Story, by
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db


def asked(api, caller, **parameters: str):
    return api.as_(caller).get(f"/cases?{urlencode(parameters)}")


def found(api, caller, words: str, **more: str) -> list[str]:
    answer = asked(api, caller, search=words, **more)
    assert answer.status_code == 200, answer.content
    return [row["id"] for row in answer.json()["results"]]


class TestWhatIsFound:
    @pytest.mark.parametrize(
        "words",
        [
            "valve",
            "VALVES",
            "operations",
            "stenosis aortic",
            "breathing",
            "bisoprolol",
            "penicillin",
            "replace",
            "I35.0",
        ],
    )
    def test_title_questions_and_intake_are_found_in_any_form(self, api, words: str) -> None:
        story = Story(history="She is breathing hard.")
        assert found(api, story.patient, words) == [str(story.id)]

    @pytest.mark.parametrize("words", ["glioblastoma", "valve glioblastoma", "Treating", "Valley", "the", "?!"])
    def test_a_foreign_word_a_stop_word_and_a_clinician_find_nothing(self, api, words: str) -> None:
        story = Story()
        assert found(api, story.patient, words) == []

    def test_words_are_stemmed_in_the_language_of_the_case(self, api) -> None:
        german = Story(language="de", title="Zwei Operationen am Herzen", questions=[])
        spanish = Story(german.patient, language="es", title="Las operaciones del corazón", questions=[])
        assert found(api, german.patient, "Operation Herz") == [str(german.id)]
        assert found(api, german.patient, "operación corazón") == [str(spanish.id)]

    def test_a_changed_draft_is_found_by_its_new_words_only(self, api) -> None:
        story = Story()
        with by(story.patient):
            intake.update_draft(principal=story.patient, case_id=story.id, fields={"title": "About the kidney"})
        assert found(api, story.patient, "kidneys") == [str(story.id)]
        assert found(api, story.patient, "second look") == []

    def test_documents_are_found_once_accepted_and_no_longer_once_withdrawn(self, api, tmp_path) -> None:
        story = Story()
        document = story.add_document("Patient: Maria Keller\nborn 17.04.1961\nHyperparathyroidism suspected", tmp_path)
        assert found(api, story.patient, "hyperparathyroidism") == []
        drain("cases")
        assert found(api, story.patient, "hyperparathyroidism valve") == [str(story.id)]
        with by(story.patient):
            documents.withdraw_document(principal=story.patient, document_id=document.id)
        assert found(api, story.patient, "hyperparathyroidism") == []
        assert found(api, story.patient, "valve") == [str(story.id)]

    def test_a_document_about_somebody_else_is_not_searched(self, api, tmp_path) -> None:
        story = Story()
        story.add_document("Patient: Otto Other\nborn 01.01.1930\nHyperparathyroidism", tmp_path)
        drain("cases")
        assert found(api, story.patient, "hyperparathyroidism") == []

    def test_filters_and_pages_hold_for_searches_too(self, api) -> None:
        first = Story()
        second = Story(first.patient)
        assert found(api, first.patient, "valve", state="TRIAGE") == []
        page = asked(api, first.patient, search="valve", limit="1").json()
        assert [row["id"] for row in page["results"]] == [str(second.id)]
        rest = api.as_(first.patient).get(page["next"]).json()
        assert [row["id"] for row in rest["results"]] == [str(first.id)]

    def test_a_long_search_is_refused(self, api) -> None:
        answer = asked(api, make_patient(), search="x" * 201)
        assert (answer.status_code, answer.json()["errors"][0]["code"]) == (400, "too_long")

    @pytest.mark.parametrize("words", ["' OR 1=1 --", "a & !b | (c", "%s %(me)s", "\\", "🫀 valve:*"])
    def test_no_sign_is_special(self, api, words: str) -> None:
        assert isinstance(found(api, Story().patient, words), list)

    def test_a_nul_is_refused_with_a_word_of_advice(self, api) -> None:
        answer = asked(api, Story().patient, search="valve\x00")
        assert (answer.status_code, "NUL" in answer.json()["detail"]) == (400, True)


class TestWhoFinds:
    def test_only_readers_of_the_content_find_by_it(self, api) -> None:
        story = Story().written()
        stranger = Story().written()
        assert found(api, story.author, "valve") == [str(story.id)]
        assert found(api, stranger.author, "valve") == [str(stranger.id)]
        for role in ("coordinator", "nurse", "medical_director", "support", "administrator", "privacy_officer"):
            assert found(api, make_person(role), "valve") == [], role
        assert found(api, make_patient(), "valve") == []

    def test_a_nurse_searches_the_cases_in_triage(self, api) -> None:
        triage, review = Story().in_triage(), Story().in_review()
        assert found(api, make_person("nurse"), "valve") == [str(triage.id)]
        assert str(review.id) not in found(api, make_person("nurse"), "valve")

    def test_an_offered_specialist_finds_nothing_before_accepting(self, api) -> None:
        story = Story().offered()
        assert found(api, story.author, "valve") == []

    def test_before_the_own_first_read_no_word_finds_the_case(self, api) -> None:
        story = Story().in_review()
        assert found(api, story.author, "stenosis") == []

    def test_a_search_and_what_it_found_are_recorded_without_the_words(self, api) -> None:
        story = Story().written()
        found(api, story.author, "valve")
        found(api, story.author, "glioblastoma")
        hit, miss = AuditEntry.objects.filter(action="case.search", actor_id=story.author.user_id).order_by("at")
        assert (hit.detail["found"], miss.detail["found"]) == (1, 0)
        entry = AuditEntry.objects.get(action="case.found")
        assert (entry.actor_id, entry.object_id) == (story.author.user_id, story.id)
        told = "".join(str(row) for row in AuditEntry.objects.values())
        assert "valve" not in told
        assert "glioblastoma" not in told


class TestWhatTheIndexTells:
    def test_no_word_and_no_stem_stands_in_the_database(self) -> None:
        Story(title="Glioblastoma of the left temporal lobe")
        told = everything_in("cases").lower()
        for word in ("glioblastoma", "tempor", "stenosi", "bisoprolol"):
            assert word not in told

    def test_lexemes_are_hexadecimal_and_differ_between_keys_and_languages(self, settings) -> None:
        lexemes = lexemes_of("operation", "en")
        assert [len(bytes.fromhex(lexeme)) for lexeme in lexemes] == [10]
        assert lexemes != lexemes_of("operation", "de")
        settings.BLIND_INDEX_KEY = "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="
        assert lexemes != lexemes_of("operation", "en")

    def test_words_are_sent_as_parameters_and_never_in_a_statement(self, api) -> None:
        statements: list[str] = []
        original = psycopg.Cursor.execute

        def noted(cursor, query, *arguments, **options):
            statements.append(str(query))
            return original(cursor, query, *arguments, **options)

        with mock.patch.object(psycopg.Cursor, "execute", noted):
            story = Story(title="Glioblastoma")
            found(api, story.patient, "glioblastoma")
            with connections["cases"].cursor() as cursor:
                cursor.execute("SELECT string_agg(query, ' ') FROM pg_stat_activity")
                statements.append(str(cursor.fetchone()[0]))
        assert any("to_tsvector" in statement for statement in statements)
        assert "glioblastoma" not in " ".join(statements).lower()


class TestErasureAndRebuilding:
    def test_an_erased_patient_is_not_found_any_more(self, api) -> None:
        story = Story().in_review()
        identity.destroy_keys(subject_id=story.patient.user_id)
        drain("identity", "cases")
        assert not CaseIndex.objects.filter(case=story.id).exists()
        assert found(api, story.author, "valve") == []

    def test_the_index_is_rebuilt_from_what_is_sealed(self, api, tmp_path) -> None:
        story, gone = Story(), Story()
        story.add_document("Patient: Maria Keller\nborn 17.04.1961\nHyperparathyroidism", tmp_path)
        drain("cases")
        identity.destroy_keys(subject_id=gone.patient.user_id)
        identity.forget_keys()
        before = CaseIndex.objects.values_list("lexemes", flat=True).get(case=story.id)
        CaseIndex.objects.filter(case=story.id).delete()
        out = StringIO()
        call_command("rebuild_search", stdout=out)
        assert "complete" in out.getvalue()
        assert CaseIndex.objects.values_list("lexemes", flat=True).get(case=story.id) == before
        assert not CaseIndex.objects.filter(case=gone.id).exists()
        assert found(api, story.patient, "hyperparathyroidism valve") == [str(story.id)]


@pytest.mark.parametrize("looked_at", [0, 1, 300])
def test_both_ways_of_searching_find_the_same(api, monkeypatch, looked_at: int) -> None:
    """By the index first for words that few cases say, and along the newest cases for the others."""
    monkeypatch.setattr("cases.queries.case_reads._LOOKED_AT", looked_at)
    patient = make_patient()
    first, second = Story(patient, title="A valve"), Story(patient, title="A valve and a kidney")
    assert found(api, patient, "valve") == [str(second.id), str(first.id)]
    assert found(api, patient, "kidney") == [str(second.id)]
    assert found(api, patient, "glioblastoma") == []
    assert found(api, make_patient(), "valve") == []
