"""Second factors over HTTP: set up with a QR code, renewed, counted, removed; lost ones by two administrators."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest

from config.kernel import clock
from config.kernel.auth import Principal
from identity import services
from identity.models import AuditEntry, OutboxEntry, RecoveryCase, RecoveryCode, Session, TotpSecret
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account, make_person, principal_for, totp_code
from tests.observations import session_is_open

pytestmark = pytest.mark.django_db
REASON = {"reason": "Phone stolen; identity checked by video call."}


def _with_app(role: str = "patient") -> Principal:
    person = make_person(role)
    services.seed_totp(user_id=person.require_user_id(), secret=TOTP_SECRET)
    return person


def _changes(person: Principal) -> list[str]:
    rows = OutboxEntry.objects.filter(name="identity.second_factor.changed.v1", aggregate_id=person.user_id)
    return [row.payload["change"] for row in rows.order_by("position")]


def test_an_app_is_set_up_with_a_qr_code_and_shown_in_the_list(api: ApiClient) -> None:
    mine = api.as_(make_person("patient"))
    enrolment = mine.post("/auth/totp", {}).json()
    assert enrolment["qr_svg"].startswith("<?xml") or enrolment["qr_svg"].startswith("<svg")
    assert "<path" in enrolment["qr_svg"]
    codes = mine.post("/auth/totp/confirm", {"code": totp_code(enrolment["secret"])}).json()["recovery_codes"]
    assert len(codes) == 10
    listed = mine.get("/auth/second-factors").json()
    assert listed == {"authenticator_app": True, "passkeys": 0, "recovery_codes_left": 10}


def test_setting_up_asks_for_a_fresh_proof(api: ApiClient) -> None:
    stale = api.as_(make_person("patient", mfa=False))
    for path, body in (("/auth/totp", {}), ("/auth/totp/confirm", {"code": "123456"}), ("/auth/recovery-codes", {})):
        answer = stale.post(path, body)
        assert (answer.status_code, answer.json()["code"]) == (403, "step_up_required")
    assert api.post("/auth/totp", {}).status_code == 401


def test_new_recovery_codes_end_the_old_ones(api: ApiClient) -> None:
    person = make_person("nurse")
    secret = services.enrol_totp(user_id=person.require_user_id()).secret
    old = services.confirm_totp(user_id=person.require_user_id(), code=totp_code(secret))
    new = api.as_(person).post("/auth/recovery-codes").json()["recovery_codes"]
    assert not set(old) & set(new)
    assert RecoveryCode.objects.filter(device__user_id=person.user_id).count() == 10
    assert services.verify_second_factor(user_id=person.require_user_id(), code=new[0])
    assert "recovery_codes_renewed" in _changes(person)


def test_recovery_codes_need_a_second_factor(api: ApiClient) -> None:
    answer = api.as_(make_person("patient")).post("/auth/recovery-codes")
    assert (answer.status_code, answer.json()["code"]) == (409, "second_factor_missing")


def test_the_owner_hears_when_few_codes_are_left() -> None:
    person = make_person("nurse")
    secret = services.enrol_totp(user_id=person.require_user_id()).secret
    codes = services.confirm_totp(user_id=person.require_user_id(), code=totp_code(secret))
    for code in codes[:8]:
        services.verify_second_factor(user_id=person.require_user_id(), code=code)
    assert _changes(person)[1:] == ["recovery_code_used"] * 6 + ["recovery_codes_low"] * 2
    assert services.recovery_codes_left(user_id=person.require_user_id()) == 2


def test_the_owner_removes_it_after_a_fresh_proof_and_other_sessions_end(api: ApiClient) -> None:
    account = make_account()
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    mine, other = (services.open_session(user_id=account.id).session_id for _ in range(2))
    stale = api.as_(principal_for(account, mfa=False, session_id=mine))
    assert stale.delete(f"/users/{account.id}/2fa", json={}).status_code == 403
    fresh = api.as_(principal_for(account, session_id=mine))
    assert fresh.delete(f"/users/{account.id}/2fa", json={}).status_code == 204
    assert not services.has_second_factor(user_id=account.id)
    assert not TotpSecret.objects.filter(user_id=account.id).exists()
    assert list(Session.objects.filter(user_id=account.id, ended_at=None).values_list("id", flat=True)) == [mine]
    assert Session.objects.get(id=other).end_reason == "second_factor"
    assert fresh.delete(f"/users/{account.id}/2fa", json={}).status_code == 401
    refreshed = api.as_(replace(principal_for(account, session_id=mine), session_version=2))
    assert refreshed.delete(f"/users/{account.id}/2fa", json={}).status_code == 409


@pytest.mark.parametrize(
    ("role", "status"),
    [("patient", 404), ("professional", 404), ("support", 403), ("nurse", 403), ("administrator", 202)],
)
def test_who_may_ask_for_the_removal_of_another_ones(api: ApiClient, role: str, status: int) -> None:
    owner = _with_app()
    caller = api.as_(make_person(role))
    assert caller.delete(f"/users/{owner.user_id}/2fa", json=REASON).status_code == status
    assert api.delete(f"/users/{owner.user_id}/2fa", json=REASON).status_code == 401
    assert services.has_second_factor(user_id=owner.require_user_id())


def test_two_administrators_remove_a_lost_one_and_the_owner_is_told_twice(api: ApiClient) -> None:
    owner, opener, approver = _with_app(), make_person("administrator"), make_person("administrator")
    session = services.open_session(user_id=owner.require_user_id())
    assert api.as_(opener).delete(f"/users/{owner.user_id}/2fa", json=REASON).status_code == 202
    approval = f"/users/{owner.user_id}/2fa/approval"
    alone = api.as_(opener).post(approval)
    assert (alone.status_code, alone.json()["code"]) == (403, "second_person_needed")
    assert api.as_(approver).post(approval).status_code == 204
    assert not services.has_second_factor(user_id=owner.require_user_id())
    assert not session_is_open(session_id=session.session_id)
    assert _changes(owner) == ["removal_asked_by_staff", "removed_by_staff"]
    assert api.as_(approver).post(approval).status_code == 404
    actions = set(AuditEntry.objects.filter(patient_id=owner.user_id).values_list("action", flat=True))
    assert {"recovery.open", "recovery.approve"} <= actions


def test_a_recovery_case_needs_a_reason_which_is_stored_sealed(api: ApiClient) -> None:
    owner, administrator = _with_app(), make_person("administrator")
    assert api.as_(administrator).delete(f"/users/{owner.user_id}/2fa", json={"reason": "lost"}).status_code == 400
    api.as_(administrator).delete(f"/users/{owner.user_id}/2fa", json=REASON)
    assert b"video" not in bytes(RecoveryCase.objects.get(user_id=owner.user_id).reason_sealed)


def test_a_recovery_case_ends_after_a_day(api: ApiClient) -> None:
    owner, opener, approver = _with_app(), make_person("administrator"), make_account("administrator")
    api.as_(opener).delete(f"/users/{owner.user_id}/2fa", json=REASON)
    with clock.shifted(timedelta(hours=24, seconds=1)):
        assert api.as_(principal_for(approver)).post(f"/users/{owner.user_id}/2fa/approval").status_code == 404


def test_administrators_prove_afresh_that_it_is_them(api: ApiClient) -> None:
    owner = _with_app()
    stale = api.as_(make_person("administrator", mfa=False))
    assert stale.delete(f"/users/{owner.user_id}/2fa", json=REASON).status_code == 403
    assert stale.post(f"/users/{owner.user_id}/2fa/approval").status_code == 403
    assert api.as_(make_person("administrator")).delete(f"/users/{uuid4()}/2fa", json=REASON).status_code == 404


def test_password_and_code_sign_in_in_one_step(api: ApiClient) -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    body = {"email": account.email, "password": PASSWORD}
    assert "access" in api.post("/auth/login", body | {"code": totp_code()}).json()
    assert api.post("/auth/login", body | {"code": "000000"}).status_code == 401


def test_a_pending_sign_in_has_five_tries(api: ApiClient) -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    pending = api.post("/auth/login", {"email": account.email, "password": PASSWORD}).json()["pending_token"]

    def answer(code: str) -> Any:
        return api.post("/auth/second-factor", {"pending_token": pending, "code": code}).status_code

    # Recovery codes are not counted for the account: what refuses the sixth try is the pending token's own count.
    assert [answer("AAAAA-AAAAA-AAAAA-AAAAA-AAAAA") for _ in range(5)] == [401] * 5
    assert answer(totp_code()) == 429
