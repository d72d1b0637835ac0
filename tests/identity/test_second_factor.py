"""A code works once, wherever and however often it is given at once."""

import base64
import hashlib
from datetime import timedelta

import pytest
from django_otp import device_classes
from django_otp.models import Device

from config.kernel import clock
from config.kernel.crypto import UnreadableSecret
from config.kernel.errors import Conflict, Invalid, TooMany, Unauthenticated
from identity import services
from identity.models import AuditEntry, OutboxEntry, RecoveryCode, RecoveryDevice, TotpSecret
from tests.factories import TOTP_SECRET, make_account, totp_code
from tests.identity.at_once import at_once

pytestmark = pytest.mark.django_db
TRIALS = 5


def _nurse() -> services.AccountDTO:
    account = make_account("nurse")
    services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
    return account


def _enrolled() -> tuple[services.AccountDTO, tuple[str, ...]]:
    account = make_account("nurse")
    secret = services.enrol_totp(user_id=account.id).secret
    return account, services.confirm_totp(user_id=account.id, code=totp_code(secret))


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trial", range(TRIALS))
def test_one_code_at_twenty_places_at_once_is_taken_once(trial: int) -> None:
    account, code = _nurse(), totp_code()
    # From twenty known devices, so that every one of the twenty is checked.
    results, errors = at_once(
        lambda n: services.verify_second_factor(user_id=account.id, code=code, known=f"device {n}")
    )
    assert len(results) == 1
    assert {type(error) for error in errors} == {Unauthenticated}


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trial", range(TRIALS))
def test_one_recovery_code_at_twenty_places_at_once_is_taken_once(trial: int) -> None:
    account, codes = _enrolled()
    results, errors = at_once(lambda _: services.verify_second_factor(user_id=account.id, code=codes[0]))
    assert len(results) == 1
    assert {type(error) for error in errors} == {Unauthenticated}
    assert RecoveryCode.objects.filter(device__user_id=account.id, used_at=None).count() == 9


def test_a_code_used_before_is_refused_in_its_own_window() -> None:
    account, code = _nurse(), totp_code()
    services.verify_second_factor(user_id=account.id, code=code)
    with pytest.raises(Unauthenticated):
        services.verify_second_factor(user_id=account.id, code=code)


@pytest.mark.parametrize(
    ("step", "taken"), [(-3, False), (-2, False), (2, False), (3, False), (-1, True), (0, True), (1, True)]
)
def test_only_the_neighbouring_steps_are_taken(step: int, taken: bool) -> None:
    account, code = _nurse(), totp_code(step=step)
    if taken:
        assert services.verify_second_factor(user_id=account.id, code=code)
    else:
        with pytest.raises(Unauthenticated):
            services.verify_second_factor(user_id=account.id, code=code)


def test_the_window_does_not_wander_with_a_fast_device() -> None:
    account = _nurse()
    services.verify_second_factor(user_id=account.id, code=totp_code(step=1))
    with pytest.raises(Unauthenticated):
        services.verify_second_factor(user_id=account.id, code=totp_code(step=2))


@pytest.mark.parametrize(
    "code", ["", "12345", "1234567", "abcdef", "１２３４５６", "0x1234", "-12345", "123456\x00", " " * 40]
)
def test_what_is_no_code_is_refused_and_breaks_nothing(code: str) -> None:
    with pytest.raises(Unauthenticated):
        services.verify_second_factor(user_id=_nurse().id, code=code)


def test_a_code_of_somebody_else_is_refused() -> None:
    account = _nurse()
    _, codes = _enrolled()
    with pytest.raises(Unauthenticated):
        services.verify_second_factor(user_id=account.id, code=codes[0])


def _wrong(account: services.AccountDTO, known: str = "") -> None:
    with pytest.raises((Unauthenticated, TooMany)):
        services.verify_second_factor(user_id=account.id, code="000000", known=known)


def test_five_wrong_codes_are_checked_and_then_none_for_a_while() -> None:
    account = _nurse()
    for _ in range(40):
        _wrong(account)
    denied = AuditEntry.objects.filter(action="second_factor.verify", outcome="denied", object_id=account.id)
    assert denied.count() == 5
    with pytest.raises(TooMany) as refusal:
        services.verify_second_factor(user_id=account.id, code=totp_code())
    assert refusal.value.retry_after <= 15 * 60


def test_a_stranger_cannot_use_up_the_tries_of_a_known_device() -> None:
    account = _nurse()
    for _ in range(40):
        _wrong(account)
    assert services.verify_second_factor(user_id=account.id, code=totp_code(), known="a device")


def test_a_known_device_has_five_tries_too() -> None:
    account = _nurse()
    for _ in range(5):
        _wrong(account, known="a device")
    with pytest.raises(TooMany):
        services.verify_second_factor(user_id=account.id, code=totp_code(), known="a device")


