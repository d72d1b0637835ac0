"""The de-identified header of a DICOM file, as the JSON model of PS3.18 annex F."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from cases.domain.documents.imaging.deidentified_tags import DESCRIPTIONS, KEPT
from cases.domain.documents.imaging.instances import BurnedIn, cleaned

if TYPE_CHECKING:
    from pydicom import Dataset

#: What writes names into its pictures (PS3.3 C.7.3.1.1.1): ultrasound, endoscopy, photographs, captures, X-rays.
WRITTEN_ON: Final = frozenset({"US", "ES", "XC", "GM", "SC", "OT", "DOC", "XA", "RF", "CR", "DX", "MG", "OP"})
#: Elements whose words must not stay in a description.
_NAMING: Final = (
    "PatientName",
    "PatientID",
    "OtherPatientNames",
    "OtherPatientIDs",
    "PatientBirthName",
    "PatientMotherBirthName",
    "AccessionNumber",
    "StudyID",
    "ReferringPhysicianName",
    "PerformingPhysicianName",
    "NameOfPhysiciansReadingStudy",
    "OperatorsName",
    "RequestingPhysician",
)
_TAGS: Final = {int(tag, 16): tag for tag in KEPT}


def header_of(data: Dataset) -> dict[str, Any]:
    """The kept elements, descriptions without the words of people's names and numbers, nested items likewise."""
    terms = [str(data[name].value) for name in _NAMING if name in data and data[name].value]
    return _kept(data, terms)


def private_elements(data: Dataset) -> int:
    """How many private elements the file has at its top level."""
    return sum(1 for tag in data.keys() if tag.is_private)  # noqa: SIM118  # iterating a Dataset decodes every element


def burned_in(data: Dataset) -> BurnedIn:
    """Whether a name may stand in the pixels, before anybody has looked."""
    if data.get("BurnedInAnnotation") == "YES":
        return "said"
    return "possible" if data.get("Modality") in WRITTEN_ON else "unlikely"


def _kept(data: Dataset, terms: list[str]) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for number, tag in _TAGS.items():
        if number not in data:
            continue
        try:
            element = data[number]
            if element.VR == "SQ":
                told[tag] = {"vr": "SQ", "Value": [_kept(item, terms) for item in element.value]}
            else:
                told[tag] = _plain(element, terms if tag in DESCRIPTIONS else None)
        except (ValueError, TypeError, AttributeError, KeyError, NotImplementedError):
            # A value that is not of its kind says nothing.
            continue
    return told


def _plain(element: Any, terms: list[str] | None) -> dict[str, Any]:
    plain = element.to_json_dict(None, 1024)
    if terms is not None and plain.get("Value"):
        plain["Value"] = [cleaned(str(value or ""), terms) for value in plain["Value"]]
    return {name: plain[name] for name in ("vr", "Value") if name in plain}
