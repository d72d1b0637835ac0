"""Which fluid a result is of: by the words of its name, of its column and of the heading above it."""

from __future__ import annotations

import re
from typing import Final

BLOOD: Final = "blood"
URINE: Final = "urine"
#: What is not blood, in the order in which words decide: the first that is met.
_OTHERS: Final[tuple[tuple[str, str], ...]] = (
    ("dialysate", r"dial[yi]sat\w*|dializado|peritonealdialysat\w*|líquido de diálisis|liquide de dialyse"),
    ("infusion", r"infusion\w*|infusión|perfusion|perfusión|iv fluid|infusat"),
    (
        "csf",
        r"csf|cerebrospinal\w*|spinal fluid|liquor|liquordiagnostik\w*|lcr|líquido cefalorraquídeo|lumbalpunktat|"
        r"líquido cefalorraquideo|liquide c[ée]phalo-?\s?rachidien|rachianalyse",
    ),
    ("pleural_fluid", r"pleural\w*|pleura\w*|líquido pleural|liquide pleural|pleural effusion|derrame pleural"),
    (
        "ascites",
        r"ascit\w*|aszites\w*|peritoneal (?:fluid|effusion)|ascítico|líquido peritoneal|"
        r"liquide (?:péritonéal|d'ascite)",
    ),
    (
        "synovial_fluid",
        r"synovial\w*|joint fluid|gelenk\w*|líquido (?:sinovial|articular)|liquide (?:synovial|"
        r"articulaire)|synovia",
    ),
    ("pericardial_fluid", r"pericardial\w*|perikard\w*|pericárdico|péricardique"),
    ("drain_fluid", r"drain(?:age)? fluid|drainage\w*|drenaje|líquido de drenaje"),
    (
        "urine",
        r"urines?|urinary|urin\w*|harn(?!säure|stoff)\w*|orina|urinari[oa]s?|urinaires?|i\.\s?u\.|"
        r"urinstatus|sammelurin|"
        r"spontanurin|proteinuria|natriurèse|kaliurèse",
    ),
    ("stool", r"stool|f(?:a)?eces|faecal|fecal|stuhl\w*|heces|selles|fécale?s?"),
    ("sweat", r"sweat|schweiß|schweiss|sudor|sueur"),
    ("saliva", r"saliva\w*|speichel\w*|salive"),
    ("bal", r"bronchoalveol\w*|bronchial (?:lavage|fluid)|lavado broncoalveolar"),
    (
        "fluid",
        r"(?:body |other )?fluid|effusion|punktat\w*|erguss\w*|derrame|épanchement|líquido|liquide|ponction|"
        r"aspirate",
    ),
)
_BLOOD: Final = (
    r"blood|serum|plasma|s[ée]rum|suero|sérico|sérique|sangre|sanguin\w*|sang|blut\w*|vollblut|plasmatique|plasmático|"
    r"arterial|arteriell|artériel|venous|venös|venoso|veineux|capillary|kapill\w*|capilar|capillaire|edta|citrat\w*"
)
_SECTIONS: Final = (
    r"h[ae]+matolog\w*|hämatolog\w*|hématolog\w*|h[ée]mato\w*|hemograma|hémogramme|chemistr\w*|chemie|química|"
    r"chimie|bioch\w*|bioquím\w*|"
    r"klinische chemie|metabolic|coagul\w*|gerinnung\w*|koagul\w*|hemosta\w*|hämosta\w*|hémosta\w*|endokrin\w*|"
    r"endocrin\w*|hormon\w*|"
    r"thyroid\w*|schilddrüs\w*|tiroid\w*|thyroï\w*|serolog\w*|sérolog\w*|serolog[íi]a|immunolog\w*|inmunolog\w*|"
    r"lipid\w*|fettstoffwechsel|liver|leber\w*|"
    r"hepat\w*|hépat\w*|electroly\w*|elektroly\w*|électroly\w*|ionogramme|protein\w*|proteín\w*|protéin\w*|"
    r"tumou?r\w*|marqueurs?|marcadores|vitamin\w*|"
    r"differential\w*|differenzial\w*|differentialblutbild|fórmula|formule|iron|eisen\w*|hierro|fer|drug\w*|"
    r"medikament\w*|fármacos|"
    r"cardiac|herz\w*|cardíac\w*|cardiaque\w*|cbc|numération|renal|niere\w*|rénale?|glucose metabolism|diabetes|"
    r"anem\w*|anäm\w*|"
    r"gases|gaz|blutgas\w*|allerg\w*|autoimm\w*|infekt\w*|infect\w*|inflamm\w*|entzünd\w*|enzym\w*|bilan|perfil|"
    r"panel|substrate\w*|spurenelemente"
)
_SHORT: Final = {
    "u": URINE,
    "ur": URINE,
    "hu": URINE,
    "s": BLOOD,
    "p": BLOOD,
    "b": BLOOD,
    "sr": BLOOD,
    "pl": BLOOD,
    "vb": BLOOD,
    "l": "csf",
    "li": "csf",
    "se": BLOOD,
    "eb": BLOOD,
    "cb": BLOOD,
    "ser": BLOOD,
    "bl": BLOOD,
}
_WORDS = re.compile(
    rf"(?<!\w)(?:{'|'.join(f'(?P<{name}>{words})' for name, words in _OTHERS)}|(?P<{BLOOD}>{_BLOOD}))(?!\w)",
    re.IGNORECASE,
)
#: The same with what joins it to a name: "Na en suero", "Leukozyten im Blut".
_JOINED = re.compile(
    rf"(?:(?<!\w)(?:en|in|im|i\.|dans|de|du|del|of)\s+(?:(?:el|la|le|the|der)\s+)?)?(?:{_WORDS.pattern})", re.IGNORECASE
)
_SECTION = re.compile(rf"(?<!\w)(?:{_SECTIONS})(?!\w)", re.IGNORECASE)
_PREFIXES: Final = {
    "lp": "pleural_fluid",
    "pe": "pleural_fluid",
    "lcr": "csf",
    "lc": "csf",
    "csf": "csf",
    "liq": "csf",
    "li": "csf",
    "asz": "ascites",
    "asc": "ascites",
    "or": URINE,
    "ur": URINE,
    "su": BLOOD,
    "ser": BLOOD,
    "fs": BLOOD,
    "fp": BLOOD,
    "pl": BLOOD,
    "du": URINE,
    "vb": BLOOD,
    "eb": BLOOD,
}
_PREFIX = re.compile(
    r"^(?P<short>[USPBL]|fS|fP|LP|PE|LCR|LC|CSF|Liq|Li|Asz|Asc|Or|Ur|Su|Ser|Pl|dU|VB|EB)(?:-|\. ?| (?=[^\W\d_]{2}|"
    r"pH))(?=[^\W\d_]{2})"
)
_SUFFIX = re.compile(
    r"(?<![ (,])[ (,]+(?:(?:i\.?|im)\s?(?P<in>[USPBL]|Pl|Se|Ser|Li|EB|VB|Bl)\.?|\((?P<short>[USPBL])\)?)\)?$"
)


