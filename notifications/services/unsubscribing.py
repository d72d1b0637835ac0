"""The link by which a mail is refused for good with one press (RFC 8058): one category by e-mail, and nothing else.

That of a digest ends digests: of each category whose mails were chosen to come once a day.
"""

import base64
import binascii
from hmac import compare_digest
from typing import Final
from uuid import UUID

from identity import services as identity
from notifications.domain.categories import ChannelName, Choice
from notifications.domain.preference_changes import PreferenceChanges
from notifications.domain.preferences import CHOOSABLE
from notifications.services.choices import choices_of
from notifications.services.preferences import BY_LINK, change_preferences
from notifications.services.unsubscribe_links import DIGESTS, NUMBERS, PROOF_BYTES, proof_of

_MAIL: Final = ChannelName.EMAIL


def unsubscribe(*, token: str) -> None:
    """Switch the category's mails off, if the token is one of ours; nobody is told whether it is."""
    if found := _holder(token):
        user_id, what = found
        held = choices_of(user_ids=[user_id])[user_id]
        digests = [one for one in CHOOSABLE if held.choice(one, _MAIL) is Choice.DIGEST]
        off = {(str(one), str(_MAIL)): Choice.OFF for one in (digests if what == DIGESTS else [what])}
        change_preferences(user_id=user_id, wanted=PreferenceChanges(choices=off), why=BY_LINK)


def take_back(*, token: str) -> None:
    """What was chosen before a link ended mails is chosen again; what somebody ended in their account stays ended."""
    if found := _holder(token):
        user_id, what = found
        held = choices_of(user_ids=[user_id])[user_id]
        off = {
            (str(one), str(_MAIL)): held.former[one, _MAIL]
            for one in CHOOSABLE
            if held.choice(one, _MAIL) is Choice.OFF and (one, _MAIL) in held.former
        }
        before = {
            place: former
            for place, former in off.items()
            if place[0] == what or (what == DIGESTS and former is Choice.DIGEST)
        }
        change_preferences(user_id=user_id, wanted=PreferenceChanges(choices=before), why="unsubscribe_undone")


def category_of_link(*, token: str) -> str:
    """The category, or ``DIGESTS``, that a link says it is about; empty where it says none.

    Whether the link is one of ours, and whose, is not asked for it: a page that names the kind tells nothing of that.
    """
    return _category(_decoded(token))


def _holder(token: str) -> tuple[UUID, str] | None:
    """Whose mails, and of which category; joined accounts are reached under the one that is left."""
    raw = _decoded(token)
    said, proof = raw[:-PROOF_BYTES], raw[-PROOF_BYTES:]
    what = _category(raw)
    if not what or not compare_digest(proof, proof_of(said)):
        return None
    user_id = identity.person_now(user_id=UUID(bytes=said[1:]))
    return (user_id, what) if user_id in identity.contacts(user_ids=[user_id]) else None


def _decoded(token: str) -> bytes:
    try:
        return base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return b""


def _category(raw: bytes) -> str:
    if len(raw) != 17 + PROOF_BYTES:
        return ""
    return next((one for one, number in NUMBERS.items() if raw[0] == number), "")
