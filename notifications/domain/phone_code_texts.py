"""The text message that proves a telephone number: a code, and nothing of its owner."""

from typing import Final

# Each of one segment: the Spanish one has characters that leave it 70.
_TEXTS: Final = {
    "en": "{code} is your Second Opinion code. We never ask you for it on the telephone.",
    "de": "{code} ist Ihr Code für Second Opinion. Wir fragen Sie nie am Telefon danach.",
    "es": "{code} es tu código de Second Opinion. No se lo digas a nadie.",
}


def phone_code_text(code: str, locale: str) -> str:
    """In the reader's language, else in English."""
    return _TEXTS.get(locale[:2], _TEXTS["en"]).replace("{code}", code)
