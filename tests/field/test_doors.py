"""Field cases of registration, uploads in parts and calendars, at the doors that people come to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cases.models import Document
from cases.services import documents
from config.kernel.due_work import drain
from identity import services as identity
from identity.models import User
from professionals.domain.calendar import Window, free_windows
from tests.cases.documents.test_tus import ADDRESS, Tus
from tests.cases.support import Story, by
from tests.client import ApiClient
from tests.factories import PASSWORD

FORM = {"password": PASSWORD, "full_name": "Nora Brandt", "date_of_birth": "1980-02-29", "country": "DE"}
LETTER = b"Patient: Maria Keller, born 17 April 1961\nAll is well.\n"


def _registered(**fields: Any) -> Any:
    answer = ApiClient().post("/auth/register", FORM | fields)
    drain("identity")
    return answer


def _only_account() -> identity.AccountDTO:
    return identity.get_account(user_id=User.objects.get().id)


@pytest.mark.django_db
class TestRegistration:
    def test_mail_plus_an_address_with_a_tag_is_taken(self) -> None:
        assert _registered(email="nora+second.opinion@example.org").status_code == 202
        assert _only_account().full_name == "Nora Brandt"

    def test_mail_case_one_mailbox_is_one_account_however_it_is_written(self) -> None:
        assert _registered(email="Nora@Example.org").status_code == 202
        token = identity.issue_email_token(user_id=User.objects.get().id, purpose="verify")
        ApiClient().post("/auth/verify-email", {"token": token, "password": PASSWORD})
        for written in ("nora@example.org", "NORA@EXAMPLE.ORG"):
            assert _registered(email=written).status_code == 202
            assert ApiClient().post("/auth/login", {"email": written, "password": PASSWORD}).status_code == 200
        assert User.objects.count() == 1

    @pytest.mark.parametrize("name", ["Zoë 🩺", "مريم الحسن", "Suharto", '=HYPERLINK("x")', "王小东", "O'Brien-Ñuñez"])
    def test_name_nul_emoji_rtl_a_name_is_kept_as_it_is_written(self, name: str) -> None:
        assert _registered(email="nora@example.org", full_name=name).status_code == 202
        assert _only_account().full_name == name

    def test_name_nul_is_refused_in_words(self) -> None:
        answer = _registered(email="nora@example.org", full_name="Nora\0Brandt")
        assert answer.status_code == 400
        assert "NUL" in answer.json()["detail"]
        assert not User.objects.exists()


@pytest.mark.django_db
class TestParts:
    def test_tus_resume_emoji_a_wrong_offset_is_told_and_the_upload_goes_on(self, api: ApiClient) -> None:
        story = Story()
        tus = Tus(api, story.patient)
        assert tus.begin(story, len(LETTER), name="Befund 🩺 (1).txt").status_code == 201
        assert tus.send(0, LETTER[:10]).status_code == 204
        assert tus.send(3, LETTER[3:]).status_code == 409
        assert tus.offset() == 10
        assert tus.send(10, LETTER[10:]).status_code == 204
        document = Document.objects.get(case_id=story.id)
        with by(story.patient):
            told = documents.get_document(principal=story.patient, document_id=document.id)
        assert told.name == "Befund 🩺 (1).txt"

    def test_tus_zero_defer_nothing_is_refused_and_a_length_must_be_told(self, api: ApiClient) -> None:
        story = Story()
        tus = Tus(api, story.patient)
        empty = tus.begin(story, 0)
        unknown = tus.ask("POST", ADDRESS, Upload_Defer_Length="1")
        for answer in (empty, unknown):
            assert answer.status_code == 400
            assert len(answer.json()["detail"]) > 20
        assert not Document.objects.exists()


@pytest.mark.parametrize(
    ("zone", "day"),
    [
        ("America/New_York", (2027, 3, 14)),
        ("America/New_York", (2027, 11, 7)),
        ("Australia/Lord_Howe", (2027, 4, 4)),
        ("Australia/Lord_Howe", (2027, 10, 3)),
    ],
)
def test_time_afternoon_an_afternoon_is_itself_on_the_days_of_the_change(zone: str, day: tuple[int, int, int]) -> None:
    local = ZoneInfo(zone)
    begin, end = (datetime(*day, hour, tzinfo=local).astimezone(UTC) for hour in (13, 18))
    asked = Window(datetime(*day, tzinfo=UTC) - timedelta(days=1), datetime(*day, tzinfo=UTC) + timedelta(days=2))
    weekly = [{"weekday": datetime(*day, tzinfo=local).weekday(), "start": "13:00", "end": "18:00"}]
    assert free_windows(weekly, zone, [], asked) == (Window(begin, end),)