def specimen_of(text: str) -> str:
    """The specimen that words name: another fluid before blood; nothing where they name none."""
    found = [each.lastgroup or "" for each in _WORDS.finditer(text)]
    other = [name for name in found if name != BLOOD]
    exact = [name for name in other if name != "fluid"]
    return (exact or other or found or [""])[0]


def heading_specimen(text: str) -> str:
    """The specimen of what stands under a heading; ``blood`` for the usual sections, nothing for other words."""
    named = specimen_of(text)
    return named or (BLOOD if _SECTION.search(text) else "")


def column_specimen(text: str) -> str:
    """The specimen that a cell of a column of specimens names, by letter or word."""
    return _SHORT.get(text.strip(" .()").casefold(), "") or specimen_of(text)


def without_specimen(name: str) -> tuple[str, str]:
    """A printed name without the words that name its specimen, and that specimen."""
    prefix = _PREFIX.match(name)
    if prefix is not None:
        short = prefix["short"].casefold()
        return name[prefix.end() :], _PREFIXES.get(short) or _SHORT[short]
    suffix = _SUFFIX.search(name)
    if suffix is not None:
        return name[: suffix.start()], _SHORT[(suffix["in"] or suffix["short"]).casefold()]
    specimen = specimen_of(name)
    return (_JOINED.sub(" ", name), specimen) if specimen else (name, "")
