"""The commonest passwords: 20,000 from leaks, as collected by Royce Williams and shipped with Django (BSD licence)."""

from functools import cache


@cache
def common_passwords() -> frozenset[str]:
    """In lower case; read once, when the first password is chosen."""
    from django.contrib.auth.password_validation import CommonPasswordValidator

    return frozenset(CommonPasswordValidator().passwords)
