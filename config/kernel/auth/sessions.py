"""The guard of every request: a token counts while its session is open, known from at most a second ago.

Asked are, in this order: this process' memory, Valkey, the database (by the port
``SESSION_STATE``). An answer is used until ``MAX_AGE`` seconds after the database gave it, wherever it was kept, so a
lost write to Valkey costs a second and no more. Without Valkey the database is asked once a second for each session
and process; without both, nobody is let in (``Unavailable``).
"""

import time
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from uuid import UUID

from django.db import DatabaseError

from config.kernel import clock
from config.kernel.auth import session_store
from config.kernel.auth.principal import Principal
from config.kernel.errors import Unauthenticated, Unavailable
from config.kernel.ports import SESSION_STATE

# Of the second that a revocation may take, a tenth is for the request that is on its way.
MAX_AGE = 0.9
_SIZE = 50_000
_SIGN_IN_AGAIN = "The session has ended; sign in again."


@dataclass(frozen=True)
class SessionState:
    """An open session: its tokens carry ``version``, and none is good after ``until`` (POSIX seconds)."""

    version: int
    until: float


_known: OrderedDict[UUID, tuple[SessionState | None, float]] = OrderedDict()
_lock = Lock()


def require_open_session(principal: Principal) -> None:
    """Raise ``Unauthenticated`` unless the principal's session is open and its token of the present version.

    ``Unavailable`` when nobody can be asked. Nothing is asked about callers who are no person: they have no session.
    """
    if principal.kind != "user":
        return
    if not principal.email_verified:
        # One rule for every route, socket and page: before its address is confirmed an account opens nothing.
        raise Unauthenticated("Confirm your e-mail address first.", code="email_unverified")
    session_id = principal.session_id
    if session_id is None:
        raise Unauthenticated(_SIGN_IN_AGAIN, code="session_ended")
    known = _known.get(session_id)
    state = known[0] if known is not None and known[1] > time.monotonic() else _learn(session_id)
    if state is not None and state.version < principal.session_version:
        # We signed a newer token: what is kept is older than the change of version.
        state = _ask_database(session_id)
    if state is None or state.version != principal.session_version or state.until <= clock.now().timestamp():
        raise Unauthenticated(_SIGN_IN_AGAIN, code="session_ended")


def note_ended_sessions(user_id: UUID, ended: Iterable[UUID], changed: Iterable[UUID] = ()) -> None:
    """Tell every process that sessions of a user ended, or changed their version. Call it after the commit."""
    ended, changed = tuple(ended), tuple(changed)
    for session_id in (*ended, *changed):
        _known.pop(session_id, None)
    session_store.note_end(user_id, ended, changed)


def forget_sessions() -> None:
    """Forget what this process knows (between tests)."""
    _known.clear()


def keep_known(session_id: UUID, state: SessionState | None, seconds: float) -> None:
    """Remember a state in this process for ``seconds``."""
    with _lock:
        _known[session_id] = (state, time.monotonic() + seconds)
        _known.move_to_end(session_id)
        while len(_known) > _SIZE:
            _known.popitem(last=False)


def _learn(session_id: UUID) -> SessionState | None:
    kept, milliseconds = session_store.read(session_id)
    if kept is None or milliseconds <= 0:
        return _ask_database(session_id)
    state = _read(kept)
    keep_known(session_id, state, min(milliseconds / 1000, MAX_AGE))
    return state


def _ask_database(session_id: UUID) -> SessionState | None:
    asked = time.monotonic()
    try:
        state = SESSION_STATE.ask(session_id)
    except DatabaseError as error:
        raise Unavailable("Sessions cannot be checked now; try again.") from error
    left = MAX_AGE - (time.monotonic() - asked)
    if left > 0:
        keep_known(session_id, state, left)
        if state is not None:
            session_store.keep(session_id, f"{state.version}:{state.until}".encode(), max(1, int(left * 1000)))
    return state


def _read(kept: bytes) -> SessionState | None:
    if kept == session_store.ENDED:
        return None
    version, _, until = kept.decode().partition(":")
    return SessionState(int(version), float(until))
