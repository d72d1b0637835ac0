"""Answers of QIDO-RS (DICOM PS3.18, 10.6): studies, series and instances in the DICOM JSON model, and matching."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from cases.domain.documents.imaging.deidentified_tags import KEPT, TAG
from cases.domain.documents.imaging.instances import Header

Item = dict[str, Any]
_STUDY: Final = ("StudyInstanceUID", "StudyDate", "StudyTime", "StudyDescription", "PatientSex", "PatientAge")
_SERIES: Final = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "Modality",
    "SeriesNumber",
    "SeriesDescription",
    "SeriesDate",
    "BodyPartExamined",
    "Laterality",
)
_INSTANCE: Final = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "SOPClassUID",
    "Modality",
    "InstanceNumber",
    "NumberOfFrames",
    "Rows",
    "Columns",
    "BitsAllocated",
)
MODALITIES, SERIES_COUNT, STUDY_COUNT, IN_SERIES = "00080061", "00201206", "00201208", "00201209"
RETRIEVE_URL: Final = "00081190"
#: What a search may ask for, by keyword.
MATCHED: Final = (
    "StudyInstanceUID",
    "SeriesInstanceUID",
    "SOPInstanceUID",
    "SOPClassUID",
    "StudyDate",
    "StudyDescription",
    "SeriesDescription",
    "Modality",
    "ModalitiesInStudy",
    "BodyPartExamined",
    "SeriesNumber",
    "InstanceNumber",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """One instance of a search: its UIDs and its header."""

    study: str
    series: str
    instance: str
    header: Header


def named(parameter: str) -> str:
    """The keyword of a parameter given as keyword or tag; empty for what is not matched."""
    if parameter in MATCHED:
        return parameter
    keyword = "ModalitiesInStudy" if parameter.upper() == MODALITIES else KEPT.get(parameter.upper(), "")
    return keyword if keyword in MATCHED else ""


def matching(found: Sequence[Found], asked: Mapping[str, str]) -> list[Found]:
    """Those that match every attribute: UIDs by list, dates by range, texts with * and ?, the rest by value."""
    studies: dict[str, set[str]] = {}
    for one in found:
        studies.setdefault(one.study, set()).add(_text(one.header, "Modality"))
    return [one for one in found if all(_fits(one, name, want, studies) for name, want in asked.items())]


def studies(found: Sequence[Found], base: str) -> list[Item]:
    """One item a study, with the modalities and the numbers of its series and instances."""
    told = []
    for uid, rows in _grouped(found, lambda one: one.study).items():
        item = _item(rows[0].header, _STUDY, f"{base}/studies/{uid}")
        item[MODALITIES] = {"vr": "CS", "Value": sorted({_text(one.header, "Modality") for one in rows} - {""})}
        item[SERIES_COUNT] = {"vr": "IS", "Value": [len({one.series for one in rows})]}
        item[STUDY_COUNT] = {"vr": "IS", "Value": [len(rows)]}
        # Attributes that every answer has; here they are empty on purpose.
        told.append(item | {"00100010": {"vr": "PN"}, "00100020": {"vr": "LO"}, "00080050": {"vr": "SH"}})
    return told


def series(found: Sequence[Found], base: str) -> list[Item]:
    """One item a series, with the number of its instances."""
    told = []
    for (study, uid), rows in _grouped(found, lambda one: (one.study, one.series)).items():
        item = _item(rows[0].header, _SERIES, f"{base}/studies/{study}/series/{uid}")
        told.append(item | {IN_SERIES: {"vr": "IS", "Value": [len(rows)]}})
    return told


def instances(found: Sequence[Found], base: str, *, whole: bool) -> list[Item]:
    """One item an instance; ``whole``: with everything that was kept of its header."""
    return [_item(one.header, tuple(KEPT.values()) if whole else _INSTANCE, address(one, base)) for one in found]


def address(one: Found, base: str) -> str:
    """Where an instance is retrieved."""
    return f"{base}/studies/{one.study}/series/{one.series}/instances/{one.instance}"


def _item(header: Header, keywords: Sequence[str], url: str) -> Item:
    told = {TAG[name]: dict(header[TAG[name]]) for name in keywords if TAG[name] in header}
    return told | {RETRIEVE_URL: {"vr": "UR", "Value": [url]}, "00080056": {"vr": "CS", "Value": ["ONLINE"]}}


def _grouped(found: Sequence[Found], by: Any) -> dict[Any, list[Found]]:
    groups: dict[Any, list[Found]] = {}
    for one in found:
        groups.setdefault(by(one), []).append(one)
    return groups


def _text(header: Header, keyword: str) -> str:
    found = header.get(TAG[keyword], {}).get("Value") or [""]
    return "" if found[0] is None else str(found[0])


def _fits(one: Found, keyword: str, want: str, modalities: Mapping[str, set[str]]) -> bool:
    if keyword == "ModalitiesInStudy":
        return want in modalities[one.study]
    has = _text(one.header, keyword)
    if keyword.endswith("UID"):
        return has in want.replace("\\", ",").split(",")
    if keyword == "StudyDate":
        low, dash, high = want.partition("-")
        return (low or "0") <= has <= (high or "9") if dash else has == want
    if "*" in want or "?" in want:
        return _like(has.casefold(), want.casefold())
    return has.casefold() == want.casefold()


def _like(text: str, pattern: str) -> bool:
    """Whether a text fits a pattern of * (any signs) and ? (one sign), in time of their lengths' product."""
    fits = [True] + [False] * len(text)
    for sign in pattern:
        before, fits = fits, [sign == "*" and fits[0]] + [False] * len(text)
        for at in range(len(text)):
            if sign == "*":
                fits[at + 1] = fits[at] or before[at + 1]
            else:
                fits[at + 1] = before[at] and sign in ("?", text[at])
    return fits[-1]
