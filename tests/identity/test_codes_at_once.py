"""The figures of the reference: one code, twenty times at once, fifty times over: fifty accepted."""

import pytest

from config.kernel.errors import Unauthenticated
from identity import services
from identity.models import RecoveryCode
from tests.factories import TOTP_SECRET, make_account, totp_code
from tests.identity.at_once import at_once

pytestmark = [pytest.mark.slow, pytest.mark.django_db(transaction=True)]
TRIALS = 50


def test_fifty_app_codes_at_twenty_places_are_accepted_fifty_times() -> None:
    accepted = refused = 0
    for _ in range(TRIALS):
        account = make_account("nurse")
        services.seed_totp(user_id=account.id, secret=TOTP_SECRET)
        code = totp_code()
        results, errors = at_once(
            lambda n, user=account.id, code=code: services.verify_second_factor(
                user_id=user, code=code, known=f"device {n}"
            )
        )
        accepted, refused = accepted + len(results), refused + len(errors)
        assert {type(error) for error in errors} == {Unauthenticated}
    assert (accepted, refused) == (50, 950)


def test_fifty_recovery_codes_at_twenty_places_are_accepted_fifty_times() -> None:
    accepted = 0
    account = make_account("nurse")
    for _ in range(TRIALS // 10):
        secret = services.enrol_totp(user_id=account.id).secret
        for code in services.confirm_totp(user_id=account.id, code=totp_code(secret)):
            results, _ = at_once(
                lambda _, user=account.id, code=code: services.verify_second_factor(user_id=user, code=code)
            )
            accepted += len(results)
        assert not RecoveryCode.objects.filter(device__user_id=account.id, used_at=None).exists()
        account = make_account("nurse")
    assert accepted == 50
