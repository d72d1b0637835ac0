"""The link by which a mail is refused for good with one press (RFC 8058): one category by e-mail, and nothing else.

That of a digest ends digests: of each category whose mails were chosen to come once a day.

The link holds its own proof, so that it works as long as the mail is kept, and whoever guesses finds nothing out.
"""

import base64
import binascii
from hmac import compare_digest
from typing import Final
from uuid import UUID

from config.kernel.conf import setting
from config.kernel.crypto import blind_index
from identity import services as identity
from notifications.domain.categories import ALWAYS, Category, ChannelName, Choice
from notifications.domain.preference_changes import PreferenceChanges
from notifications.domain.preferences import CHOOSABLE
from notifications.services.preferences import change_preferences, choices_of

_MAIL: Final = ChannelName.EMAIL
PATH: Final = "/unsubscribe/"
DIGESTS: Final = "digests"
_PURPOSE: Final = "notifications.unsubscribe"
# Mails are kept for years: a number never changes its meaning.
_NUMBERS: Final[dict[str, int]] = {
    Category.CASE: 1,
    Category.MESSAGES: 2,
    Category.REMINDERS: 3,
    Category.OFFERS: 4,
    Category.ANNOUNCEMENTS: 5,
    DIGESTS: 6,
}
_PROOF_BYTES: Final = 16


def unsubscribe_url(*, user_id: UUID, category: str) -> str:
    """The address that ends mails of a category, or ``DIGESTS``, for somebody; empty for what always comes."""
    if category in ALWAYS:
        return ""
    said = bytes([_NUMBERS[category]]) + user_id.bytes
    token = base64.urlsafe_b64encode(said + _proof(said)).decode()
    return f"{setting('PUBLIC_URL').rstrip('/')}{PATH}{token}"


def unsubscribe(*, token: str) -> None:
    """Switch the category's mails off, if the token is one of ours; nobody is told whether it is."""
    if found := _holder(token):
        user_id, what = found
        held = choices_of(user_ids=[user_id])[user_id]
        digests = [one for one in CHOOSABLE if held.choice(one, _MAIL) is Choice.DIGEST]
        off = {(str(one), str(_MAIL)): Choice.OFF for one in (digests if what == DIGESTS else [what])}
        change_preferences(user_id=user_id, wanted=PreferenceChanges(choices=off), why="unsubscribe_link")


def take_back(*, token: str) -> None:
    """What was chosen before mails were switched off is chosen again."""
    if found := _holder(token):
        user_id, what = found
        held = choices_of(user_ids=[user_id])[user_id]
        off = {
            (str(one), str(_MAIL)): held.former.get((one, _MAIL), Choice.NOW)
            for one in CHOOSABLE
            if held.choice(one, _MAIL) is Choice.OFF
        }
        before = {
            place: former
            for place, former in off.items()
            if place[0] == what or (what == DIGESTS and former is Choice.DIGEST)
        }
        change_preferences(user_id=user_id, wanted=PreferenceChanges(choices=before), why="unsubscribe_undone")


def _holder(token: str) -> tuple[UUID, str] | None:
    """Whose mails, and of which category; joined accounts are reached under the one that is left."""
    try:
        raw = base64.b64decode(token.encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error):
        return None
    said, proof = raw[:-_PROOF_BYTES], raw[-_PROOF_BYTES:]
    what = next((one for one, number in _NUMBERS.items() if said[:1] == bytes([number])), None)
    if len(said) != 17 or what is None or not compare_digest(proof, _proof(said)):
        return None
    user_id = identity.person_now(user_id=UUID(bytes=said[1:]))
    return (user_id, what) if user_id in identity.contacts(user_ids=[user_id]) else None


def _proof(said: bytes) -> bytes:
    return blind_index(_PURPOSE, said.hex())[:_PROOF_BYTES]
