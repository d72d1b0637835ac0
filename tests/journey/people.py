"""The people of the journey: how each signs in."""

from __future__ import annotations

import base64
import email
import hashlib
import hmac
import re
import struct
import time
from email.policy import default
from pathlib import Path
from typing import Any

from tests.journey.http import Caller, StepFailed
from tests.journey.timeline import wait_for


def totp(secret: str, at: float | None = None) -> str:
    """The six digits that an authenticator app shows (RFC 6238: SHA-1, 30 seconds)."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    step = int((time.time() if at is None else at) // 30)
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0xF
    number = struct.unpack(">I", digest[offset : offset + 4])[0] & 0x7FFFFFFF
    return f"{number % 1_000_000:06d}"


def sign_in(base_url: str, name: str, login: dict[str, Any]) -> Caller:
    """Sign in by password and, where the account has one, second factor."""
    caller = Caller(base_url, name)
    answer = caller.post("/auth/login", {"email": login["email"], "password": login["password"]})
    if "pending_token" in answer:
        answer = wait_for(f"a fresh code of {name}", lambda: _second_factor(caller, answer, login), pause=2)
    caller.token = answer["access"]
    caller.refresh_token = answer["refresh"]
    return caller


def _second_factor(caller: Caller, pending: dict[str, Any], login: dict[str, Any]) -> Any:
    """A code works once: when it was used a moment ago, the next one is waited for."""
    body = {"pending_token": pending["pending_token"], "code": totp(login["totp"])}
    try:
        return caller.post("/auth/second-factor", body)
    except StepFailed as failure:
        if "code_wrong" in str(failure):
            return None
        raise


def mailed_token(mailbox: Path, address: str, *, since: float) -> str:
    """The token of the newest link mailed to ``address``, read from the real mail."""
    return wait_for(f"the mail to {address}", lambda: _newest_token(mailbox, address, since))


def mails_to(mailbox: Path, address: str, *, since: float = 0) -> list[str]:
    """The text of every mail to ``address``, oldest first."""
    found = []
    for path in sorted(mailbox.glob("*.eml")):
        if path.stat().st_mtime < since - 1:
            continue
        message = email.message_from_bytes(path.read_bytes(), policy=default)
        if address in str(message["X-Envelope-To"]):
            body = message.get_body(("plain",))
            found.append(f"{message['Subject']}\n{body.get_content() if body else ''}")
    return found


def _newest_token(mailbox: Path, address: str, since: float) -> str | None:
    for text in reversed(mails_to(mailbox, address, since=since)):
        if match := re.search(r"#token=([\w-]+)", text):
            return match.group(1)
    return None
