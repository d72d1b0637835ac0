"""Time-based one-time codes (RFC 6238): six digits, half-minutes, the neighbouring step accepted, each step once."""

from datetime import datetime
from hmac import compare_digest

STEP_SECONDS = 30
TOLERANCE = 1


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
