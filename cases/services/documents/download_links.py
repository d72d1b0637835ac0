"""Links to an original file, for programs that cannot send a token: a minute, one account, one document, once.

A link that is read over somebody's shoulder, in a log or in a mail opens nothing: whoever opens it must be signed in as
the account that asked for it, or be the client that asked, which was given a second secret beside the link.
"""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hmac import compare_digest
from uuid import UUID

from cases.db import atomic, now
from cases.models import OriginalLink
from cases.services.documents.document_reads import original_file, original_of
from cases.services.documents.dto import DocumentDTO
from config.kernel.audit import record
from config.kernel.auth import Principal, acting_as
from config.kernel.auth.sessions import require_open_session
from config.kernel.crypto import token_hash
from config.kernel.errors import NotFound, Unauthenticated
from identity import services as identity

LIVES = timedelta(seconds=60)
_GONE = "This link is not valid (any more). Ask for a new one."


@dataclass(frozen=True, kw_only=True)
class MadeLink:
    """A link's token, the secret that its client keeps beside it, and when both end."""

    token: str
    client: str
    expires_at: datetime


def document_link(*, principal: Principal, document_id: UUID) -> MadeLink:
    """A link to one document for the caller. Raises what ``original_file`` raises.

    Not an address of the store: what lies there is encrypted by us, and only here is it opened, as the caller and
    while the session it was made in goes on.
    """
    document = original_of(principal, document_id)
    user_id, ends = principal.require_user_id(), now() + LIVES
    token, client = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    with atomic():
        OriginalLink.objects.filter(user_id=user_id, expires_at__lte=now()).delete()
        OriginalLink.objects.create(
            document=document,
            user_id=user_id,
            session_id=principal.session_id,
            session_version=principal.session_version,
            token_hash=token_hash(token),
            client_hash=token_hash(client),
            expires_at=ends,
        )
        _note(document.id, document.patient_id, "success")
    return MadeLink(token=token, client=client, expires_at=ends)


def linked_file(
    *, principal: Principal, token: str, client: str, whole: Callable[[int], bool]
) -> tuple[DocumentDTO, Callable[[int], Iterator[bytes]]]:
    """The file that a link names, for the account or the client that asked for it; each opening is recorded.

    Opened once; after that, parts of the file only (a download that is taken up again): ``whole`` says of a size
    whether all of it is asked for. ``NotFound`` for everybody else, and any link that ended, or whose session has.
    """
    row = (
        OriginalLink.objects.select_related("document")
        .filter(token_hash=token_hash(token), expires_at__gt=now())
        .first()
    )
    if row is None:
        raise NotFound(_GONE)
    if not _asked_by(row, principal, client):
        with atomic():
            _note(row.document_id, row.document.patient_id, "denied")
        raise NotFound(_GONE)
    holder = Principal(
        user_id=row.user_id,
        roles=identity.roles_for(user_id=row.user_id),
        session_id=row.session_id,
        session_version=row.session_version,
        email_verified=True,
    )
    try:
        require_open_session(holder)
    except Unauthenticated:
        raise NotFound(_GONE) from None
    with acting_as(holder), atomic():
        first = OriginalLink.objects.filter(id=row.id, opened_at=None).update(opened_at=now())
        if not first and whole(row.document.size):
            raise NotFound(_GONE)
        return original_file(principal=holder, document_id=row.document_id)


def _asked_by(row: OriginalLink, principal: Principal, client: str) -> bool:
    if principal.is_authenticated:
        return principal.user_id == row.user_id
    return compare_digest(bytes(row.client_hash), token_hash(client))


def _note(document_id: UUID, patient_id: UUID, outcome: str) -> None:
    record(
        context="cases",
        action="document.link",
        patient_id=patient_id,
        object_type="document",
        object_id=document_id,
        outcome=outcome,
    )
