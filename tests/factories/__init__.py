"""What tests are made of: people by the services that make real ones, and rows by factories, a module a context."""

from tests.factories.people import (
    PASSWORD,
    TOTP_SECRET,
    make_account,
    make_patient,
    make_person,
    password_hash,
    principal_for,
    totp_code,
    with_totp,
)

__all__ = [
    "PASSWORD",
    "TOTP_SECRET",
    "make_account",
    "make_patient",
    "make_person",
    "password_hash",
    "principal_for",
    "totp_code",
    "with_totp",
]
