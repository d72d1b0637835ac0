"""Secrets that lay in django-otp's table are sealed and gone from there."""

from importlib import import_module

import pytest
from django.apps import apps
from django_otp.plugins.otp_totp.models import TOTPDevice

from identity import services
from identity.models import TotpSecret
from tests.factories import TOTP_SECRET, make_account, totp_code

pytestmark = pytest.mark.django_db
migration = import_module("identity.migrations.0004_seal_totp_secrets")


def _device(user_id: object, *, confirmed: bool = True) -> TOTPDevice:
    import base64

    key = base64.b32decode(TOTP_SECRET).hex()
    return TOTPDevice.objects.create(user_id=user_id, key=key, confirmed=confirmed, tolerance=1, name="app")


def test_a_confirmed_app_works_on_and_nothing_plain_remains() -> None:
    account = make_account("nurse")
    _device(account.id)
    migration.seal(apps, None)
    assert not TOTPDevice.objects.exists()
    assert services.has_second_factor(user_id=account.id)
    assert services.verify_second_factor(user_id=account.id, code=totp_code())


def test_an_app_that_was_never_confirmed_is_forgotten() -> None:
    account = make_account()
    _device(account.id, confirmed=False)
    migration.seal(apps, None)
    assert not TOTPDevice.objects.exists()
    assert not TotpSecret.objects.exists()


def test_of_two_apps_one_is_kept_and_a_second_run_does_nothing() -> None:
    account = make_account("nurse")
    _device(account.id)
    _device(account.id)
    migration.seal(apps, None)
    migration.seal(apps, None)
    assert TotpSecret.objects.filter(user_id=account.id).count() == 1
