"""How many parts a text message is sent in: GSM 03.38's letters where they are enough, else UCS-2."""

from typing import Final

# A Spanish á is not among them: one such letter makes the whole message UCS-2.
_GSM: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPED: Final = frozenset("\f^{}\\[~]|€")
MAX_SEGMENTS: Final = 3


def sms_segments(text: str) -> int:
    """1 for up to 160 septets or 70 UTF-16 units; a part of several holds 153, or 67."""
    if all(sign in _GSM or sign in _ESCAPED for sign in text):
        # An escaped sign is never parted.
        return _parts([2 if sign in _ESCAPED else 1 for sign in text], whole=160, part=153)
    return _parts([2 if ord(sign) > 0xFFFF else 1 for sign in text], whole=70, part=67)


def _parts(widths: list[int], *, whole: int, part: int) -> int:
    if sum(widths) <= whole:
        return 1
    count, room = 1, part
    for width in widths:
        if width > room:
            count, room = count + 1, part
        room -= width
    return count
