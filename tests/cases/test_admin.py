"""Staff's pages: every page opens, nothing sealed is shown, steps go through the services with their guards."""

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse

from cases.models import AuditEntry, Case, Document, Offer
from identity import services as identity
from tests.cases.support import INTAKE, OPINION, TRIAGE, Story, make_specialist, profile_id
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code

pytestmark = pytest.mark.django_db
MODELS = sorted((m for m in admin.site._registry if m._meta.app_label == "cases"), key=lambda m: m.__name__)


@pytest.fixture
def signed_in(client: Client) -> Any:
    def sign_in(*roles: str) -> Client:
        account = make_account(*roles)
        identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
        client.post("/admin/login/", {"email": account.email, "password": PASSWORD, "code": totp_code()})
        return client

    return sign_in


def page_of(row: Any, *, then: str = "change") -> str:
    return reverse(f"admin:cases_{row._meta.model_name}_{then}", args=[row.pk])


def steer(story: Story) -> str:
    return f"/admin/cases/case/{story.id}/steer/"


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_list_opens_and_leaves_an_audit_row(signed_in, model) -> None:
    Story().finished()
    client = signed_in("administrator", "privacy_officer")
    response = client.get(reverse(f"admin:cases_{model._meta.model_name}_changelist"))
    assert response.status_code == 200
    assert AuditEntry.objects.filter(action="admin.list", object_type=model._meta.model_name).exists()


def test_every_row_opens_without_telling_what_is_sealed(signed_in) -> None:
    story = Story()
    document = story.put_document()
    story.delivered()
    client = signed_in("administrator", "coordinator")
    shown = [story.row, document, *(m.objects.filter(case=story.id).first() for m in MODELS if _has_case(m))]
    for row in filter(None, shown):
        response = client.get(page_of(row))
        assert response.status_code == 200, row
        told = response.content.decode()
        for secret in (INTAKE["title"], "stenosis", "Bisoprolol", OPINION["summary"], "letter.txt"):
            assert secret not in told


def _has_case(model: Any) -> bool:
    return any(f.name == "case" for f in model._meta.get_fields()) and model is not Document


def test_a_queue_is_a_filter_by_state(signed_in) -> None:
    draft, submitted = Story(), Story().submitted()
    told = signed_in("coordinator").get("/admin/cases/case/?state__exact=SUBMITTED").content.decode()
    assert submitted.row.reference in told
    assert draft.row.reference not in told


def test_a_nurse_triages_a_case_from_its_page(signed_in) -> None:
    story = Story().in_triage()
    client = signed_in("nurse")
    page = client.get(steer(story))
    assert page.status_code == 200
    assert '<option value="T06">Matching</option>' in page.content.decode()
    form = {"form": "step", "to": "T06", "version": story.row.version}
    refused = client.post(steer(story), form, follow=True)
    assert "Record urgency" in refused.content.decode()
    assert story.state == "TRIAGE"
    assert client.post(steer(story), form | TRIAGE).status_code == 302
    assert story.state == "MATCHING"


def test_a_page_that_is_out_of_date_moves_nothing(signed_in) -> None:
    story = Story().in_triage()
    stale = {"form": "step", "to": "T06", "version": story.row.version - 1} | TRIAGE
    answer = signed_in("nurse").post(steer(story), stale)
    assert "changed in the meantime" in answer.content.decode()
    assert story.state == "TRIAGE"


def test_a_step_of_another_role_is_not_offered_and_not_taken(signed_in) -> None:
    story = Story().in_triage()
    client = signed_in("coordinator")
    assert "T06" not in client.get(steer(story)).content.decode()
    client.post(steer(story), {"form": "step", "to": "T06", "version": story.row.version} | TRIAGE)
    assert story.state == "TRIAGE"


def test_a_coordinator_waives_a_record_and_offers_the_case(signed_in) -> None:
    story = Story().submitted()
    client = signed_in("coordinator")
    client.post(steer(story), {"form": "waive", "code": "medical_record", "reason": "none exists"})
    assert story.row.checklist.get().waiver_reason == "none exists"
    ready = Story().in_matching()
    near, far = make_specialist(), make_specialist("US-CA")
    told = client.get(steer(ready)).content.decode()
    assert str(profile_id(near)) in told
    assert f"{profile_id(far)}: no licence for DE" in told
    client.post(steer(ready), {"form": "offer", "professional_id": str(profile_id(near))})
    assert Offer.objects.get(case=ready.id).user_id == near.user_id


def test_a_coordinator_names_the_reviewer_out_of_those_who_may(signed_in, settings) -> None:
    settings.PEER_REVIEWED_SERVICES = ("records",)
    story, peer = Story(), make_specialist()
    story.finished()
    client = signed_in("coordinator")
    told = client.get(steer(story)).content.decode()
    assert "Name the reviewer" in told
    assert f'value="{profile_id(peer)}"' in told
    assert f'value="{profile_id(story.author)}"' not in told
    client.post(steer(story), {"form": "peer", "professional_id": str(profile_id(peer))})
    assert story.row.peer_user_id == peer.user_id


def test_a_coordinator_settles_whose_document_it_is(signed_in) -> None:
    story = Story()
    document = story.put_document("MISMATCHED")
    story.submitted()
    path = f"/admin/cases/document/{document.id}/settle/"
    client = signed_in("coordinator")
    assert client.get(path).status_code == 200
    client.post(path, {"belongs": "yes", "reason": ""})
    assert Document.objects.get(id=document.id).state == "MISMATCHED"
    told = client.post(path, {"belongs": "yes", "reason": "Maiden name."}, follow=True).content.decode()
    assert "second coordinator" in told
    assert Document.objects.get(id=document.id).state == "MISMATCHED"
    client.post(path, {"belongs": "no", "reason": ""})
    assert Document.objects.get(id=document.id).state == "REJECTED"


@pytest.mark.parametrize("role", ["nurse", "support"])
def test_others_do_not_settle_documents(signed_in, role) -> None:
    document = Story().put_document("MISMATCHED")
    response = signed_in(role).post(f"/admin/cases/document/{document.id}/settle/", {"belongs": "yes", "reason": "x"})
    assert response.status_code in (302, 403)
    assert Document.objects.get(id=document.id).state == "MISMATCHED"


def test_a_draft_is_not_steered(signed_in) -> None:
    story = Story()
    assert signed_in("coordinator").get(steer(story)).status_code == 302


def test_a_held_case_can_be_found(signed_in) -> None:
    story = Story().submitted()
    Case.objects.filter(id=story.id).update(hold_reason="Waits for a court.", held_by=story.patient.user_id)
    assert "Waits for a court." in signed_in("coordinator").get(steer(story)).content.decode()


@pytest.mark.parametrize("role", ["patient", "professional"])
def test_nobody_but_staff_gets_in(signed_in, role) -> None:
    assert signed_in(role).get("/admin/cases/case/").status_code == 302
