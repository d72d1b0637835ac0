"""Which passwords are taken: length and a block list, no composition rules (NIST SP 800-63B-4, 3.1.1.2)."""

import re
import unicodedata
from collections.abc import Container

MAX_LENGTH = 128
MIN_ALONE = 15
MIN_WITH_SECOND_FACTOR = 8

# Beside the list of leaked ones: what people here would choose, and our own name.
_COMMON = frozenset(
    [
        "passwort",
        "kennwort",
        "contraseña",
        "willkommen",
        "bienvenido",
        "letmein",
        "iloveyou",
        "trustno1",
        "changeme",
        "administrator",
        "qwertz",
        "azerty",
        "secondopinion",
        "second-opinion",
    ]
)
_CONTEXT = ("secondopinion", "second opinion", "second-opinion")


def normalise(password: str) -> str:
    """NFKC, so that one phrase typed on two keyboards is one password."""
    return unicodedata.normalize("NFKC", password)


def faults(
    password: str, *, with_second_factor: bool, about: tuple[str, ...] = (), common: Container[str] = ()
) -> list[tuple[str, str]]:
    """What is wrong with ``password``, as (code, advice); an empty list is a good one.

    ``about`` holds words of the person (address, name) that must not make up the password; ``common`` the block
    list, in lower case.
    """
    text = normalise(password)
    least = MIN_WITH_SECOND_FACTOR if with_second_factor else MIN_ALONE
    found: list[tuple[str, str]] = []
    if len(text) < least:
        found.append(("too_short", f"Use at least {least} characters; a few random words make a good password."))
    if len(text) > MAX_LENGTH:
        found.append(("too_long", f"Use at most {MAX_LENGTH} characters."))
    if "\x00" in text:
        found.append(("invalid", "The password must not contain the NUL character."))
    if _is_common(text.casefold(), common):
        found.append(("common", "This password is among the first that attackers try; choose another."))
    if _is_about(text.casefold(), about):
        found.append(("context", "The password must not be made of your name, your address or our name."))
    return found


def _is_common(text: str, common: Container[str]) -> bool:
    lettered = re.search(r"[^\W\d_](?:.*[^\W\d_])?", text, re.DOTALL)
    core = lettered[0] if lettered else ""
    squeezed = re.sub(r"(.)\1{2,}", r"\1", text)
    repeated = re.fullmatch(r"(.{1,9}?)\1+", text)
    unit = repeated.group(1) if repeated else ""
    sequential = text in "01234567890123456789" or text in "abcdefghijklmnopqrstuvwxyz"
    # What is left when up to four digits or signs are taken off the end.
    shorter = {text[:-n] for n in range(1, 5) if not any(sign.isalpha() for sign in text[-n:])}
    tried = {text, text.strip(), core, unit, *shorter} - {""}
    listed = any(part in common or part in _COMMON for part in tried)
    return listed or len(set(squeezed)) <= 2 or sequential


def _is_about(text: str, about: tuple[str, ...]) -> bool:
    words = {word for phrase in about for word in re.split(r"[\W_]+", phrase.casefold()) if len(word) >= 4}
    rest = text
    for word in (*_CONTEXT, *sorted(words, key=len, reverse=True)):
        rest = rest.replace(word, "")
    return len(re.sub(r"[\W\d_]", "", rest)) < 4 and rest != text
