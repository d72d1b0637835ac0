"""Where people live: streets with their numbers, places with their codes, and what stands with them between commas."""

import re
from collections.abc import Iterable, Iterator

from config.kernel.privacy.deidentification.towns import CITIES, LONG_CITIES
from config.kernel.privacy.deidentification.vocabulary import is_no_name
from config.kernel.privacy.deidentification.words import Words, folded

_C = r"[A-ZÀ-ÖØ-ÞŁŚŽ]"
_W = rf"{_C}[\w'’.-]{{0,40}}+"
_STREETS = (
    # English: 12 High Street, 981 Maple Hollow Dr, Unit 3/7 Wattle Street
    re.compile(
        rf"(?<![\w.])(?:(?:Flat|Apt\.?|Unit|Suite|Lot|Level)[ ]?\w{{1,5}},?[ ])?(?:\d{{1,5}}[A-Za-z]?(?:[-/–]\d{{1,"
        rf"5}})?,?[ \n])(?:{_W}[ ]){{1,4}}"
        r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Close|Court|Ct|Crescent|Cres|Way|Terrace"
        r"|Parade|Pde|Place|Pl|Square|Sq|Track"
        r"|Gardens|Grove|Hill|Walk|Mews|Row|Circle|Cir|Parkway|Pkwy|Highway|Hwy|Trail|Quay|View|Rise|Green|Park"
        r"|Heights|Gate|Wharf|Loop|Bend)\b\.?"
        r"(?:,?[ \n](?:Apt\.?|Unit|Suite|Flat|#)[ ]?\w{1,5})?"
    ),
    # German: Lindenstraße 14a, Haydngasse 12/3/14, Im Grüt 5, Am Alten Markt 3
    re.compile(
        rf"(?<!\w)(?:{_W}[ -]){{0,3}}[A-ZÄÖÜ]?[\wäöüß-]{{0,60}}(?:straße|strasse|str\.|Straße|Strasse|Str\.|weg|Weg"
        rf"|platz|Platz|allee|Allee|gasse|Gasse|ring|Ring|ufer|damm"
        r"|steig|stieg|hof|markt|chaussee|promenade|zeile|graben|rain|matt|halde|acker|feld|berg"
        r"|bach)[ \n]{1,2}\d{1,4}(?:[ ]?[a-h])?(?:[/-]\d{1,4}){0,3}(?!\w)(?![.,]\d|[ ]?[%°]|[ ](?:mg|ml|mm|cm|g|µg))"
    ),
    re.compile(
        r"(?<!\w)(?:Im|Am|An der|An den|Auf der|Auf dem|In der|Zum|Zur|Unter den|Hinter der"
        r"|Bei der)[ ](?:[A-ZÄÖÜ][\wäöüß-]{2,30}[ ]){1,2}\d{1,3}[a-h]?(?=,[ \n]|\n)"
    ),
    # French: 18 bis, rue des Tilleuls
    re.compile(
        r"(?<![\w.])\d{1,4}(?:[ ]?(?:bis|ter|[A-D]))?,?[ \n](?:rue|avenue|av\.|bd|boulevard|place|pl\.|chemin|ch\."
        r"|all[ée]e|impasse|quai|cours|route|rang|passage|square|sentier|mont[ée]e|faubourg|r[ée]sidence|villa|voie"
        r"|côte|chauss[ée]e)"
        r"[ \n][^\n,;()]{2,50}?(?=,|\n|;|\)|\.[ \n]|[ ]\(|\s{2}|$)"
    ),
    re.compile(
        r"(?<!\w)(?:R[ée]sidence|Lotissement|Lieu-dit|Hameau|Clos|Domaine|Villa)[ ](?:(?:les|le|la|des|du|de"
        r"|l['’])[ ]?)?[A-ZÀ-Ý][\w'’-]{2,30}(?:[ ][A-ZÀ-Ý][\w'’-]{2,30})?(?:,[ ]?(?:b[âa]t|appt|apt|esc|[ée]tage"
        r"|porte)\.?[ ]?\w{1,4}){0,4}"
    ),
    # Spanish: C/ Olmo Viejo, 23, 2.º izda.; Avda. de los Almendros 114, 5.º B
    re.compile(
        r"(?<!\w)(?:C/|Calle|Pje\.|Avda\.?|Av\.|Avenida|Plaza|Pza\.?|Pl\.|Paseo|P\.º|Pº|Ctra\.?|Carretera|Camino"
        r"|Ronda|Travesía|Urb\.?|Urbanización|Glorieta|Carrera|Cra\.?|Calzada|Bulevar|Rambla|Pasaje|Barrio|Col\.)[ \n]?"
        r"[^;()\n]{2,50}?(?:,?[ \n]|[ ]?#[ ]?)(?:n\.?º[ ]?)?(?:\d{1,5}[A-Za-z]?(?:-\d{1,4})?"
        r"|s/n)(?:,[ ]?(?:\d{1,2}\.?[ºª°][ ]?(?:izda\.?|dcha\.?|[A-H]\b)?|piso \d+|puerta \w+|esc\.? \w+|bajo \w"
        r"|depto\.? \w+|int\.? \w+|local \w+|bloque \w+)){0,3}"
    ),
    re.compile(
        r"(?<!\w)(?:Straße|Strasse|Platz|Allee|Weg)[ \n](?:des|der|zum|zur"
        r"|am)[ \n][A-ZÄÖÜ][\wäöüß-]{2,30}[ \n]\d{1,4}[a-h]?(?!\w)"
    ),
    re.compile(
        rf"(?m)^(?:{_W}[ ]|the[ ]|The[ ]){{0,4}}{_W},[ ](?:{_W}[ ]){{1,3}}(?:Street|Road|Lane|Avenue|Drive|Close"
        rf"|Way|Terrace|Place|Row|Hill)$"
    ),
    # A street without a number: in der Praterstraße, sur la rue des Lilas
    re.compile(r"(?<!\w)(?<=(?:der|die) )[A-ZÄÖÜ][a-zäöüß-]{2,30}(?:straße|strasse|gasse|allee|platz)(?!\w)"),
    # Untere Au 9, 8055 Graz: two words and a number before a place's code
    re.compile(rf"(?<!\w)(?:{_W}[ ]){{1,3}}\d{{1,4}}[a-h]?(?=,[ \n]{{1,2}}(?:(?:D|A|CH)-)?\d{{4,5}}[ ]{_C})"),
    re.compile(r"(?<!\w)c/o[ ][A-ZÀ-Þ][\w'’-]{1,30}"),
    re.compile(r"(?<!\w)(?:Camino|Carretera|Ctra\.?|Autovía)[ ][^;()\n,]{2,40},[ ]km[ ]\d{1,4}"),
    re.compile(r"(?<![\w.])\d{1,4}[ ](?:Sráid|Bóthar|Ascaill|Céide|Lána)[ ][\w' ]{2,40}(?=,|\n)"),
    re.compile(r"(?<!\w)(?:P\.?[ ]?O\.?[ ]?Box|Postfach|Apartado(?: de correos)?|Casilla)[ ]\d{1,7}", re.IGNORECASE),
)
_TOWN = (
    rf"(?:St\.[ ])?{_C}(?:[^\W\d_]|['’-]){{2,30}}(?:[ -](?:(?:am|an der|im|in|bei|ob|sur|sous|en|de|del|la|le|les"
    rf"|des|du|los|upon|on|St\.?)[ -])?{_C}(?:[^\W\d_]|['’-]){{1,30}}){{0,3}}(?!\w)"
)
_PLACES = (
    re.compile(rf"(?<![\w.,/-])(?:(?:D|A|CH|F|E|L|B)-)?\d{{5}}[ ]{_TOWN}"),
    re.compile(
        rf"(?:(?<=,[ \n])|(?<=\n)|(?<=\d,[ ]))(?:(?:A|CH|L|B)-)?[1-9]\d{{3}}[ ]{_TOWN}(?=[,.;)\n]|[ ]?$|[ ]{{2}}|[ ]\()"
    ),
    re.compile(rf"(?<!\w)[A-Z]\d{{4}}[A-Z]{{2,3}}[ ]{_TOWN}"),
)
# Codes that stand behind their town: read from the code, for a town may begin at every capital.
_CODES_BEHIND = (
    (re.compile(r"(?<!\w)[A-Z]{1,2}\d[A-Z\d]?[ ]\d[A-Z]{2}(?!\w)"), False),
    (re.compile(r"(?<!\w)(?:[A-Z]{2}[ ])?[A-Z]\d[A-Z][ ]?\d[A-Z]\d(?!\w)"), False),
    (re.compile(r"(?<!\w)[A-Z]\d[\dW][ ][A-Z\d]{4}(?!\w)"), False),
    (re.compile(r"(?<!\w)(?:[A-Z]{2}|VIC|NSW|QLD|TAS|ACT)[ \n]\d{4,5}(?:-\d{4})?(?!\w)"), True),
)
_TOWN_BEFORE = re.compile(rf"(?<!\w){_TOWN},?[ \n]\Z")
_MAX_TOWN = 100
_COMMA = re.compile(r",[ ]?\n?[ ]?\Z")
_PART_WORD = re.compile(
    r"[A-ZÀ-ÖØ-ÞŁŚŽ][\w'’.-]*|\d{1,5}(?:[-/]\d{1,5})?[A-Za-z]?|\d{1,2}\.?º|of|the|de|la|du|des|del|bis|apt|appt"
    r"|b[âa]t\.?|esc\.?|rue|rang"
)
_TOWARDS = re.compile(
    r"(?<![^\W\d_])(?:in|In|from|to|at|near|aus|nach|bei|von|à|À|de|depuis|vers|en|En|desde|a|around|of|outside"
    r"|über|für)[ \n](?=[A-ZÀ-Ý])"
    r"|(?<![^\W\d_])d['’](?=[A-ZÀ-Ý])"
)
# Where somebody lives, comes from or goes to, in few small words before the town.
_DWELLS = re.compile(
    r"(?<![^\W\d_])(?:liv(?:es|ed|ing)|resid\w{1,6}|mov(?:ed|ing)|visit(?:s|ing|ed)|travel\w{0,5}|trip|holiday|flight|native"
    r"|originally|born|wohn(?:t|te|haft|en)|lebt|leben|gezogen|zieht|stammt|Urlaub|Reise|reist|verlegt|geboren"
    r"|viven?|vivía|residente|natural|procedente|oriund\w|viaj\w{1,4}|traslad\w{1,5}|remitid[ao]|derivad[ao]|nacid[ao]"
    r"|vit|vivent|vivait|habite\w{0,3}|demeurant|domicili\w{1,4}|originaire|d[ée]m[ée]nag\w{1,5}|voyage|s[ée]jour|n[ée]e?)"
    r"(?:[ \n](?!(?:in|from|to|at|near|aus|nach|bei|à|de|en|desde|a|zu)[ ])[a-zà-ÿ]{1,12}){0,2}"
    r"[ \n](?:in|from|to|at|near|aus|nach|bei|à|de|en|desde|a|zu|of|for)[ \n](?=[A-ZÀ-Ý])"
)
_CITY = re.compile(rf"{_TOWN}")
_CLASSES = re.compile(r"[ ]?(?:classif|klassif|clasif|coma|scor|crit|scale|syndrom|[A-Z]?\d)", re.IGNORECASE)
_MANY_PARTS = 4
_MAX_WORDS = 7
_MAX_LENGTH_OF_PART = 80


