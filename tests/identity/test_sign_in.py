"""Signing in: one answer to every wrong try, a second factor where the role wants one."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.auth.tokens import decode_access
from identity import services
from identity.models import AuditEntry, User
from tests.client import ApiClient
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code

pytestmark = pytest.mark.django_db
STAFF = ["coordinator", "nurse", "medical_director", "privacy_officer", "support", "administrator", "professional"]


def _log_in(api: ApiClient, email: str, password: str = PASSWORD) -> Any:
    return api.post("/auth/login", {"email": email, "password": password, "device": "Firefox on Linux"})


def _bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def test_a_patient_signs_in_by_password(api: ApiClient) -> None:
    account = make_account(country="DE")
    body = _log_in(api, account.email.upper()).json()
    assert set(body) == {"access", "refresh", "expires_in", "token_type", "device_token"}
    assert (body["expires_in"], body["token_type"]) == (300, "Bearer")
    principal = decode_access(body["access"])
    assert (principal.user_id, principal.roles, principal.mfa_at) == (account.id, frozenset({"patient"}), None)


@pytest.mark.parametrize("role", STAFF)
def test_professionals_and_staff_get_no_tokens_for_a_password_alone(api: ApiClient, role: str) -> None:
    body = _log_in(api, make_account(role).email).json()
    assert set(body) == {"second_factor_required", "enrolment_required", "pending_token"}
    assert body["second_factor_required"]
    assert body["enrolment_required"]


def test_a_patient_with_a_second_factor_is_asked_for_it(api: ApiClient) -> None:
    account = make_account()
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    pending = _log_in(api, account.email).json()["pending_token"]
    answer = api.post("/auth/second-factor", {"pending_token": pending, "code": totp_code()})
    principal = decode_access(answer.json()["access"])
    assert principal.user_id == account.id
    assert principal.stepped_up()


def test_every_wrong_try_looks_the_same(api: ApiClient) -> None:
    known, inactive = make_account(), make_account()
    User.objects.filter(id=inactive.id).update(is_active=False)
    answers = [
        _log_in(api, known.email, "wrong " + PASSWORD),
        _log_in(api, "nobody@example.org"),
        _log_in(api, inactive.email),
        _log_in(api, inactive.email, "wrong " + PASSWORD),
    ]
    bodies = [{k: v for k, v in a.json().items() if k != "request_id"} for a in answers]
    assert bodies == [bodies[0]] * 4
    assert {a.status_code for a in answers} == {401}
    assert bodies[0]["code"] == "credentials_wrong"


def test_every_try_is_recorded_and_no_secret_with_it(api: ApiClient) -> None:
    account = make_account()
    _log_in(api, account.email, "wrong " + PASSWORD)
    _log_in(api, account.email)
    rows = AuditEntry.objects.filter(action="session.open").order_by("at")
    assert [row.outcome for row in rows] == ["denied", "success"]
    assert rows[0].object_id == account.id
    assert PASSWORD not in "".join(str(vars(row)) for row in rows)


def test_a_pending_token_opens_nothing_but_the_second_step(api: ApiClient) -> None:
    pending = _log_in(api, make_account("nurse").email).json()["pending_token"]
    for path in ("/profile/me", "/sessions", "/consents"):
        assert api.get(path, headers=_bearer(pending)).status_code == 401
    assert api.post("/auth/logout", headers=_bearer(pending)).status_code == 401


def test_an_access_token_is_no_pending_token(api: ApiClient) -> None:
    account = make_account()
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    access = services.open_session(user_id=account.id).access
    answer = api.post("/auth/second-factor", {"pending_token": access, "code": totp_code()})
    assert (answer.status_code, answer.json()["code"]) == (401, "token_invalid")


def test_a_pending_token_ends_after_five_minutes(api: ApiClient) -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    pending = _log_in(api, account.email).json()["pending_token"]
    with clock.shifted(timedelta(minutes=5)):
        assert api.post("/auth/second-factor", {"pending_token": pending, "code": totp_code()}).status_code == 401
    assert api.post("/auth/second-factor", {"pending_token": pending, "code": totp_code()}).status_code == 200


def test_a_pending_token_of_an_account_switched_off_is_dead(api: ApiClient) -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    pending = _log_in(api, account.email).json()["pending_token"]
    User.objects.filter(id=account.id).update(is_active=False)
    assert api.post("/auth/second-factor", {"pending_token": pending, "code": totp_code()}).status_code == 401


def test_a_professional_sets_the_second_factor_up_on_the_way_in(api: ApiClient) -> None:
    account = make_account("professional")
    pending = _log_in(api, account.email).json()["pending_token"]
    enrolment = api.post("/auth/totp", {"pending_token": pending}).json()
    assert enrolment["otpauth_url"].startswith("otpauth://totp/Second%20Opinion:")
    assert enrolment["secret"] in enrolment["otpauth_url"]
    wrong = api.post("/auth/totp/confirm", {"pending_token": pending, "code": "000000"})
    assert (wrong.status_code, wrong.json()["code"]) == (400, "code_wrong")
    code = totp_code(enrolment["secret"])
    answer = api.post("/auth/totp/confirm", {"pending_token": pending, "code": code}).json()
    assert len(set(answer["recovery_codes"])) == 10
    assert decode_access(answer["access"]).stepped_up()
    assert not _log_in(api, account.email).json()["enrolment_required"]


def test_a_password_alone_cannot_replace_a_second_factor(api: ApiClient) -> None:
    account = make_account("professional")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    pending = _log_in(api, account.email).json()["pending_token"]
    answer = api.post("/auth/totp", {"pending_token": pending})
    assert (answer.status_code, answer.json()["code"]) == (409, "second_factor_exists")
    assert api.post("/auth/totp/confirm", {"pending_token": pending, "code": totp_code()}).status_code == 409


def test_a_recovery_code_gets_in_once(api: ApiClient) -> None:
    account = make_account("professional")
    secret = services.enrol_totp(user_id=account.id).secret
    codes = services.confirm_totp(user_id=account.id, code=totp_code(secret))
    for expected in (200, 401):
        pending = _log_in(api, account.email).json()["pending_token"]
        answer = api.post("/auth/second-factor", {"pending_token": pending, "code": codes[3].lower()})
        assert answer.status_code == expected


def test_stepping_up_makes_the_token_fresh(api: ApiClient) -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    stale = services.open_session(user_id=account.id).access
    assert not decode_access(stale).stepped_up()
    fresh = api.post("/auth/step-up", {"code": totp_code()}, headers=_bearer(stale)).json()["access"]
    assert decode_access(fresh).stepped_up()
    assert decode_access(fresh).session_id == decode_access(stale).session_id


def test_stepping_up_lasts_five_minutes(api: ApiClient) -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    principal = decode_access(services.open_session(user_id=account.id, mfa_at=clock.now()).access)
    with clock.shifted(timedelta(minutes=4, seconds=58)):
        assert principal.stepped_up()
    with clock.shifted(timedelta(minutes=5, seconds=1)):
        assert not principal.stepped_up()


def test_stepping_up_with_a_wrong_code_gives_no_token(api: ApiClient) -> None:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    access = services.open_session(user_id=account.id).access
    answer = api.post("/auth/step-up", {"code": "000000"}, headers=_bearer(access))
    assert (answer.status_code, answer.json()["code"]) == (401, "code_wrong")


def test_stepping_up_without_a_second_factor_says_what_to_do(api: ApiClient) -> None:
    access = services.open_session(user_id=make_account().id).access
    answer = api.post("/auth/step-up", {"code": "123456"}, headers=_bearer(access))
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_missing")


def test_signing_out_ends_the_session(api: ApiClient) -> None:
    sign_in = services.open_session(user_id=make_account().id)
    assert api.post("/auth/logout", headers=_bearer(sign_in.access)).status_code == 204
    assert api.post("/auth/refresh", {"refresh": sign_in.refresh}).status_code == 401
