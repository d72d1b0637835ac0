"""One press ends the mails of a category (RFC 8058), whoever sends it; nobody learns whose link it is."""

from __future__ import annotations

from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client
from structlog.testing import capture_logs

from identity import services as identity
from notifications import services
from notifications.domain.categories import ALWAYS, Category
from notifications.models import AuditEntry, ChannelPreference
from notifications.services import preferences
from notifications.services.unsubscribe_links import DIGESTS
from tests.factories import principal_for

pytestmark = pytest.mark.django_db
ONE_CLICK = {"List-Unsubscribe": "One-Click"}


def path_of(account: identity.AccountDTO, category: str = "messages") -> str:
    return urlsplit(services.unsubscribe_url(user_id=account.id, category=category)).path


def wanted(account: identity.AccountDTO) -> dict[str, str]:
    held = services.get_preferences(user_id=account.id)
    return {category: row["email"] for category, row in held.choices.items()}


def test_what_always_comes_has_no_such_link(maria: identity.AccountDTO) -> None:
    for category in Category:
        url = services.unsubscribe_url(user_id=maria.id, category=category)
        assert bool(url) == (category not in ALWAYS)


def test_a_mail_program_ends_one_category_by_one_post_without_a_cookie(maria: identity.AccountDTO) -> None:
    answer = Client(enforce_csrf_checks=True).post(path_of(maria), ONE_CLICK)
    assert answer.status_code == 200
    assert not answer.cookies
    assert wanted(maria) == {one: "off" if one == "messages" else "now" for one in Category}
    (entry,) = AuditEntry.objects.filter(action="preferences.change")
    assert (entry.patient_id, entry.detail) == (maria.id, {"by": "unsubscribe_link", "messages.email": "off"})


def test_following_the_link_changes_nothing(maria: identity.AccountDTO) -> None:
    for method in (Client().get, Client().head):
        assert method(path_of(maria)).status_code == 200
    assert not ChannelPreference.objects.exists()


@pytest.mark.parametrize("before", ["now", "digest"])
def test_what_was_ended_in_passing_is_taken_back(maria: identity.AccountDTO, before: str) -> None:
    preferences.set_preferences(principal=principal_for(maria), changes={"choices": {"messages": {"email": before}}})
    for _ in range(2):
        Client().post(path_of(maria), ONE_CLICK)
    assert wanted(maria)["messages"] == "off"
    for _ in range(2):
        Client().post(path_of(maria), {"undo": "1"})
    assert wanted(maria)["messages"] == before


def test_taking_back_switches_nothing_off_that_was_chosen_since(maria: identity.AccountDTO) -> None:
    Client().post(path_of(maria), ONE_CLICK)
    preferences.set_preferences(principal=principal_for(maria), changes={"choices": {"messages": {"email": "digest"}}})
    Client().post(path_of(maria), {"undo": "1"})
    assert wanted(maria)["messages"] == "digest"


def test_the_link_of_a_digest_ends_what_comes_by_digest_and_takes_that_back(maria: identity.AccountDTO) -> None:
    chosen = {"case": {"email": "digest"}, "offers": {"email": "digest"}, "messages": {"email": "off"}}
    preferences.set_preferences(principal=principal_for(maria), changes={"choices": chosen})
    before = wanted(maria)
    Client().post(path_of(maria, DIGESTS), ONE_CLICK)
    assert wanted(maria) == before | {"case": "off", "offers": "off"}
    Client().post(path_of(maria, DIGESTS), {"undo": "1"})
    assert wanted(maria) == before


def test_every_token_gets_one_answer_and_none_of_ours_but_the_right_one_does_anything(
    maria: identity.AccountDTO,
) -> None:
    right = path_of(maria, "case")
    changed = [
        right[:-1] + ("A" if right[-1] != "A" else "B"),
        right[:20] + ("B" if right[20] != "B" else "C") + right[21:],
    ]
    # It says that it is about another kind, without proof.
    other = right[:13] + ("B" if right[13] != "B" else "C") + right[14:]
    wrong = [
        *changed,
        "/unsubscribe/x",
        "/unsubscribe/%C3%A4",
        f"/unsubscribe/{'A' * 44}",
        f"/unsubscribe/{'A' * 4000}",
    ]
    gone = urlsplit(services.unsubscribe_url(user_id=uuid4(), category="case")).path
    kind = b"Your cases"
    for method in ("get", "post"):
        named = {getattr(Client(), method)(path).content for path in (*changed, gone)}
        unnamed = {getattr(Client(), method)(path).content for path in wrong[len(changed) :]}
        getattr(Client(), method)(other)
        assert not ChannelPreference.objects.exists()
        # Whatever says that it is about cases gets the page of the right link, proved or not, known or not.
        assert named == {getattr(Client(), method)(right).content}
        # And what says nothing gets the same page but for the name of the kind.
        assert len(unnamed) == 1
        assert {
            page.replace(b"Mails: " + kind, b"Mails of this kind").replace(kind, b"Mails of this kind")
            for page in named
        } == unnamed


def test_the_token_stands_in_no_log_line(maria: identity.AccountDTO) -> None:
    path = path_of(maria)
    with capture_logs() as lines:
        Client().post(path, ONE_CLICK)
    told = [line for line in lines if line["event"] == "request"]
    assert [line["route"] for line in told] == ["unsubscribe/<str:token>"]
    assert path.rpartition("/")[2] not in str(lines)


@pytest.mark.parametrize(
    ("language", "words"), [("en", "No more of them"), ("de", "Keine mehr"), ("es", "No quiero más")]
)
def test_the_page_speaks_the_readers_language(maria: identity.AccountDTO, language: str, words: str) -> None:
    page = Client(headers={"accept-language": language}).get(path_of(maria)).content.decode()
    assert words in page
    assert f'lang="{language}"' in page


def test_no_link_takes_back_what_was_ended_in_the_account(maria: identity.AccountDTO) -> None:
    services.set_email_preference(user_id=maria.id, email=False)
    for _ in range(2):
        Client().post(path_of(maria), {"undo": "1"})
        Client().post(path_of(maria), ONE_CLICK)
    assert wanted(maria)["messages"] == "off"


@pytest.mark.parametrize("form", [{"undo": "0"}, {"undo": ""}, {**ONE_CLICK, "undo": "1"}])
def test_only_the_pages_own_button_takes_back(maria: identity.AccountDTO, form: dict[str, str]) -> None:
    Client().post(path_of(maria), ONE_CLICK)
    Client().post(path_of(maria), form)
    assert wanted(maria)["messages"] == "off"
