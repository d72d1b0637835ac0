"""One spelling of a mail address, by which accounts are kept and found."""

import unicodedata
from contextlib import suppress


def plain_address(text: str) -> str:
    """Lower case, without blanks around; the domain as people write it, whether it came so or as ``xn--`` (IDNA).

    An ``xn--`` that stands for nothing stays as it is.
    """
    local, at, domain = unicodedata.normalize("NFC", text.strip().lower()).rpartition("@")
    if domain.isascii() and "xn--" in domain:
        with suppress(UnicodeError):
            domain = domain.encode().decode("idna")
    return local + at + domain
