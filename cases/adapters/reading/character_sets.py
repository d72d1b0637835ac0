"""How the letters of a plain text are written, where the file itself does not say.

UTF-8 and a marked UTF-16 prove themselves. Otherwise the character sets of Western Europe are tried: the one counts
under which nothing stands in the text but letters and signs of its languages, in words as they occur. Where none does,
the likeliest of others is taken, and said.
"""

from __future__ import annotations

import re
from typing import Final

from cases.adapters.reading.outcome import Refused

#: As Windows, DOS and the former Macintosh wrote English, German, Spanish and French.
_WESTERN: Final = ("cp1252", "cp850", "mac_roman")
_OTHERS: Final = (
    *("cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp866", "koi8_r"),
    *("gb18030", "big5", "shift_jis", "euc_jp", "euc_kr"),
)
_LETTERS: Final = "äöüÄÖÜßáàâåçéèêëíîïñóôúùûÿœŒÁÀÂÅÇÉÈÊËÍÎÏÑÓÔÚÙÛ"
_SIGNS: Final = "µ°±²³¹«»“”„‚’‘–—…€§·•ªº×½¼¾®©™†‡‰¿¡\u00a0\u00ad"
_STRANGE: Final = re.compile(f"[^\\x00-\\x7f{_LETTERS}{_SIGNS}]")
#: Signs that stand inside words, at their wrong end, or letters in heaps: the words are of another character set.
_SPOILT: Final = re.compile(
    rf"[¿¡](?![^\W\d_])|(?<=[^\W\d_])[¿¡‚„¹²³½¼¾µ±×§†‡‰](?=[^\W\d_])|[{_LETTERS}]{{4}}|(?<![^\W\d_])[{_LETTERS}]{{3,}}(?![^\W\d_])"
    r"|[a-zäöüßáàâçéèêëíîïñóôúùû][ÄÖÜÁÀÂÇÉÈÊËÍÎÏÑÓÔÚÙÛ](?=[^\W\d_])"
)


def decoded(content: bytes) -> tuple[str, tuple[str, ...]]:
    """The text without the end mark of DOS, and what is unsure of it. Raises Refused `wrong_type`."""
    content = content.rstrip(b"\x1a")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _text(content, "utf-16") or _refused(), ()
    for encoding in ("utf-8-sig", *_WESTERN):
        text = _text(content, encoding)
        if text is not None and (encoding not in _WESTERN or not (_STRANGE.search(text) or _SPOILT.search(text))):
            return text, ()
    return _likeliest(content)


def _likeliest(content: bytes) -> tuple[str, tuple[str, ...]]:
    from charset_normalizer import from_bytes

    best = from_bytes(content[:65_536], cp_isolation=list(_OTHERS)).best()
    for encoding in (best.encoding if best else "cp1252", "cp1252"):
        text = _text(content, encoding)
        if text is not None:
            return text, (f"the file does not say how its letters are written; they were read as {encoding}",)
    return _refused(), ()


def _text(content: bytes, encoding: str) -> str | None:
    """The text, or None if it is none so."""
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if any(ord(sign) < 32 and sign not in "\t\n\r\f" for sign in text) else text


def _refused() -> str:
    raise Refused("wrong_type")
