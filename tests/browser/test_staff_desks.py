"""The desks of the staff in a real browser: nothing wider than the window, nothing against WCAG 2.2 AA."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import Page, expect

from cases.models import Case
from cases.services.intake.content_editions import QUESTIONNAIRES
from config.kernel import clock, editions
from identity import services as identity
from identity.models import User
from notifications import services as notifications
from notifications.models import Edition
from notifications.services.text_editions import MAIL_TEXTS
from tests.browser.conftest import NARROW, SCREENSHOTS, WIDE
from tests.browser.steps import violations
from tests.cases.support import Story, make_specialist, profile_id
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_patient, make_person
from tests.factories.notifications import (
    DeliveryEventFactory,
    DeliveryFactory,
    EscalationFactory,
    SuppressionFactory,
)
from tests.journey.people import totp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def sign_in(page: Page, *roles: str) -> None:
    account = make_account(*roles)
    identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    page.goto("/admin/")
    page.get_by_label("E-mail address").fill(account.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_label("Code of the authenticator").fill(totp(TOTP_SECRET))
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url("**/admin/")


def paths() -> dict[str, str]:
    """A page of each kind, with something on it."""
    author = make_person("medical_director")
    row = editions.start(kind=QUESTIONNAIRES, principal=author, code="cardiology")
    body = dict(QUESTIONNAIRES.shipped("cardiology") or {})
    body |= {"title": "Heart and vessels", "item": body["item"][:6], "redFlags": body["redFlags"][:1]}
    editions.save(kind=QUESTIONNAIRES, principal=author, edition_id=row, version=1, body=body, note="Shorter.")
    mail = editions.start(kind=MAIL_TEXTS, principal=author, code="account")
    template: dict[str, Any] = {
        "category": "reminders",
        "variables": {"count": "count", "visits[].date": "date", "link": "link"},
        "texts": {
            "in_app": {"en": {"text": "You have {{count}} visits."}, "de": {"text": "Sie haben {{count}} Termine."}},
            "email": {"en": {"subject": "Your visits", "text": "{{#each visits}}\n- {{date}}\n{{/each}}\n{{link}}"}},
        },
    }
    notifications.create_template(principal=author, code="visits", content=template)
    wrong = {
        **template,
        "texts": {**template["texts"], "sms": {"en": {"text": "Dr. Miller has your biopsy: {{{link}}}"}}},
    }
    notifications.create_template(principal=author, code="wrong", content=wrong)
    drafts = dict(Edition.objects.filter(kind="template").values_list("code", "id"))
    for condition in ("cardiology", "neurology", ""):
        story = Story(condition=condition).submitted()
        Case.objects.filter(id=story.id).update(state="COLLECTING_RECORDS", urgency="soon", promised_at=clock.now())
    ready, other = Story().in_matching(), make_specialist()
    make_specialist("US-CA")
    keeps, gives = make_patient(), make_patient()
    merge = identity.propose_merge(
        principal=make_person("coordinator"),
        survivor_id=keeps.require_user_id(),
        alias_id=gives.require_user_id(),
        reason="Both gave the same passport at the desk.",
    )
    return {
        "begin": "/admin/professionals/edition/begin/",
        "desk": f"/admin/cases/edition/{row}/desk/",
        "mail": f"/admin/notifications/edition/{mail}/desk/",
        "template": f"/admin/notifications/edition/{drafts['visits']}/desk/",
        "template-faults": f"/admin/notifications/edition/{drafts['wrong']}/desk/",
        "board": "/admin/cases/case/completeness/",
        "steer": f"/admin/cases/case/{ready.id}/steer/",
        "what-if": f"/admin/cases/case/{ready.id}/what-if/?professional={profile_id(other)}",
        "merge": f"/admin/identity/patientmerge/{merge.id}/decide/",
        **deliveries(),
    }


def deliveries() -> dict[str, str]:
    """Of notices: what went out and how, what may go nowhere, and whom nobody reached."""
    at = clock.now()
    for number in range(60):
        channel, state = ("email", "sms", "push")[number % 3], ("SENT", "DELIVERED", "FAILED", "HELD")[number % 4]
        sent = {"sent_at": at + timedelta(seconds=number)} if state in ("SENT", "DELIVERED") else {}
        row = DeliveryFactory(channel=channel, state=state, **sent)
    for what, reason in (("queued", ""), ("held", "quiet_hours"), ("sending", ""), ("sent", ""), ("delivered", "")):
        DeliveryEventFactory(delivery=row, what=what, reason=reason, provider="smtp" if what == "delivered" else "")
    unreached = EscalationFactory(state="UNREACHED", unreached_at=at, channel="", notice__subject_id=uuid4())
    EscalationFactory(state="CLAIMED", unreached_at=at, claimed_by=uuid4(), claimed_at=at)
    suppressed = SuppressionFactory()
    return {
        "deliveries": "/admin/notifications/delivery/",
        "suppressions": "/admin/notifications/suppression/",
        "people": "/admin/notifications/escalation/",
        "delivery": f"/admin/notifications/delivery/{row.id}/change/",
        "delivery-figures": "/admin/notifications/delivery/figures/",
        "reach": f"/admin/notifications/escalation/{unreached.id}/reach/",
        "lift": f"/admin/notifications/suppression/{suppressed.id}/lift/",
    }


def test_somebody_who_could_not_be_reached_is_taken_and_closed_by_the_keyboard_alone(page: Page) -> None:
    row = EscalationFactory(state="UNREACHED", unreached_at=clock.now(), channel="")
    sign_in(page, "coordinator")
    page.goto(f"/admin/notifications/escalation/{row.id}/reach/")
    page.get_by_role("button", name="Take it").focus()
    page.keyboard.press("Enter")
    outcome = page.get_by_label("How it ended")
    expect(outcome).to_be_visible()
    outcome.focus()
    page.keyboard.press("T")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_text("There is nothing to do here")).to_be_visible()
    row.refresh_from_db()
    assert (row.state, row.outcome) == ("CLOSED", "told_by_phone")


def test_every_desk_fits_its_window_and_hides_from_nobody(page: Page) -> None:
    assert not User.objects.filter(is_staff=True).exists()
    shown = paths()
    sign_in(page, "administrator")
    wrong: list[Any] = []
    for name, path in shown.items():
        page.goto(path)
        for scheme in ("dark", "light"):
            page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]  # one of the literals
            for size, label in ((NARROW, "390"), (WIDE, "1280")):
                page.set_viewport_size(size)  # type: ignore[arg-type]  # a plain dict works
                page.screenshot(path=SCREENSHOTS / f"staff-{name}-{label}.png", full_page=True)
                wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
                wrong += [(name, label, f"{wide} px wider")] if wide > 0 else []
                wrong += [(name, label, scheme, one) for one in violations(page)]
    assert not wrong, "\n".join(map(str, wrong))
