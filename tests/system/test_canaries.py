"""Two hundred words that mean a patient, put into every field: none turns up outside of what is sealed."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any
from unittest import mock

import pytest
from django.apps import apps
from django.core import mail
from prometheus_client import generate_latest

from cases.services import opinion as opinion_service
from config.celery import app as celery
from config.kernel.due_work import drain
from config.kernel.observability.logs import json_formatter
from identity import services as identity
from tests.cases.support import OPINION, Story, by, make_specialist
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
WANTED = 200


class Canaries:
    """Words that stand nowhere else."""

    def __init__(self) -> None:
        self._numbers = count(1)
        self.all: list[str] = []

    def __call__(self) -> str:
        self.all.append(f"Canarius{next(self._numbers):03}x")
        return self.all[-1]

    def in_text(self, text: str) -> list[str]:
        return [word for word in self.all if word.lower() in text.lower()]


@pytest.fixture
def logged() -> Iterator[list[str]]:
    """Every line of every logger, from DEBUG on, as the product's formatter writes it."""
    lines: list[str] = []
    formatter = json_formatter()

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            lines.append(formatter.format(record))

    handler, root, level = Collect(), logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield lines
    root.setLevel(level)
    root.removeHandler(handler)


def intake(word: Canaries) -> dict[str, Any]:
    return {
        "title": word(),
        "questions": [f"Is it {word()}?" for _ in range(6)],
        "diagnosis": {"text": f"{word()} of the valve", "icd10": "I35.0"},
        "proposed_treatment": {"text": word()},
        "history": " ".join(word() for _ in range(10)),
        "medicines": [{"name": word(), "dose": word(), "frequency": word()} for _ in range(20)],
        "allergies": [{"substance": word(), "reaction": word()} for _ in range(20)],
        "treating_clinician": {"name": word(), "organisation": word(), "phone": word()},
        "preferences": word(),
        "country": "DE",
    }


def opinion(word: Canaries) -> dict[str, Any]:
    texts = ("summary", "plan", "do_nothing", "confidence_would_change", "red_flags", "further_tests", "limitations")
    return OPINION | {
        **{name: f"{word()} and {word()}." for name in (*texts, "references", "plain_language")},
        "answers": [{"question": number, "answer": word()} for number in range(1, 7)],
        "alternatives": [{"title": word(), "description": word()}],
        "documents_not_seen": [{"name": word(), "could_change": word()}],
        "restated_diagnosis": {"text": word(), "icd10": "I35.0"},
    }


def failures(api: ApiClient, case_id: object, word: Canaries) -> None:
    """Refusals and breakdowns that hold the words in body, address, query and header."""
    leak = word()
    api.post("/cases", {"title": "", "history": leak})
    api.post("/cases", leak.encode())
    api.put(f"/cases/{case_id}", {"title": leak})
    api.patch(f"/cases/{case_id}/status", {"to": leak, "reason": leak})
    api.get(f"/cases/{leak}")
    api.get("/cases", query={"search": leak, "state": leak, "cursor": leak, "limit": leak})
    api.get("/cases", headers={"X-Request-ID": leak, "Idempotency-Key": leak, "If-Match": leak})
    api.post("/auth/login", {"email": f"{leak}@example.org", "password": leak})
    api.post("/auth/register", {"email": f"{leak}@example.org", "password": leak, "full_name": leak})
    api.post("/analysis/document", {"document_id": leak})
    api.put("/profile/me", {"full_name": leak, "time_zone": leak})
    with mock.patch("cases.services.casefile.case_reads.case_reads.case_row", side_effect=ValueError(leak)):
        assert api.get(f"/cases/{case_id}").status_code == 500
    with mock.patch("cases.services.casefile.case_reads.case_reads.case_row", side_effect=TimeoutError(leak)):
        api.get(f"/cases/{case_id}")


def test_no_canary_is_in_a_log_a_metric_a_task_a_mail_a_row_or_a_file(logged, tmp_path: Path, settings) -> None:
    word = Canaries()
    settings.ADMINS = [("Operations", "operations@example.org")]
    rung: list[str] = []
    with mock.patch.object(celery, "send_task", side_effect=lambda *a, **k: rung.append(repr((a, k)))):
        name = f"{word()} {word()}"
        patient = make_patient(full_name=name)
        identity.update_profile(user_id=patient.require_user_id(), changes={"phone": word()})
        story = Story(patient, **intake(word))
        # It names the patient, so that nobody has to say whose it is.
        text = f"Patient: {name}\nDate of birth: 17.04.1961\n" + " ".join(word() for _ in range(45))
        document = story.add_document(text, tmp_path, name=f"{word()}.txt")
        drain()
        story.in_review(make_specialist(full_name="Dr Plain"))
        with by(story.author):
            opinion_service.ask(principal=story.author, case_id=story.id, question=f"Since {word()}?")
            opinion_service.seal_first_read(principal=story.author, case_id=story.id, impression=word(), confidence=70)
            opinion_service.save_draft(principal=story.author, case_id=story.id, content=opinion(word))
        reader = ApiClient().as_(patient)
        for address in (
            f"/cases/{story.id}",
            "/cases",
            f"/documents/{document.id}",
            f"/documents/{document.id}/content",
        ):
            assert reader.get(address).status_code in (200, 409)
        failures(reader, story.id, word)
        failures(ApiClient().as_(make_person("coordinator")), story.id, word)
        drain()

    assert len(word.all) >= WANTED
    assert len(logged) > 20
    assert mail.outbox
    rows = {
        model._meta.label: repr([{k: _seen(v) for k, v in row.items()} for row in model._default_manager.values()])
        for model in apps.get_models()
    }
    files = [path for path in Path(settings.DOCUMENT_STORAGE_DIR).rglob("*") if path.is_file()]
    assert files
    places = {
        "logs": "\n".join(logged),
        "metrics": generate_latest().decode(),
        "tasks": "\n".join(rung),
        "mails": "\n".join(f"{m.subject}\n{m.body}\n{m.alternatives}\n{m.extra_headers}" for m in mail.outbox),
        "files": b"".join(path.read_bytes() for path in files).decode("latin-1"),
        **rows,
    }
    assert {place: found for place, text in places.items() if (found := word.in_text(text))} == {}


def _seen(value: Any) -> Any:
    """Bytes as whoever reads a dump sees them."""
    return bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else value