def addresses(words: Words) -> Iterator[tuple[int, int]]:
    """Where an address stands that nobody told of."""
    text = words.text
    settled = [found.span() for rule in _PLACES for found in rule.finditer(text) if _is_place(found[0])]
    settled += [(start, end) for start, end in _before_codes(text) if _is_place(text[start:end])]
    for start, end in (*settled, *(found.span() for rule in _STREETS for found in rule.finditer(text))):
        yield _grown(text, start, end)
    for found in _TOWARDS.finditer(text):
        town = _CITY.match(text, found.end())
        if town and _is_town(text, town):
            yield town.span()
    for found in _DWELLS.finditer(text):
        town = _CITY.match(text, found.end())
        if town and not is_no_name(folded(re.split(r"[ -]", town[0])[0]), is_sure=False):
            yield town.span()
    yield from _towns_again(text, words, settled)


def _before_codes(text: str) -> Iterator[tuple[int, int]]:
    """Codes with the towns before them; of some a town must stand there."""
    for rule, needs_town in _CODES_BEHIND:
        for found in rule.finditer(text):
            begun = max(0, found.start() - _MAX_TOWN)
            town = _TOWN_BEFORE.search(text[begun : found.start()])
            if town or not needs_town:
                yield (begun + town.start() if town else found.start()), found.end()


