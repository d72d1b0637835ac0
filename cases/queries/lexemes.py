"""The search index, written and asked. Words go to PostgreSQL as parameters of one statement that only stems them."""

from collections.abc import Iterable
from uuid import UUID

from cases.db import database
from cases.models import CaseIndex
from config.kernel.crypto.lexemes import keyed_lexemes

# A case's language decides how its words are stemmed.
CONFIGURATIONS = {"en": "english", "de": "german", "es": "spanish"}
MAX_LEXEMES = 20_000
MAX_SIGNS = 500_000
_PURPOSE = "case"
_STEM = {language: f"tsvector_to_array(to_tsvector('{name}', %(text)s))" for language, name in CONFIGURATIONS.items()}
_STEM_ALL = f"SELECT {', '.join(_STEM.values())}"


def lexemes_of(text: str, language: str) -> list[str]:
    """The keyed lexemes of a text in a language, at most 20,000 of its first 500,000 signs."""
    known = language if language in CONFIGURATIONS else "en"
    if not text.strip():
        return []
    with database.prepared() as cursor:
        cursor.execute(f"SELECT {_STEM[known]}", {"text": _clean(text)[:MAX_SIGNS]}, prepare=True)
        (stems,) = cursor.fetchone() or ([],)
    return keyed_lexemes(_PURPOSE, known, stems[:MAX_LEXEMES])


def query_for(text: str) -> str:
    """A tsquery for cases that say every word of ``text``, in whichever of the languages; empty for no real word."""
    with database.prepared() as cursor:
        cursor.execute(_STEM_ALL, {"text": _clean(text)}, prepare=True)
        found = cursor.fetchone() or ()
    ways = [keyed_lexemes(_PURPOSE, language, stems) for language, stems in zip(CONFIGURATIONS, found, strict=True)]
    return " | ".join(f"({' & '.join(way)})" for way in ways if way)


def hold_index(case_id: UUID) -> None:
    """Until the transaction ends nobody else writes this case's index: two documents at once take turns."""
    CaseIndex.objects.bulk_create([CaseIndex(case_id=case_id)], ignore_conflicts=True)
    CaseIndex.objects.select_for_update().get(case_id=case_id)


def write_told(case_id: UUID, lexemes: Iterable[str]) -> None:
    """Replace what the case itself says."""
    _write(case_id, "told", lexemes)


def write_documents(case_id: UUID, lexemes: Iterable[str]) -> None:
    """Replace what its documents say."""
    _write(case_id, "documents", lexemes)


def forget_cases_of(patient_id: UUID) -> int:
    """Delete the index of a patient's cases; returns how many there were."""
    return CaseIndex.objects.filter(case__patient_id=patient_id).delete()[0]


def _write(case_id: UUID, column: str, lexemes: Iterable[str]) -> None:
    other = {"told": "documents", "documents": "told"}[column]
    with database.prepared() as cursor:
        cursor.execute(
            f"INSERT INTO cases_caseindex AS i (case_id, {column}, {other}, lexemes)"
            " SELECT %(case)s::uuid, v, ''::tsvector, v FROM (SELECT array_to_tsvector(%(lexemes)s::text[]) AS v) fresh"
            f" ON CONFLICT (case_id) DO UPDATE SET {column} = EXCLUDED.{column},"
            f" lexemes = EXCLUDED.{column} || i.{other}",
            {"case": case_id, "lexemes": sorted(set(lexemes))},
            prepare=True,
        )


def _clean(text: str) -> str:
    # PostgreSQL's text holds every sign but this one.
    return text.replace("\x00", " ")
