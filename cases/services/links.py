"""Links to an original file, for programs that cannot send a token: a minute, one person, one document."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

from django.core.signing import BadSignature, Signer

from cases.db import atomic, now
from cases.services.documents import original_file, original_of
from cases.services.dto import DocumentDTO
from config.kernel.audit import record
from config.kernel.auth import Principal, acting_as
from config.kernel.auth.sessions import require_open_session
from config.kernel.errors import NotFound, Unauthenticated
from identity import services as identity

LIVES = timedelta(seconds=60)
_SALT = "cases.document-link"


def document_link(*, principal: Principal, document_id: UUID) -> tuple[str, datetime]:
    """A token for one document and the caller, and when it ends. Raises what ``original_file`` raises.

    Not an address of the store: what lies there is encrypted by us, and only here is it opened, as the caller and
    while the session it was made in goes on.
    """
    document = original_of(principal, document_id)
    ends = now() + LIVES
    with atomic():
        record(
            context="cases",
            action="document.link",
            patient_id=document.patient_id,
            object_type="document",
            object_id=document.id,
        )
    told = {
        "document": str(document_id),
        "user": str(principal.user_id),
        "session": str(principal.session_id or ""),
        "version": principal.session_version,
        "ends": int(ends.timestamp()),
    }
    return Signer(salt=_SALT).sign_object(told), ends


def linked_file(*, token: str) -> tuple[DocumentDTO, Callable[[int], Iterator[bytes]]]:
    """The file that a link names; ``NotFound`` for any link that is not ours, has ended, or whose session has."""
    try:
        told = Signer(salt=_SALT).unsign_object(token)
    except (BadSignature, ValueError):
        raise NotFound("This link is not valid (any more). Ask for a new one.") from None
    user_id = UUID(told["user"])
    holder = Principal(
        user_id=user_id,
        roles=identity.roles_for(user_id=user_id),
        session_id=UUID(told["session"]) if told["session"] else None,
        session_version=told["version"],
    )
    if now().timestamp() > told["ends"]:
        raise NotFound("This link is not valid (any more). Ask for a new one.")
    try:
        require_open_session(holder)
    except Unauthenticated:
        raise NotFound("This link is not valid (any more). Ask for a new one.") from None
    with acting_as(holder):
        return original_file(principal=holder, document_id=UUID(told["document"]))