def _grown(text: str, start: int, end: int) -> tuple[int, int]:
    """With the parts between commas before it, as far as they look like parts of an address."""
    for _ in range(_MANY_PARTS):
        window = text[max(0, start - _MAX_LENGTH_OF_PART) : start]
        comma = _COMMA.search(window)
        if comma is None:
            break
        part = re.split(r"[,;:()\n]|[ ]{2}", window[: comma.start()])[-1].lstrip()
        parts = part.split()
        if (
            not 0 < len(parts) <= _MAX_WORDS
            or not all(map(_PART_WORD.fullmatch, parts))
            or is_no_name(folded(parts[0]), is_sure=False)
        ):
            break
        start -= len(window) - comma.start() + len(part)
    return start, end


def _is_place(written: str) -> bool:
    """Whether a code and a word beside it are a place: no term of medicine, no heading."""
    return not any(is_no_name(folded(word), is_sure=False) for word in re.findall(r"[^\W\d_]{4,}", written)[:1])


def _is_town(text: str, town: re.Match[str]) -> bool:
    plain = folded(town[0])
    is_city = plain in CITIES or plain.split()[0] in CITIES or plain.startswith(LONG_CITIES)
    return is_city and not _CLASSES.match(text, town.end())


def _towns_again(text: str, words: Words, anchors: Iterable[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The towns of the text's own addresses, wherever they stand alone."""
    named: dict[str, set[tuple[str, ...]]] = {}
    for start, end in anchors:
        for town in _CITY.findall(text[start:end])[-1:]:
            plain = tuple(folded(word) for word in re.findall(r"[^\W\d_]+", town))
            if len("".join(plain)) >= _MIN_PART and not is_no_name(plain[0], is_sure=False):
                named.setdefault(plain[0], set()).add(plain)
    for number in words.of(frozenset(named)):
        if words.is_capital(number):
            for town in sorted(named[words.plain[number]])[:_MANY_PARTS]:
                if tuple(words.plain[number : number + len(town)]) == town:
                    yield words.span(number, number + len(town))


_MIN_PART = 4
