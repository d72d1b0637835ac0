"""Keyed lexemes: a word's stem becomes ten bytes of HMAC-SHA-256, so that an index is searched without holding words.

The same stem gives the same lexeme everywhere: how often stems occur, and together, can be seen in the index.
"""

import base64
import hmac
from collections.abc import Iterable
from functools import lru_cache

from config.kernel.conf import setting

# 80 bits: two of ten million different stems collide with a chance of less than one in ten thousand million.
LEXEME_HEX = 20


def keyed_lexemes(purpose: str, language: str, stems: Iterable[str]) -> list[str]:
    """One lexeme of 20 hexadecimal digits for each stem; equal ones only within one purpose and language."""
    key = _key(setting("BLIND_INDEX_KEY"), f"{purpose}\x1f{language}")
    return [hmac.digest(key, stem.encode(), "sha256").hex()[:LEXEME_HEX] for stem in stems]


@lru_cache(maxsize=64)
def _key(root: str, purpose: str) -> bytes:
    return hmac.digest(base64.b64decode(root), b"lexemes\x1f" + purpose.encode(), "sha256")
