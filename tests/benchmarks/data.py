"""The data: fixed seed, many patients, their cases sealed as the product seals them."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import connections

from cases.queries.sealed_contents import place, sealed_intake, sealed_title
from config.kernel.auth import SYSTEM, Principal, acting_as
from config.kernel.crypto import seal_text
from config.kernel.db import uuid7
from identity import services as identity

STATES = ("SUBMITTED", "TRIAGE", "MATCHING", "IN_REVIEW", "DELIVERED", "CLOSED")


def load(*, cases: int, per_patient: int = 40) -> tuple[Principal, UUID]:
    """Fill the tables; returns one patient and the id of one of their cases."""
    chosen = random.Random(20261123)
    key_owner = _patient()
    owners = [key_owner.user_id] + [uuid7() for _ in range(cases // per_patient - 1)]
    rows: list[tuple[Any, ...]] = []
    questions: list[tuple[Any, ...]] = []
    for index, owner in enumerate(owners):
        # One real key for the measured patient; the others' bytes are never opened.
        sealed = index == 0
        for number in range(per_patient):
            rows.append(_case(owner, number, chosen, sealed=sealed))
            questions.append(_question(owner, rows[-1][0], sealed=sealed))
    _copy("cases_case", _CASE_COLUMNS, rows)
    _copy("cases_question", _QUESTION_COLUMNS, questions)
    with connections["cases"].cursor() as cursor:
        cursor.execute("ANALYZE cases_case; ANALYZE cases_question")
    return key_owner, rows[per_patient - 1][0]


_CASE_COLUMNS = (
    "id", "version", "reference", "patient_id", "state", "state_since", "title_sealed", "intake_sealed", "country",
    "region", "language", "specialty", "urgency", "service_type", "red_flag_check", "legal_basis", "hold_reason",
    "created_at", "updated_at",
)  # fmt: skip
_QUESTION_COLUMNS = ("id", "case_id", "number", "text_sealed", "created_at", "updated_at")
_FILLER = bytes(96)
_references = iter(range(10**9))


def _patient() -> Principal:
    with acting_as(SYSTEM):
        account = identity.create_account(
            email="bench@demo.example",
            password="a long phrase for measuring",
            full_name="Bench Patient",
            roles=frozenset({"patient"}),
            email_verified=True,
        )
    return Principal(user_id=account.id, roles=account.roles, session_id=None, email_verified=True)


def _case(owner: UUID | None, number: int, chosen: random.Random, *, sealed: bool) -> tuple[Any, ...]:
    case_id = uuid7()
    title, intake = _FILLER, _FILLER * 8
    if sealed and owner is not None:
        key = identity.data_key(subject_id=owner)
        title = sealed_title(case_id, key, f"A second look at finding {number}")
        intake = sealed_intake(case_id, key, {"history": "x" * 600, "medicines": [{"name": "Warfarin"}]})
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=chosen.randrange(400_000))
    reference = f"SO-26-{next(_references):07}"
    state, specialty = chosen.choice(STATES), chosen.choice(("cardiology", "oncology", "internal_medicine"))
    return (
        case_id, 1, reference, owner, state, moment, title, intake, "DE", "", "en", specialty, "soon", "", "", "", "",
        moment, moment,
    )  # fmt: skip


def _question(owner: UUID | None, case_id: UUID, *, sealed: bool) -> tuple[Any, ...]:
    row_id, moment = uuid7(), datetime(2026, 1, 1, tzinfo=UTC)
    text = _FILLER
    if sealed and owner is not None:
        key = identity.data_key(subject_id=owner)
        text = seal_text(key, place("question", "text", row_id), "Is this the right treatment?")
    return row_id, case_id, 1, text, moment, moment


def _copy(table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """Columns that are not named here, and may not be empty, get what the model gives them."""
    model = next(one for one in apps.get_models() if one._meta.db_table == table)
    others = [f for f in model._meta.concrete_fields if f.column not in columns and not f.null]
    columns = (*columns, *(field.column for field in others))
    rows = [(*row, *(field.get_default() for field in others)) for row in rows]
    with (
        connections["cases"].cursor() as cursor,
        cursor.copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy,
    ):
        for row in rows:
            copy.write_row(row)
