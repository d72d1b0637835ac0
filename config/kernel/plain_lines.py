"""Names, references and reasons that people read in lists and logs: one line, of signs that can be seen."""

import unicodedata

from config.kernel.errors import FieldError, Invalid

# Between letters of some scripts, and within one picture: they turn nothing around and hide nothing.
_JOINERS = frozenset("\u200c\u200d")
ADVICE = "It holds characters that nobody can see, or that turn the words around; type it again, in one line."


def is_plain_line(text: str) -> bool:
    """Whether there is no control, format, surrogate, private or line-breaking character in it."""
    return not any(
        sign not in _JOINERS and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        for sign in text
    )


def require_plain_line(pointer: str, text: str) -> None:
    """``Invalid`` names the field of a text that is none."""
    if not is_plain_line(text):
        raise Invalid(ADVICE, errors=[FieldError(pointer, "not_plain", ADVICE)])
