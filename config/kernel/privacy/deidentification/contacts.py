"""Addresses in the net: mail, however it is split, and pages."""

import re
from collections.abc import Iterator

MAIL = re.compile(r"[\w.+-]{1,64}+(?:@[\w-]+(?:\.[\w-]+)+)+")
PAGE = re.compile(r"\b(?:(?:https?|ftps?)://|www\.)\S+", re.IGNORECASE)
_SPLIT_MAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}+[ \t]{0,2}\n?[ \t]{0,4}(?:@|[(\[{][ \t]?(?:at|ät|arroba|arobase|@)[ \t]?[)\]}])"
    r"[ \t]{0,2}\n?[ \t]{0,4}[\w-]{1,63}(?:(?:\.\n?|[ \t]?[(\[{][ \t]?(?:dot|punkt|point|punto"
    r"|\.)[ \t]?[)\]}][ \t]?)[\w-]{1,63}"
    r"|[ \t]\.[ \t]?[a-z]{2,10}\b){1,5}",
    re.IGNORECASE,
)
# A host without its scheme, by the ends that hosts have.
_HOST = re.compile(
    r"(?<![\w.@-])(?:[a-z0-9-]{1,63}\.){0,4}[a-z0-9-]{3,63}\.(?:com|org|net|info|eu|de|at|ch|fr|es|uk|ie|ca|au|us"
    r"|be|lu|mx|ar|it"
    r"|pt|nl|edu|gov|health|clinic|doctor|app|example|test|invalid)(?![\w-])(?:[/?]\S*)?"
)
_HANDLE = re.compile(r"(?<![\w@.])@[A-Za-z][\w.]{2,40}")
# The name of a file that a person made: what stands before its ending is read for names elsewhere.
RULES = (MAIL, PAGE, _SPLIT_MAIL, _HOST, _HANDLE)


def contacts(text: str) -> Iterator[tuple[int, int]]:
    """Where such an address stands; stops behind a page are no part of it."""
    for rule in RULES:
        for found in rule.finditer(text):
            yield found.start(), found.start() + len(found[0].rstrip(".,;:!?)>"))
