"""What a notice says inside the application: what happened, what to do and by when, in its reader's language."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from config.kernel import clock
from config.kernel.due_work import drain
from identity import services as identity
from notifications import services
from notifications.domain.categories import ALWAYS, Category
from notifications.domain.kinds import KINDS
from notifications.domain.notice_texts import LANGUAGES, VALUES, notice_text, notice_texts, parsed, stored
from notifications.models import Notice
from tests.client import ApiClient
from tests.factories import make_account, principal_for

DUE = datetime(2026, 12, 2, 17, 30, tzinfo=UTC)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_says_something_of_its_own_in_every_language(kind: str, language: str) -> None:
    sentences = notice_texts()[kind][language]
    text = " ".join(sentences)
    assert all(one.endswith((".", "?")) for one in sentences)
    assert set(re.findall(r"\{(\w+)\}", text)) <= VALUES.keys()
    # What is said without any value is a whole text already.
    assert "{" not in sentences[0]
    others = [other for other in LANGUAGES if other != language]
    assert all(notice_texts()[kind][other] != sentences for other in others)
    assert [re.findall(r"\{\w+\}", one) for one in sentences] == [
        re.findall(r"\{\w+\}", one) for one in notice_texts()[kind]["en"]
    ]


def test_no_text_is_without_its_kind_and_no_two_kinds_say_the_same() -> None:
    assert notice_texts().keys() == KINDS.keys()
    english = [tuple(texts["en"]) for texts in notice_texts().values()]
    assert len(set(english)) == len(english)


@pytest.mark.parametrize("kind", KINDS.values(), ids=lambda kind: kind.name)
def test_categories_fit_what_kinds_are(kind) -> None:
    assert kind.link.startswith("/")
    assert not kind.secret or kind.category is Category.SECURITY
    assert not (kind.folds and (kind.must_reach or kind.deadline or kind.category in ALWAYS | {Category.OFFERS}))
    # A link that strangers can cause is never followed up by telephone.
    assert not (kind.asked and kind.must_reach)


def test_by_when_is_said_where_it_is_known_and_by_the_readers_clock() -> None:
    values = stored({"due": DUE})
    assert notice_text("offer_made", "en", values).endswith(
        "Answer by 2 December 2026, 17:30 UTC; then it goes to somebody else."
    )
    german = notice_text("offer_made", "de", values, ZoneInfo("Europe/Berlin"))
    assert "Antworten Sie bis 2. Dezember 2026, 18:30 CET;" in german
    assert "antes del 2 de diciembre de 2026, 17:30 UTC" in notice_text("offer_made", "es", values)
    assert notice_text("offer_made", "en") == "A case is offered to you. Accept or decline it."


def test_days_and_numbers_are_said_as_such() -> None:
    assert "It ends in 7 days." in notice_text("licence_expiring", "en", stored({"days": 7}))
    assert "bis zum 3. März 2027" in notice_text("case_lies_still", "de", stored({"day": date(2027, 3, 3)}))


@pytest.mark.parametrize(
    "values",
    [{"due": "2026-12-02"}, {"due": DUE.replace(tzinfo=None)}, {"day": DUE}, {"days": True}, {"name": "Maria"}],
)
def test_a_value_of_another_type_or_name_is_refused(values) -> None:
    with pytest.raises(TypeError):
        stored(values)


def test_what_nobody_can_read_is_left_out() -> None:
    assert parsed({"due": "tomorrow", "days": "7", "day": None, "name": "Maria"}) == {}
    assert notice_text("offer_made", "en", {"due": "<b>"}) == "A case is offered to you. Accept or decline it."


def test_a_kind_that_is_gone_and_a_language_that_nobody_has() -> None:
    assert notice_text("?", "de") == "Es gibt Neues für Sie."
    assert notice_text("report_ready", "tlh") == notice_text("report_ready", "en")


@pytest.mark.django_db
class TestReading:
    @pytest.mark.parametrize("locale", LANGUAGES)
    def test_a_list_is_in_the_language_of_the_account(self, locale: str) -> None:
        account = make_account("patient", locale=locale)
        services.notify(user_id=account.id, kind="report_ready", event_key="k")
        (row,) = services.list_notices(user_id=account.id, limit=5)[0]
        assert (row["text"], row["category"]) == (notice_text("report_ready", locale), "case")

    def test_a_request_that_names_its_language_is_answered_in_it(self) -> None:
        account = make_account("patient", locale="de")
        services.notify(user_id=account.id, kind="report_ready", event_key="k")
        api = ApiClient(principal_for(account))
        told = {
            header: api.get("/notifications", headers={"Accept-Language": header} if header else {}).json()["results"]
            for header in ("", "es-MX, en;q=0.5", "fr")
        }
        assert told[""][0]["text"] == notice_text("report_ready", "de")
        assert told["es-MX, en;q=0.5"][0]["text"] == notice_text("report_ready", "es")
        assert told["fr"][0]["text"] == notice_text("report_ready", "de")

    def test_a_language_that_is_changed_counts_a_minute_later(self) -> None:
        account = make_account("patient", locale="de")
        services.notify(user_id=account.id, kind="report_ready", event_key="k")
        services.list_notices(user_id=account.id, limit=5)
        identity.update_profile(user_id=account.id, changes={"locale": "es"})
        with clock.frozen(clock.now() + timedelta(seconds=61)):
            assert services.list_notices(user_id=account.id, limit=5)[0][0]["text"] == notice_text("report_ready", "es")

    def test_rows_keep_values_and_no_words(self) -> None:
        account = make_account("professional")
        services.notify(user_id=account.id, kind="offer_made", event_key="k", values={"due": DUE})
        assert Notice.objects.get().values == {"due": "2026-12-02T17:30:00+00:00"}
        with pytest.raises(TypeError):
            services.notify(user_id=account.id, kind="offer_made", event_key=str(uuid4()), values={"due": "soon"})
        assert Notice.objects.count() == 1
        drain("notifications")
