"""Formats of licence numbers, where a country's register has one; elsewhere any number counts as it is written."""

import re

from professionals.domain.credentials import npi_is_valid

# Country → pattern, and what it is. Sources: GMC reference number (7 digits, gmc-uk.org); BIG number (11 digits,
# bigregister.nl); RPPS (11 digits with Luhn check, esante.gouv.fr); AHPRA registration (MED + 10 digits, ahpra.gov.au);
# GLN of the Swiss MedReg (13 digits from 7601, medregom.admin.ch).
_FORMATS: dict[str, tuple[str, str]] = {
    "GB": (r"\d{7}", "a GMC number has 7 digits"),
    "NL": (r"\d{11}", "a BIG number has 11 digits"),
    "FR": (r"\d{11}", "an RPPS number has 11 digits and a check digit"),
    "AU": (r"MED\d{10}", "an AHPRA number is MED and 10 digits"),
    "CH": (r"7601\d{9}", "a GLN has 13 digits, from 7601, and a check digit"),
}


def number_fault(country: str, number: str) -> str | None:
    """What is wrong with a licence number of ``country``; ``None`` when nothing is known to be."""
    plain = re.sub(r"[\s.-]", "", number).upper()
    if country == "US" and re.fullmatch(r"NPI\d*", plain):
        return None if npi_is_valid(plain[3:]) else "an NPI has 10 digits and a check digit"
    pattern, told = _FORMATS.get(country, ("", ""))
    if not pattern:
        return None if plain else "give the number"
    if not re.fullmatch(pattern, plain, re.ASCII):
        return told
    checks = {"FR": _luhn, "CH": _ean}
    check = checks.get(country)
    return None if check is None or check(plain) else told


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _ean(digits: str) -> bool:
    return sum(int(d) * (3 if i % 2 else 1) for i, d in enumerate(reversed(digits))) % 10 == 0
