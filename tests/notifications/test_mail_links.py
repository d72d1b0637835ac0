"""Every link of every mail leads to a page that is there; for who works here, to the thing itself."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import pytest
from django.test import Client

from cases.services import opinion
from config.kernel.conf import setting
from config.kernel.due_work import drain
from identity import services as identity
from notifications import services
from notifications.domain.kinds import KINDS, RECORDS_WANTED
from notifications.domain.mail_texts import LANGUAGES
from tests.cases.records.test_record_requests import ask
from tests.cases.support import Story, by, make_specialist, profile_id
from tests.dashboard.test_pages import as_specialist
from tests.factories import make_account, make_patient, make_person, principal_for
from tests.notifications.support import link_in, one_by_one

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
WAITS = {"en": "Something waits for you", "de": "Etwas wartet auf Sie", "es": "Algo le espera"}
MAILED = [kind for kind in KINDS.values() if kind.email]


def tell(user_id: UUID, subject_id: UUID) -> None:
    """One notice of each kind whose mail goes to the account's own address."""
    with one_by_one():
        for kind in MAILED:
            if not kind.to:
                services.notify(user_id=user_id, kind=kind.name, event_key=str(uuid4()), subject_id=subject_id)
        drain()


def links_of(smtp: Any, email: str) -> set[str]:
    links = {link_in(message) for message in smtp.to(email)}
    assert links
    return links


def path_of(link: str) -> str:
    """What a browser asks for; what stands behind the # it keeps to itself."""
    parts = urlsplit(link)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path


def followed(client: Client, link: str) -> Any:
    return client.get(path_of(link), follow=True)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_mail_to_a_patient_leads_to_a_page(smtp: Any, language: str) -> None:
    patient = make_patient(locale=language)
    account = identity.get_account(user_id=patient.require_user_id())
    story = Story(patient).in_review()
    smtp.taken.clear()
    tell(account.id, story.id)
    assert len(smtp.to(account.email)) >= len([kind for kind in MAILED if not kind.to])
    for link in links_of(smtp, account.email):
        answer = followed(Client(headers={"accept-language": language}), link)
        assert answer.status_code == 200, link
    waits = Client(headers={"accept-language": language}).get("/account/news").content.decode()
    assert 'id="patients"' in waits
    assert f'lang="{language}"' in waits
    assert WAITS[language] in waits


def test_every_mail_to_a_specialist_lands_on_the_thing_itself(smtp: Any) -> None:
    story = Story().in_review()
    who = story.author.require_user_id()
    email = identity.get_account(user_id=who).email
    smtp.taken.clear()
    tell(who, story.id)
    client = as_specialist(story.author)
    landed = {}
    for link in links_of(smtp, email) - {review_of(story)}:
        before = Client().get(path_of(link), follow=True)
        assert before.status_code == 200, link
        answer = followed(client, link)
        assert answer.status_code == 200, link
        landed[link.split("//", 1)[1].split("/", 1)[1]] = answer.request["PATH_INFO"]
    case = f"/dashboard/cases/{story.id}"
    assert landed[f"dashboard/cases/{story.id}#follow-ups"] == case
    assert landed[f"dashboard/cases/{story.id}/messages"] == f"{case}/messages"
    assert landed[f"dashboard/offers/{story.id}"] == case
    assert landed["dashboard/practice"] == "/dashboard/practice"
    assert landed["account/"] == "/account/"
    assert landed["account/news"] == "/account/news"


def test_a_reviewer_is_led_to_the_review_and_nobody_else_reads_it(smtp: Any, settings: Any) -> None:
    settings.PEER_REVIEWED_SERVICES = ("records",)
    story, peer, coordinator = Story(), make_specialist(), make_person("coordinator")
    story.finished()
    smtp.taken.clear()
    with one_by_one(), by(coordinator):
        opinion.assign_peer(principal=coordinator, case_id=story.id, professional_id=profile_id(peer))
        drain()
    link = review_of(story)
    assert link in links_of(smtp, identity.get_account(user_id=peer.require_user_id()).email)
    assert followed(as_specialist(peer), link).status_code == 200
    assert followed(as_specialist(story.author), link).status_code == 403


def review_of(story: Story) -> str:
    return f"{setting('PUBLIC_URL').rstrip('/')}/dashboard/reviews/{story.id}"


def test_the_sign_in_on_the_way_leads_on_to_it(smtp: Any) -> None:
    story = Story().in_review()
    who = story.author.require_user_id()
    smtp.taken.clear()
    tell(who, story.id)
    for link in links_of(smtp, identity.get_account(user_id=who).email):
        answer = Client().get(path_of(link), follow=True)
        if answer.request["PATH_INFO"] == "/dashboard/sign-in":
            assert answer.context["next"] == path_of(link)


def test_an_offer_leads_to_the_offer_and_stays_with_its_specialist(smtp: Any) -> None:
    story = Story().offered()
    who = story.author.require_user_id()
    smtp.taken.clear()
    services.notify(user_id=who, kind="offer_made", event_key="offer", subject_id=story.id)
    drain()
    links = links_of(smtp, identity.get_account(user_id=who).email)
    (link,) = (one for one in links if path_of(one) == f"/dashboard/offers/{story.id}")
    assert followed(as_specialist(story.author), link).status_code == 200
    assert followed(as_specialist(make_specialist()), link).status_code == 404


def test_staff_are_led_to_their_pages(smtp: Any) -> None:
    story, account = Story().in_review(), make_account("coordinator")
    smtp.taken.clear()
    tell(account.id, story.id)
    links = links_of(smtp, account.email)
    assert any(link.endswith(f"/admin/cases/case/{story.id}/change/") for link in links)
    for link in links:
        assert followed(Client(), link).status_code == 200, link


@pytest.mark.parametrize("language", LANGUAGES)
def test_links_to_other_addresses_lead_to_a_page(smtp: Any, language: str) -> None:
    account = make_account("patient", locale=language)
    identity.request_email_change(principal=principal_for(account), email=f"new-{language}@example.org")
    ask(Story(condition="oncology", language=language).submitted())
    drain()
    sent = {link_in(message) for message in smtp.taken}
    paths = {path_of(link) for link in sent}
    assert {"/confirm-email", RECORDS_WANTED.link} <= paths
    for link in sent:
        assert followed(Client(headers={"accept-language": language}), link).status_code == 200, link
