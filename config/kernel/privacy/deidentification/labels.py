"""What stands behind a label that asks for it: names, addresses, numbers, whatever they look like."""

import re
from collections.abc import Iterator

_LABELS = (
    r"patient(?:\s+name)?|name|full\s+name|surname|first\s+name|record\s+number|mrn|patient\s+id|case\s+number|"
    r"date\s+of\s+birth|dob|d\.o\.b\.|born|geb(?:oren)?(?:\s+am)?\.?|geburtsdatum|address|anschrift|adresse|phone|"
    r"telephone|tel|mobile|fax|e-?mail|ssn|social\s+security(?:\s+number)?|nhs(?:\s+number)?|insurance(?:\s+\w+)?|"
    r"accession(?:\s+number)?|hospital\s+number|versichertennummer|patientin|patient/in|paciente|nom|pr[ée]nom"
    r"|nombre|apellidos?|"
    r"nachname|vorname|familienname|geburtsname|wohnhaft|wohnort|domicile|domicilio|direcci[óo]n|ddn"
    r"|date\s+de\s+naissance|"
    r"fecha\s+de\s+nacimiento|tel[ée]fono|t[ée]l[ée]phone|courriel|correo(?:\s+electr[óo]nico)?|maiden\s+name"
    r"|next\s+of\s+kin|"
    r"emergency\s+contact|notfallkontakt|angeh[öo]rige|personne\s+de\s+confiance|contacto"
)
LABELLED = re.compile(
    rf"(?im)(?:(?<=^)|(?<=\s))(?:{_LABELS})\s*(?:[:#]|no\.?:?|number:?)\s*(?P<mask>[^\n]+?)(?=\s{{2}}|\s(?:sex"
    rf"|gender)\b|$)"
)


def labelled(text: str) -> Iterator[tuple[int, int]]:
    """Where the value of such a label stands."""
    for found in LABELLED.finditer(text):
        yield found.span("mask")
