"""Time-based one-time codes (RFC 6238): six digits, half-minutes, the neighbouring step accepted, each step once."""

import unicodedata
from datetime import datetime
from hmac import compare_digest

STEP_SECONDS = 30
TOLERANCE = 1


def plain_code(text: str) -> str:
    """The code without the blanks and hyphens that apps show in it, its digits, of whatever script, as ASCII."""
    kept = "".join(sign for sign in text if not sign.isspace() and sign not in "-\u2010\u2011\u2013\u200e\u200f")
    return "".join(str(unicodedata.decimal(sign, sign)) for sign in kept)


def looks_like_code(text: str) -> bool:
    """Whether it is six ASCII digits."""
    return len(text) == 6 and text.isascii() and text.isdigit()


def matching_step(secret: bytes, code: str, *, at: datetime, after: int) -> int | None:
    """The step that ``code`` belongs to, if it is now's or a neighbour and later than ``after``; else ``None``.

    Every step is computed, whichever matches, so that the time taken tells nothing.
    """
    from django_otp.oath import hotp

    present = int(at.timestamp()) // STEP_SECONDS
    found = None
    for step in range(present - TOLERANCE, present + TOLERANCE + 1):
        right = compare_digest(f"{hotp(secret, step):06d}", code)
        if right and step > after and found is None:
            found = step
    return found
