"""The desk of versions and the refusals of the staff's pages, in words that lead on."""

from __future__ import annotations

import re
from typing import Any
from uuid import uuid4

import pytest

from config.kernel.auth import Principal
from identity.models import AuditEntry
from notifications.models import Edition
from tests.factories import make_account
from tests.factories.notifications import CampaignFactory, EscalationFactory, NoticeFactory
from tests.staff.support import signed_in
from tests.staff.test_editions import begin

pytestmark = pytest.mark.django_db


class TestWordsOfTheDesk:
    """What was done is told as it is, what cannot be undone is asked for twice, and nobody reads JSON."""

    @pytest.fixture
    def draft(self) -> tuple[Any, str]:
        author = signed_in("medical_director")
        return author, begin(author, "notifications", "template ", "visit_reminder")

    def test_a_draft_with_faults_is_no_success_in_green(self, draft: tuple[Any, str]) -> None:
        author, path = draft
        fields = {"form": "save", "version": "1", "note": "", "category": "reminders", "variables": ""}
        assert author.post(path, fields).status_code == 302
        told = author.get(path).content.decode()
        assert "The draft is kept. " in told
        assert "stand against publishing it." in told
        assert "Done." not in told

    def test_a_draft_is_given_up_by_whoever_says_so(self, draft: tuple[Any, str]) -> None:
        author, path = draft
        assert author.post(path, {"form": "discard"}).status_code == 200
        assert Edition.objects.get(code="visit_reminder").state == "DRAFT"
        assert author.post(path, {"form": "discard", "sure": "1"}).status_code == 302
        assert Edition.objects.get(code="visit_reminder").state == "DISCARDED"

    def test_what_differs_and_what_it_holds_is_read_by_field(self, draft: tuple[Any, str]) -> None:
        author, path = draft
        fields = {"form": "save", "version": "1", "note": "", "category": "reminders", "variables": "count: count"}
        author.post(path, {**fields, "in_app_text_en": "You have {{count}} visits."})
        for address in (path, path.replace("desk/", "change/")):
            told = author.get(address).content.decode()
            assert "In the app: text, English: You have {{count}} visits." in told
            assert "in_app_text_en&quot;" not in told


def test_a_role_that_does_not_open_a_page_is_led_back() -> None:
    answer = signed_in("coordinator").get("/admin/notifications/campaign/", headers={"accept": "text/html"})
    assert answer.status_code == 403
    assert 'href="/admin/"' in answer.content.decode()
    api = signed_in("coordinator").get("/admin/notifications/campaign/")
    assert api["Content-Type"] == "application/problem+json"


def test_whoever_must_prove_who_they_are_is_led_there_and_back(monkeypatch: pytest.MonkeyPatch) -> None:
    staff = signed_in("administrator")
    monkeypatch.setattr(Principal, "stepped_up", lambda self: False)
    campaign = CampaignFactory(state="SUBMITTED", submitted_by=uuid4())
    place = f"/admin/notifications/campaign/{campaign.id}/desk/"
    told = staff.post(place, {"form": "approve"}).content.decode()
    way = re.search(r'href="(/account/\?next=[^"#]+)#passkeys"', told)
    assert way is not None, told[-3000:]
    page = staff.get(way[1].replace("&amp;", "&")).content.decode()
    assert f'name="next" value="{place}"' in page
    for foreign in ("https://evil.example/", "//evil.example/", "/\\evil.example"):
        assert 'name="next"' not in staff.get("/account/", {"next": foreign}).content.decode()


@pytest.mark.parametrize(("role", "sees"), [("coordinator", True), ("administrator", True), ("nurse", False)])
def test_whoever_calls_sees_contact_data_as_their_role_does(role: str, sees: bool) -> None:
    person = make_account("patient", country="DE", locale="de")
    row = EscalationFactory(notice=NoticeFactory(user_id=person.id), user_id=person.id, state="UNREACHED")
    place, staff = f"/admin/notifications/escalation/{row.id}/reach/", signed_in(role)
    masked = f"{person.email[0]}…@"
    assert masked not in staff.get(place).content.decode(), "before it is theirs"
    assert staff.post(place, {"act": "claim"}).status_code == 302
    told = staff.get(place).content.decode()
    assert (masked in told, "German" in told) == (sees, sees)
    assert ("Your role sees no contact data" in told) is not sees
    assert person.email not in told
    assert person.full_name not in told
    looked = AuditEntry.objects.filter(action="user.read", patient_id=person.id)
    assert looked.exists() is sees
