"""Consent by purpose: to a published wording, told to the others, withdrawn at once."""

import hashlib
from uuid import UUID

import pytest

from config.kernel.errors import NotFound
from identity import services
from identity.domain.consent_texts import PURPOSES, current_texts
from identity.models import AuditEntry, Consent, OutboxEntry
from tests.client import ApiClient
from tests.factories import make_account, make_patient, make_person, principal_for
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db


def _patient(api: ApiClient) -> tuple[ApiClient, UUID]:
    account = make_account()
    return api.as_(principal_for(account)), account.id


def _events(name: str) -> list[tuple[UUID, str]]:
    rows = OutboxEntry.objects.filter(name=f"identity.consent.{name}.v1").order_by("position")
    return [(row.aggregate_id, row.payload["purpose"]) for row in rows]


def test_every_purpose_is_listed_with_its_wording_agreed_or_not(api: ApiClient) -> None:
    client, _ = _patient(api)
    client.post("/consents", {"purpose": "sharing", "text_version": "1"})
    listed = {row["purpose"]: row for row in client.get("/consents").json()}
    assert tuple(listed) == PURPOSES
    assert [purpose for purpose, row in listed.items() if row["granted_at"]] == ["sharing"]
    assert all(len(row["text"]) > 40 for row in listed.values())


@pytest.mark.parametrize("purpose", PURPOSES)
def test_a_grant_keeps_the_hash_of_the_wording_and_is_told(api: ApiClient, purpose: str) -> None:
    client, patient_id = _patient(api)
    assert client.post("/consents", {"purpose": purpose, "text_version": "1"}).status_code == 200
    row = Consent.objects.get(patient_id=patient_id)
    wording = next(text.text for text in current_texts() if text.purpose == purpose)
    assert row.text_sha256 == hashlib.sha256(wording.encode()).hexdigest()
    assert services.active_consents(patient_id=patient_id) == {purpose}
    assert _events("granted") == [(patient_id, purpose)]
    assert AuditEntry.objects.get(action="consent.grant").detail == {"purpose": purpose}


def test_granting_twice_changes_nothing(api: ApiClient) -> None:
    client, patient_id = _patient(api)
    for _ in range(3):
        client.post("/consents", {"purpose": "service", "text_version": "1"})
    assert Consent.objects.filter(patient_id=patient_id).count() == 1
    assert len(_events("granted")) == 1


def test_withdrawing_works_at_once_and_is_told(api: ApiClient) -> None:
    client, patient_id = _patient(api)
    client.post("/consents", {"purpose": "ai_processing", "text_version": "1"})
    assert client.delete("/consents/ai_processing").status_code == 204
    assert services.active_consents(patient_id=patient_id) == frozenset()
    assert _events("withdrawn") == [(patient_id, "ai_processing")]
    assert client.delete("/consents/ai_processing").status_code == 404


def test_a_consent_can_be_given_again_and_its_history_stays(api: ApiClient) -> None:
    client, patient_id = _patient(api)
    for _ in range(2):
        client.post("/consents", {"purpose": "release", "text_version": "1"})
        client.delete("/consents/release")
    client.post("/consents", {"purpose": "release", "text_version": "1"})
    assert Consent.objects.filter(patient_id=patient_id).count() == 3
    assert services.active_consents(patient_id=patient_id) == {"release"}


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"purpose": "marketing", "text_version": "1"}, "#/purpose"),
        ({"purpose": "service", "text_version": "0"}, "#/text_version"),
    ],
)
def test_only_a_published_wording_can_be_agreed_to(api: ApiClient, body: dict[str, str], pointer: str) -> None:
    client, patient_id = _patient(api)
    answer = client.post("/consents", body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (400, pointer)
    assert services.active_consents(patient_id=patient_id) == frozenset()


@pytest.mark.parametrize("role", ["professional", "nurse", "administrator"])
def test_only_patients_consent(api: ApiClient, role: str) -> None:
    client = api.as_(make_person(role))
    assert client.post("/consents", {"purpose": "service", "text_version": "1"}).status_code == 403
    assert client.delete("/consents/service").status_code == 403


def test_an_unconfirmed_address_cannot_consent(api: ApiClient) -> None:
    account = make_account(email_verified=False)
    answer = api.as_(principal_for(account)).post("/consents", {"purpose": "service", "text_version": "1"})
    assert (answer.status_code, answer.json()["code"]) == (401, "email_unverified")


def test_one_patients_consent_is_not_anothers() -> None:
    one, other = make_patient(consents=("sharing",)), make_patient(consents=())
    assert one.user_id
    assert other.user_id
    assert services.active_consents(patient_id=other.user_id) == frozenset()
    with pytest.raises(NotFound):
        services.withdraw_consent(patient_id=other.user_id, purpose="sharing")
    assert services.active_consents(patient_id=one.user_id) == {"sharing"}


@pytest.mark.django_db(transaction=True)
def test_ten_grants_at_once_make_one_consent_and_one_event() -> None:
    account = make_account()
    _, errors = at_once(
        lambda _: services.grant_consent(patient_id=account.id, purpose="service", text_version="1"), 10
    )
    assert errors == []
    assert Consent.objects.filter(patient_id=account.id).count() == 1
    assert len(_events("granted")) == 1
