"""Hospitals, practices, laboratories and employers by their names."""

import re
from collections.abc import Iterator
from typing import Final

from config.kernel.privacy.deidentification.vocabulary import NAME_PARTICLES
from config.kernel.privacy.deidentification.words import Words, folded

_BEHIND_ITS_NAME: Final = frozenset(
    folded(
        "hospital hospitals infirmary clinic clinics surgery practice institute centre center imaging radiology"
        " pathology laboratory"
        " laboratories labs pharmacy hospice university college school academy diagnostics healthcare health"
        " hospitals trust polyclinic"
        " krankenhaus klinikum klinik spital praxis zentrum apotheke labor institut gmbh ag ltd llc inc plc kg sa"
        " sl sas sarl se group ambulance ambulances foundation charity association union depot garage bakery brewery"
        " farm nursery kindergarten church parish council society club shelter hostel hotel restaurant"
    ).split()
)
_BEFORE_ITS_NAME: Final = frozenset(
    folded(
        "hospital clinica clinique hopital hopitaux chu chru chr chi clsc chum sanatorio policlinico policlinica"
        " polyclinique laboratorio"
        " laboratoire laboratorios laboratoires centro centre ambulatorio consultorio cabinet pharmacie farmacia"
        " maison ehpad instituto institut"
        " klinikum krankenhaus spital kantonsspital landesklinikum universitaetsklinikum mvz praxis"
        " gemeinschaftspraxis facharztpraxis"
        " radiologie laborzentrum labor klinik apotheke pflegeheim seniorenheim schule grundschule colegio escuela"
        " ecole college lycee"
        " residencia residence fundacion fondation complejo complexe ips ceip mutua university rehaklinik"
        " fachklinik universitaetsspital"
        " mutua mutuelle mutualite estancia restaurante taller panaderia maderas ceramicas gasthaus gasthof verein"
        " pflegedienst scierie entreprise societe garage boulangerie ikastola parroquia kita kindergarten"
        " werkstatt firma spedition baeckerei autohaus tsv sv fc carpinteria"
        " ferreteria bodega granja club asociacion cooperativa hotel"
        " bar menuiserie imprimerie usine association foyer ferme restaurant sozialstation wohnheim tagesklinik hospiz"
        " johanniter malteser caritas diakonie samariterbund posta sanatoire dispensaire policlinique sanatorio"
        " landeskrankenhaus bezirkskrankenhaus kreiskrankenhaus regionalspital stadtspital"
    ).split()
)
#: Every word that says what a house is.
KINDS: Final = _BEHIND_ITS_NAME | _BEFORE_ITS_NAME
_ENDINGS: Final = re.compile(
    r"(?:klinikum|klinik|krankenhaus|spital|praxis|zentrum|apotheke|labor|institut|heim|schule)\Z"
)
#: What a house does or is, beside which its name stands or does not.
GENERAL: Final = frozenset(
    folded(
        "the a our this general medical outpatient inpatient day memory pain heart movement disorder diabetes eye"
        " ear dental renal chest"
        " surgical orthopaedic orthopedic cardiac vascular clinical chemical chemistry molecular anatomical"
        " department of de la el le les los"
        " las du des and und et y e internal medicine medicina medizin innere emergency magnetic resonance"
        " diagnostic nuclear primary care"
        " family group research national test result results report public mental home health salud sante social"
        " rehabilitation specialist"
        " universitario universitaire universitaer general regional hospitalier hospitalario medico medical"
        " academic teaching royal"
        " radiology pathology laboratory imaging surgery practice clinic hospital center centre institute plastic"
        " thoracic breast hand spine"
        " colorectal vascular bariatric oral maxillofacial university neuro neurology cardiology gastroenterology"
        " fertility sleep stroke"
        " skin headache epilepsy asthma lipid anticoagulation warfarin preoperative pre assessment fracture follow"
        " up new private next"
        " in im am an at to from for for with by der die das den dem unser unsere ihre seine special"
    ).split()
)
_MAX_WORDS = 6
_JOINTS: Final = frozenset({"\n", " ", "-", "'", "’", "  ", ". ", " - ", " & ", "‑"})
_NOT_INSIDE: Final = frozenset(
    folded("tel telefon fax phone re dear patient page date geb dob herr herrn frau dr prof mr mrs ms").split()
)


# A firm by its form of law, with the points that part its letters.
_FIRM: Final = re.compile(
    r"(?<![\w.])(?:[A-ZÀ-ÖØ-Þ][\w'’-]{1,30}[ ](?:(?:de|des|du|del|la|le|les|los|las|y|et|und|&|of|the)[ ]){0,2}){1,4}"
    r"(?:S\.[ ]?[AL]\.?(?:[ ]?U\.)?|S\.A\.S\.?|S\.[ ]?r\.[ ]?l\.?|e\.[ ]?V\.|[Ii]nc\.|Ltd\.?|SARL|SAS|GmbH|KG|OHG)"
    r"(?!\w)"
)


def houses(words: Words) -> Iterator[tuple[int, int]]:
    """Where a house is named: its kind with the words of its name."""
    yield from (found.span() for found in _FIRM.finditer(words.text))
    for kind, plain in enumerate(words.plain):
        if not words.written[kind][0].isupper():
            continue
        first, behind = kind, kind + 1
        if plain in _BEHIND_ITS_NAME:
            first = _leftmost(words, kind)
        if plain in _BEFORE_ITS_NAME or (len(plain) > 7 and _ENDINGS.search(plain)):
            behind = _rightmost(words, kind)
        if any(
            words.plain[at] not in GENERAL and words.plain[at] not in NAME_PARTICLES
            for at in (*range(first, kind), *range(kind + 1, behind))
        ):
            yield words.span(first, behind)


def _leftmost(words: Words, kind: int) -> int:
    first = at = kind
    while at > 0 and kind - at < _MAX_WORDS and _is_joined(words, at - 1):
        at -= 1
        if words.plain[at] in _NOT_INSIDE:
            break
        if words.written[at][0].isupper():
            first = at
        elif words.plain[at] not in {"of", "s", "and", "for", "the", "upon", "am", "an", "der"}:
            break
    while first < kind and words.plain[first] in {"the", "at", "in", "from", "to", "our", "im", "am", "an"}:
        first += 1
    return first


def _rightmost(words: Words, kind: int) -> int:
    behind, at = kind + 1, kind
    while at + 1 < len(words) and at - kind < _MAX_WORDS and _is_joined(words, at):
        at += 1
        if words.plain[at] in _NOT_INSIDE:
            break
        if words.written[at][0].isupper():
            behind = at + 1
        elif words.plain[at] not in NAME_PARTICLES and words.plain[at] not in {
            "am",
            "an",
            "im",
            "in",
            "bei",
            "l",
            "d",
            "sur",
            "und",
            "et",
            "a",
            "aux",
            "hospitalier",
            "universitaire",
            "regional",
            "general",
            "universitario",
        }:
            break
    return behind


def _is_joined(words: Words, number: int) -> bool:
    gap = words.gap(number)
    if gap == ". ":
        return words.plain[number] in {"st", "sta", "sto", "ste", "s", "dr"}
    return gap in _JOINTS and (gap != "\n" or words.ends_full_line(number))
