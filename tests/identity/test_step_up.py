"""Sensitive acts ask for a proof that is at most five minutes old."""

from datetime import timedelta
from typing import Any

import pytest

from config.kernel import clock
from config.kernel.auth import SYSTEM, Principal, fresh_second_factor
from config.kernel.auth.tokens import decode_access
from config.kernel.errors import Forbidden, Unauthenticated
from identity import services
from tests.client import ApiClient, make_principal
from tests.factories import PASSWORD, TOTP_SECRET, make_account, totp_code

pytestmark = pytest.mark.django_db


def _step_up(api: ApiClient, account: services.AccountDTO, **body: str) -> Any:
    access = services.open_session(user_id=account.id).access
    return api.post("/auth/step-up", body, headers={"Authorization": f"Bearer {access}"})


def test_a_stale_proof_is_refused_with_what_to_do() -> None:
    with pytest.raises(Forbidden) as refusal:
        fresh_second_factor(make_principal("patient"))
    assert refusal.value.code == "step_up_required"
    assert "/api/v1/auth/step-up" in refusal.value.detail


def test_a_fresh_proof_names_the_caller_for_five_minutes() -> None:
    principal = make_principal("nurse", mfa=True)
    assert fresh_second_factor(principal) == principal.user_id
    with clock.shifted(timedelta(minutes=5, seconds=1)), pytest.raises(Forbidden):
        fresh_second_factor(principal)


@pytest.mark.parametrize("caller", [SYSTEM, Principal(kind="service")])
def test_who_is_no_person_has_no_proof(caller: Principal) -> None:
    with pytest.raises(Unauthenticated):
        fresh_second_factor(caller)


def test_a_patient_without_a_second_factor_gives_the_password_again(api: ApiClient) -> None:
    answer = _step_up(api, make_account(), password=PASSWORD)
    assert answer.status_code == 200
    assert decode_access(answer.json()["access"]).stepped_up()


def test_a_wrong_password_gives_no_proof(api: ApiClient) -> None:
    answer = _step_up(api, make_account(), password="wrong " + PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (401, "password_wrong")


def test_a_password_does_not_stand_in_for_a_second_factor(api: ApiClient) -> None:
    patient = make_account()
    services.seed_totp(user_id=patient.id, secret=TOTP_SECRET)
    assert _step_up(api, patient, password=PASSWORD).status_code == 401
    assert _step_up(api, patient, code=totp_code()).status_code == 200


def test_staff_without_a_second_factor_have_no_proof_by_password(api: ApiClient) -> None:
    answer = _step_up(api, make_account("nurse"), password=PASSWORD)
    assert (answer.status_code, answer.json()["code"]) == (401, "second_factor_missing")


def test_an_empty_request_is_told_what_to_send(api: ApiClient) -> None:
    assert _step_up(api, make_account()).status_code == 400