def test_right_codes_are_not_counted() -> None:
    account = _nurse()
    start = clock.now()
    for number in range(12):
        with clock.frozen(start + timedelta(minutes=number)):
            assert services.verify_second_factor(user_id=account.id, code=totp_code())


def test_a_recovery_code_works_while_no_more_codes_of_the_app_are_taken() -> None:
    account, codes = _enrolled()
    for _ in range(12):
        _wrong(account)
    assert services.verify_second_factor(user_id=account.id, code=codes[5])


def test_no_secret_lies_in_the_tables_as_it_is() -> None:
    account = make_account()
    enrolment = services.enrol_totp(user_id=account.id)
    raw = base64.b32decode(enrolment.secret + "=" * (-len(enrolment.secret) % 8))
    sealed = bytes(TotpSecret.objects.get(user_id=account.id).secret_sealed)
    assert raw not in sealed
    assert len(raw) == 20


def test_no_other_device_than_ours_is_asked_for_a_code() -> None:
    """django-otp's own apps would keep secrets and codes as they are."""
    assert set(device_classes()) == {TotpSecret, RecoveryDevice}


def test_the_database_refuses_a_step_that_was_taken_meanwhile() -> None:
    account, code = _nurse(), totp_code()
    one, twin = (TotpSecret.objects.get(user_id=account.id) for _ in range(2))
    assert (one.verify_token(code), twin.verify_token(code)) == (True, False)


def test_a_device_is_found_by_its_persistent_id() -> None:
    device = TotpSecret.objects.get(user_id=_nurse().id)
    assert Device.from_persistent_id(device.persistent_id) == device


def test_a_secret_moved_to_another_row_opens_nothing() -> None:
    mine, theirs = _nurse(), _nurse()
    sealed = TotpSecret.objects.get(user_id=theirs.id).secret_sealed
    TotpSecret.objects.filter(user_id=mine.id).update(secret_sealed=sealed)
    with pytest.raises(UnreadableSecret):
        services.verify_second_factor(user_id=mine.id, code=totp_code())


def test_recovery_codes_are_long_and_stored_as_hashes() -> None:
    account, codes = _enrolled()
    assert len(set(codes)) == 10
    assert all(len(code.replace("-", "")) == 25 for code in codes)
    stored = {bytes(row.code_hash) for row in RecoveryCode.objects.filter(device__user_id=account.id)}
    assert stored == {hashlib.sha256(code.replace("-", "").encode()).digest() for code in codes}


def test_an_app_counts_only_after_a_code_of_it_was_seen() -> None:
    account = make_account()
    enrolment = services.enrol_totp(user_id=account.id)
    assert not services.has_second_factor(user_id=account.id)
    with pytest.raises(Unauthenticated):
        services.verify_second_factor(user_id=account.id, code=totp_code(enrolment.secret))
    services.confirm_totp(user_id=account.id, code=totp_code(enrolment.secret))
    assert services.has_second_factor(user_id=account.id)


def test_the_code_that_confirmed_the_app_does_not_sign_in_too() -> None:
    account = make_account()
    enrolment = services.enrol_totp(user_id=account.id)
    code = totp_code(enrolment.secret)
    services.confirm_totp(user_id=account.id, code=code)
    with pytest.raises(Unauthenticated):
        services.verify_second_factor(user_id=account.id, code=code)


def test_a_wrong_code_confirms_nothing_and_the_right_one_still_does() -> None:
    account = make_account()
    enrolment = services.enrol_totp(user_id=account.id)
    with pytest.raises(Invalid):
        services.confirm_totp(user_id=account.id, code="000000")
    assert services.confirm_totp(user_id=account.id, code=totp_code(enrolment.secret))


def test_beginning_again_makes_the_first_secret_worthless() -> None:
    account = make_account()
    first, second = (services.enrol_totp(user_id=account.id) for _ in range(2))
    with pytest.raises(Invalid):
        services.confirm_totp(user_id=account.id, code=totp_code(first.secret))
    assert services.confirm_totp(user_id=account.id, code=totp_code(second.secret))


def test_a_second_app_is_refused_while_the_first_is_set_up() -> None:
    with pytest.raises(Conflict):
        services.enrol_totp(user_id=_nurse().id)


def test_changes_are_told_and_recorded() -> None:
    account, codes = _enrolled()
    services.verify_second_factor(user_id=account.id, code=codes[0])
    told = OutboxEntry.objects.filter(name="identity.second_factor.changed.v1", aggregate_id=account.id).order_by(
        "position"
    )
    assert [entry.payload["change"] for entry in told] == ["enrolled", "recovery_code_used"]
    actions = list(AuditEntry.objects.filter(object_id=account.id).order_by("at").values_list("action", flat=True))
    assert actions[-4:] == [
        "second_factor.enrolled",
        "session.end_all",
        "second_factor.recovery_code_used",
        "second_factor.verify",
    ]


def test_no_secret_shows_in_the_text_of_an_enrolment() -> None:
    enrolment = services.enrol_totp(user_id=make_account().id)
    assert enrolment.secret not in repr(enrolment)
