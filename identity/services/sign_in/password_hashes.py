"""Password hashes: one of today's cost for every caller, whatever is stored for the address, or nothing."""

import time
from collections import deque
from statistics import median

from django.contrib.auth.hashers import get_hasher, make_password, verify_password

from identity.models import User

# How long hashes of today's cost took in this process lately, in seconds.
_lately: deque[float] = deque(maxlen=32)


def password_matches(user: User | None, text: str) -> bool:
    """Whether ``text`` (NFKC) is the active user's password. Takes the same time for every answer.

    A hash of an older, cheaper setting is waited out to the time of today's; a right password is hashed anew.
    """
    started = time.perf_counter()
    if user is None:
        make_password(text)
        _lately.append(time.perf_counter() - started)
        return False
    right, old = verify_password(text, user.password)
    if not old:
        _lately.append(time.perf_counter() - started)
    elif right:
        User.objects.filter(id=user.id, password=user.password).update(password=make_password(text))
    else:
        time.sleep(max(0.0, _usual_seconds(text) - (time.perf_counter() - started)))
    return right and user.is_active


def _usual_seconds(text: str) -> float:
    if not _lately:
        started = time.perf_counter()
        get_hasher().encode(text, get_hasher().salt())
        _lately.append(time.perf_counter() - started)
    return median(_lately)
