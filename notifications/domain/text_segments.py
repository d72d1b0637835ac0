"""What a text message is cut into: operators bill, and refuse, by segments."""

from collections.abc import Iterable
from typing import Final

MAX_SEGMENTS: Final = 3
# 3GPP TS 23.038: the basic alphabet, and the characters that take two places. á, í, ó and ú are in neither.
_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED: Final = frozenset("\f^{}\\[~]|€")
# Places of one message, and of each part of a longer one, whose header takes the rest.
_GSM_7: Final = (160, 153)
_UCS_2: Final = (70, 67)


def segments(text: str) -> int:
    """How many segments a text takes: in GSM-7 where its alphabet has every character, else in UCS-2."""
    if all(character in _BASIC or character in _EXTENDED for character in text):
        return _count((2 if character in _EXTENDED else 1 for character in text), *_GSM_7)
    return _count((2 if ord(character) > 0xFFFF else 1 for character in text), *_UCS_2)


def _count(widths: Iterable[int], one: int, each: int) -> int:
    """No character is cut in two, so that a part may end a place early."""
    places = list(widths)
    if sum(places) <= one:
        return 1
    count, used = 1, 0
    for width in places:
        if used + width > each:
            count, used = count + 1, 0
        used += width
    return count
