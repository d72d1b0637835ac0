"""Templates as versions that two people make: what is sent to many, or by another system, in the words of staff."""

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from analysis import services as analysis
from config.kernel import clock
from config.kernel.conf import setting
from config.kernel.editions import Body, EditionField, Kind, Problem, Shown, all_in_force, choices_of
from notifications.domain.categories import Category
from notifications.domain.handlebars import MAX_SOURCE_BYTES, render
from notifications.domain.mail_texts import LANGUAGES
from notifications.domain.template_bodies import (
    CHANNELS,
    WITH_SUBJECT,
    body_faults,
    field_names,
    texts_of,
    tree_of,
    variables_of,
)
from notifications.domain.template_lint import Vocabulary, vocabulary
from notifications.domain.template_values import TYPES, Surroundings, filled, samples, shape_of
from professionals import services as professionals

PLATFORM = "Second Opinion"
_CODE = re.compile(r"[a-z][a-z0-9_]{2,59}")
# What concerns the safety of an account is said in the house's own words (``domain/kinds.py``), at once and always.
CATEGORIES = frozenset(category.value for category in Category if category is not Category.SECURITY)
# Nobody can switch off what the law asks us to tell: that it does is answered for by the medical director.
_OF_THE_LAW = frozenset({"medical_director"})


def surroundings() -> Surroundings:
    """What every template may say of us."""
    origin = setting("PUBLIC_URL").rstrip("/")
    return Surroundings(
        origin=origin,
        platform=PLATFORM,
        support_contact=setting("SUPPORT_CONTACT") or origin,
        today=clock.now().date(),
    )


def clinical_vocabulary() -> Vocabulary:
    """Names of examinations, medicines and specialties in every language: none of them leaves the platform."""
    terms = {name for language in LANGUAGES for name in professionals.term_names(language=language).values()}
    return _vocabulary(analysis.clinical_words(), frozenset(terms))


@lru_cache(maxsize=4)
def _vocabulary(words: frozenset[str], terms: frozenset[str]) -> Vocabulary:
    return vocabulary(words | terms)


def _codes() -> tuple[str, ...]:
    """Those that are in force; the release brings none."""
    return tuple(sorted(all_in_force(context="notifications", kind="template")))


def _shipped(code: str) -> Body | None:
    return None


def _blank(code: str) -> Body:
    return {**dict.fromkeys(field_names(), ""), "category": Category.REMINDERS.value}


def _fits(code: str) -> bool:
    return _CODE.fullmatch(code) is not None


def _fields(code: str) -> tuple[EditionField, ...]:
    types = "; ".join(f"{name.replace('_', ' ')}: {what}" for name, what in TYPES.items())
    found = [
        EditionField("category", "Category", choices=choices_of(sorted(CATEGORIES))),
        EditionField("variables", "Variables", rows=4, longest=4000, help=f"name: type, one a line. Types: {types}."),
    ]
    for name in field_names()[2:]:
        channel, part, language = name.rsplit("_", 2)
        label = f"{CHANNELS[channel]}: {part}, {LANGUAGES[language]}"
        rows = 1 if part == "subject" else 8 if channel in {"in_app", "email"} else 3
        found.append(EditionField(name, label, rows=rows, longest=200 if part == "subject" else MAX_SOURCE_BYTES))
    return tuple(found)


def _check(code: str, body: Body) -> Iterator[Problem]:
    names, around = clinical_vocabulary(), surroundings()
    for where, advice in body_faults(body, categories=CATEGORIES, names=names, around=around):
        yield Problem(where, advice)


def _publishers(body: Body) -> frozenset[str] | None:
    return _OF_THE_LAW if body.get("category") == Category.LEGAL else None


def _preview(code: str, body: Body) -> Iterator[Shown]:
    """Every text with invented values."""
    variables, _ = variables_of(str(body.get("variables") or ""))
    shape, _ = shape_of(variables)
    around = surroundings()
    for channel, by_language in texts_of(body).items():
        for language, words in by_language.items():
            values = filled(shape, samples(shape, around), language, around)
            text = render(tree_of(words.text), values, html=False)
            subject = render(tree_of(words.subject), values, html=False) if channel in WITH_SUBJECT else ""
            title = f"{CHANNELS[channel]}, {LANGUAGES[language]}"
            yield Shown(f"{title}: {subject}" if subject else title, tuple(text.splitlines()))
    yield Shown("Values", tuple(_declared(variables)) or ("None.",))


def _declared(variables: Mapping[str, str]) -> Iterator[str]:
    for name, kind in variables.items():
        yield f"{name}: {TYPES[kind.removesuffix('?')]}{', or nothing' if kind.endswith('?') else ''}"


TEMPLATES = Kind(
    context="notifications",
    name="template",
    title="Template",
    codes=_codes,
    shipped=_shipped,
    blank=_blank,
    fits_code=_fits,
    code_help="A template: small letters, digits and underscores.",
    fields=_fields,
    check=_check,
    publishers=_publishers,
    preview=_preview,
)
