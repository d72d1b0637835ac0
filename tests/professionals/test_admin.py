"""Staff's pages of specialists: the queue, the two-person check, the stop."""

from typing import Any

import pytest
from django.contrib import admin
from django.db import connections
from django.test import Client
from django.test.utils import CaptureQueriesContext

from identity import services as identity
from professionals import services
from professionals.models import AuditEntry, Professional
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code
from tests.professionals.conftest import licence, register, verify

pytestmark = pytest.mark.django_db
MODELS = sorted((m for m in admin.site._registry if m._meta.app_label == "professionals"), key=lambda m: m.__name__)


@pytest.fixture
def signed_in() -> Any:
    def sign_in(*roles: str) -> Client:
        client, account = Client(), make_account(*roles)
        identity.seed_totp(user_id=account.id, secret=TOTP_SECRET)
        answer = client.post("/admin/login/", {"email": account.email, "password": PASSWORD, "code": totp_code()})
        assert answer.status_code == 302
        return client

    return sign_in


def _waiting(**changes: Any) -> services.ProfessionalDTO:
    profile, principal = register()
    services.submit_credentials(principal=principal, licences=[licence(**changes)])
    return profile


def _check(profile: services.ProfessionalDTO) -> str:
    return f"/admin/professionals/professional/{profile.id}/check/"


def _state(profile: services.ProfessionalDTO) -> str:
    return Professional.objects.get(id=profile.id).state


@pytest.mark.parametrize("model", MODELS, ids=lambda m: m.__name__)
def test_every_list_opens_and_leaves_an_audit_row(signed_in, model):
    _waiting()
    response = signed_in("administrator", "privacy_officer").get(f"/admin/professionals/{model._meta.model_name}/")
    assert response.status_code == 200
    assert AuditEntry.objects.filter(action="admin.list", object_type=model._meta.model_name).exists()


def test_two_administrators_verify_and_neither_can_alone(signed_in):
    profile = _waiting(number="BAEK-778812")
    first, second = signed_in("administrator"), signed_in("administrator")
    page = first.get(_check(profile)).content.decode()
    assert "…812" in page
    assert "BAEK-778812" not in page
    assert 'value="approve"' not in page
    first.post(_check(profile), {"form": "prepare", "text": "Register asked on 3 May: valid"})
    assert 'value="approve"' not in first.get(_check(profile)).content.decode()
    first.post(_check(profile), {"form": "approve"})
    assert _state(profile) == "PENDING"
    second.post(_check(profile), {"form": "approve"})
    assert _state(profile) == "VERIFIED"


def test_the_second_administrator_may_reject(signed_in):
    profile = _waiting()
    signed_in("administrator").post(_check(profile), {"form": "prepare", "text": "Unknown to the register"})
    signed_in("administrator").post(_check(profile), {"form": "reject"})
    assert _state(profile) == "REJECTED"


def test_a_check_without_evidence_is_refused_on_its_page(signed_in):
    profile = _waiting()
    page = signed_in("administrator").post(_check(profile), {"form": "prepare", "text": "  "})
    assert page.status_code == 200
    assert not Professional.objects.get(id=profile.id).decisions.exists()


def test_the_medical_director_stops_a_specialist_and_sees_no_licence_number(signed_in):
    profile, principal = register()
    services.submit_credentials(principal=principal, licences=[licence(number="BAEK-990155")])
    verify(profile.id)
    client = signed_in("medical_director")
    assert "…155" not in client.get(_check(profile)).content.decode()
    client.post(_check(profile), {"form": "suspend", "text": "Complaint 12"})
    assert _state(profile) == "SUSPENDED"


def test_a_nurse_sees_the_list_and_may_check_nobody(signed_in):
    profile = _waiting()
    client = signed_in("nurse")
    assert client.get("/admin/professionals/professional/").status_code == 200
    assert client.get(_check(profile)).status_code == 403


def test_a_list_of_fifty_takes_as_many_queries_as_one_of_one(signed_in):
    client = signed_in("administrator")
    _waiting()
    with CaptureQueriesContext(connections["professionals"]) as one:
        client.get("/admin/professionals/professional/")
    for _ in range(12):
        _waiting()
    with CaptureQueriesContext(connections["professionals"]) as many:
        client.get("/admin/professionals/professional/")
    assert len(many) == len(one)
