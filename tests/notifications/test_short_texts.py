"""What text messages and push notices say: what staff published, else the release's words, the same for all news."""

from __future__ import annotations

import pytest

from notifications.domain.kinds import KINDS
from notifications.domain.mail_check import text_faults
from notifications.domain.mail_texts import LANGUAGES, LINK, release_texts
from notifications.services.text_editions import text_in_force
from tests.notifications.support import publish_text

pytestmark = pytest.mark.django_db
NEWS = [kind for kind in KINDS.values() if kind.email and not kind.security]


def said(kind: str, channel: str, locale: str = "en") -> tuple[str, int]:
    found = text_in_force(kind=KINDS[kind], locale=locale, channel=channel)
    assert found.subject == ""
    return found.text, found.version


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("channel", ["sms", "push"])
def test_all_news_are_said_by_one_text(channel: str, language: str) -> None:
    texts = {text_in_force(kind=kind, locale=language, channel=channel).text for kind in NEWS}
    assert texts == {release_texts()["news"][f"{channel}_{language}"]}


def test_security_is_said_by_another_one() -> None:
    assert said("password_changed", "push") == ("There is news about your account.", 0)
    assert LINK in said("password_changed", "sms", "de")[0]


def test_what_was_published_is_said_and_what_it_lacks_is_said_by_the_release() -> None:
    publish_text("news", sms_en=f"A letter waits: {LINK}", push_en="")
    assert said("report_ready", "sms") == (f"A letter waits: {LINK}", 1)
    assert said("report_ready", "push") == ("There is news for you.", 0)
    assert said("report_ready", "sms", "es")[1] == 1


def test_a_version_from_before_there_were_text_messages_gives_way_to_the_release() -> None:
    publish_text("news", sms_en="", sms_de="", sms_es="")
    assert said("report_ready", "sms") == (release_texts()["news"]["sms_en"], 0)


@pytest.mark.parametrize(
    ("field", "text", "told"),
    [
        ("sms_en", "No link", "once"),
        ("sms_en", f"{LINK} {LINK}", "once"),
        ("sms_es", f"á {LINK} " + "x" * 120, "parts"),
        ("sms_de", f"<b>{LINK}</b>", "no tags"),
        ("push_en", f"Go {LINK}", "Only {link}"),
        ("push_en", "x" * 161, "160"),
        ("push_de", "Siehe evil.example", "no address"),
    ],
)
def test_a_wrong_short_text_is_told(field: str, text: str, told: str) -> None:
    faults = dict(text_faults(release_texts()["news"] | {field: text}))
    assert list(faults) == [field]
    assert told in faults[field]
