"""Nothing about health and nobody's name leaves in a template: not in its words, and not in its values.

`SOP_CANARY_VALUES` says how many generated values are tried.
"""

from __future__ import annotations

import os
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from notifications.domain.handlebars import parse, render
from notifications.domain.kinds import KINDS
from notifications.domain.mail_texts import LINK, release_texts
from notifications.domain.template_lint import Vocabulary, branches, glued, word_faults
from notifications.domain.template_values import (
    PAGES,
    TYPES,
    Leaf,
    Surroundings,
    ValuesRefused,
    filled,
    own_address,
    samples,
    shape_of,
)
from notifications.services.templates.editions import TEMPLATES, clinical_vocabulary

pytestmark = pytest.mark.django_db
VALUES = int(os.environ.get("SOP_CANARY_VALUES", "300"))
AROUND = Surroundings("https://second-opinion.example", "Second Opinion", "help desk", date(2026, 11, 30))
LINES = [
    line
    for line in Path(__file__).with_name("canaries.txt").read_text("utf-8").splitlines()
    if line[:2] in {"w ", "v "}
]
CANARIES = [line[2:] for line in LINES]
WORDS = [line[2:] for line in LINES if line.startswith("w ")]
OUTWARD = ("email_subject_en", "email_text_en", "sms_text_en", "push_subject_en", "push_text_en")
BODY = {
    "category": "reminders",
    "variables": "count: count",
    "in_app_text_en": "News",
    **dict.fromkeys(OUTWARD, "News"),
}
BY_US = frozenset({"platform", "support_contact"})


@pytest.fixture
def names() -> Vocabulary:
    return clinical_vocabulary()


def test_the_advice_of_a_template_is_written_as_templates_are() -> None:
    told = [
        one.advice for one in TEMPLATES.check("visits", BODY | {"email_text_en": "See www.example.org, {{count}}."})
    ]
    assert any("{{link}}" in one for one in told)
    assert not any(re.search(r"(?<!\{)\{link\}", one) for one in told)


def test_there_are_two_hundred_canaries() -> None:
    assert len(set(CANARIES)) >= 200


def test_no_canary_is_taken_as_words_of_an_outward_text(names: Vocabulary) -> None:
    assert [words for words in WORDS if not list(word_faults(words, names))] == []


def test_no_canary_is_published_in_any_outward_field_or_branch() -> None:
    """Alone, in a branch that is seldom taken, in a list, behind a comment, written in capitals."""
    shapes = ("{}", "{{{{#if count}}}}News{{{{else}}}}{}{{{{/if}}}}", "{{{{! x }}}}{}{{{{!-- y --}}}}")
    taken = []
    for number, words in enumerate(WORDS):
        field = OUTWARD[number % len(OUTWARD)]
        source = shapes[number % len(shapes)].format(words if number % 2 else words.upper())
        if not [one for one in TEMPLATES.check("x", {**BODY, field: source}) if one.where == field]:
            taken.append((field, source))
    assert taken == []


@pytest.mark.parametrize("kind", TYPES)
def test_no_canary_is_taken_as_a_value(kind: str) -> None:
    for value in (*CANARIES, *([one] for one in CANARIES[:20]), {"name": "Maria"}, 1e9, -1, True, 3.5, float("nan")):
        with pytest.raises(ValuesRefused) as caught:
            filled({"x": Leaf(kind)}, {"x": value}, "en", AROUND)
        # What was refused is not repeated: errors end in logs.
        assert not any(str(value) in advice for _, advice in caught.value.faults if len(str(value)) > 5)


def test_a_value_under_another_name_is_not_taken_either() -> None:
    for canary in CANARIES:
        with pytest.raises(ValuesRefused) as caught:
            filled({"count": Leaf("count")}, {"count": 1, canary: canary}, "en", AROUND)
        assert canary not in str(caught.value)


EXACT = {
    "count": r"\d{1,4}",
    "hours": r"\d{1,3}",
    "date": r"\d{1,2}\.? (?:de )?[A-Za-zä]{3,10} (?:de )?20\d\d",
    "time": r"\d\d:\d\d",
    "link": rf"https://second-opinion\.example(?:/(?:{'|'.join(PAGES)}|[0-9a-f-]{{36}})?)*(?:#[a-z-]*|#[0-9a-f-]{{36}})?",
}
NEAR = st.one_of(
    st.sampled_from(CANARIES),
    st.text(max_size=40),
    st.integers(),
    st.floats(),
    st.booleans(),
    st.none(),
    st.dates().map(str),
    st.times().map(str),
    st.times().map(lambda time: f"{time:%H:%M}"),
    st.builds(
        "{}{}".format, st.sampled_from(["/", "/account/", "/dashboard/cases/", AROUND.origin]), st.text(max_size=20)
    ),
    st.builds("/{}/{}#{}".format, *[st.sampled_from([*sorted(PAGES), "", "maria", "..", "%20"])] * 3),
    st.lists(st.text(max_size=5), max_size=3),
    st.dictionaries(st.text(max_size=5), st.text(max_size=5), max_size=2),
)


@settings(max_examples=VALUES, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.dictionaries(st.sampled_from(sorted(EXACT)), NEAR, max_size=5), st.sampled_from(["en", "de", "es"]))
def test_whatever_is_given_only_what_the_types_say_comes_out(values: dict[str, Any], language: str) -> None:
    shape = {name: Leaf(name, optional=True) for name in EXACT}
    tree = parse("".join(f"[{{{{{name}}}}}]" for name in EXACT))
    try:
        text = render(tree, filled(shape, values, language, AROUND), html=False)
    except ValuesRefused:
        return
    assert re.fullmatch("".join(rf"\[(?:{pattern})?\]" for pattern in EXACT.values()), text), text


def test_the_release_says_nothing_of_health(names: Vocabulary) -> None:
    """Its own words, which were read by people, are taken: the check is no hindrance to plain words."""
    texts = {text for body in release_texts().values() for text in body.values()} | {
        kind.text for kind in KINDS.values()
    }
    found = {text: list(word_faults(text.replace(LINK, "…"), names)) for text in texts}
    # "address now." reads like a label before a number.
    assert [text for text, faults in found.items() if faults] == [release_texts()["email_changed"]["text_en"]]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("C{{count}}", True),
        ("{{count}}mg", True),
        ("can{{! }}cer", True),
        ("can{{#if x}}cer{{/if}}", True),
        ("{{#if x}}can{{/if}}cer", True),
        ("{{#each xs}}ab{{/each}}", True),
        ("{{count}}{{count}}", True),
        ("{{#if x}}one{{else}}two{{/if}}", False),
        ("{{count}} visits, {{#if x}}one{{else}}two{{/if}}.", False),
        ("{{#each xs}}- {{this}}\n{{/each}}End", False),
    ],
)
def test_words_that_tags_part_are_refused(source: str, found: bool) -> None:
    assert bool(glued(parse(source))) is found


def test_both_answers_of_a_question_are_looked_at() -> None:
    tree = parse("{{#if x}}chest{{else}}vitamin{{/if}} {{#unless x}}d{{/unless}}{{y}}")
    assert branches(tree, taken=True) == "chest  … "
    assert branches(tree, taken=False) == "vitamin d … "


class TestValues:
    def test_samples_fit_their_own_types_in_every_length(self) -> None:
        shape, faults = shape_of(
            {f"x_{name}": name for name in TYPES} | {"rows[].day": "date", "days[]": "date", "a.b": "time"}
        )
        assert not faults
        for longest in (True, False):
            for language in ("en", "de", "es"):
                filled(shape, samples(shape, AROUND, longest=longest), language, AROUND)

    @pytest.mark.parametrize(
        "variables",
        [
            {"a": "text"},
            {"a b": "count"},
            {"a-b": "count"},
            {"1a": "count"},
            {"a": "count", "a.b": "count"},
            {"a[]": "count", "a.b": "count"},
            {"a[].b": "count", "a[]": "count"},
            {"": "count"},
            {"a.": "count"},
            {f"a{number}": "count" for number in range(31)},
            {"a[]": "count", "a[].b": "count"},
        ],
    )
    def test_variables_that_mean_nothing_are_refused(self, variables: dict[str, str]) -> None:
        assert shape_of(variables)[1]

    def test_nested_variables_make_one_shape(self) -> None:
        shape, faults = shape_of({"v.day": "date", "v.times[]": "time", "rows[].a.b": "count", "rows[].c[]": "hours?"})
        assert not faults
        assert shape == {
            "v": {"day": Leaf("date"), "times": [Leaf("time")]},
            "rows": [{"a": {"b": Leaf("count")}, "c": [Leaf("hours", optional=True)]}],
        }


CASE = "/dashboard/cases/01a207c1-f45e-7b90-b52e-58235da14958"


@pytest.mark.parametrize("path", ["/", "/account/", CASE, f"{CASE}#questions"])
def test_an_address_is_made_of_our_own_words_and_ids(path: str) -> None:
    assert own_address(path, AROUND.origin) == AROUND.origin + path


@pytest.mark.parametrize(
    "path", ["", "account", "//x", "/x", "/account/?a=1", f"{CASE}x", "/cases//offers", "/account//"]
)
def test_every_other_address_is_refused(path: str) -> None:
    assert own_address(path, AROUND.origin) is None


@pytest.mark.parametrize(
    "words",
    [
        "About cаncer now",
        "C A N C E R",
        "c.a.n.c.e.r",
        "canc3r",
        "癌症",
        "рак",
        "سرطان",
        "heart attack",
        "a lump",
        "malignant",
        "Migraine",
        "hospice",
        "the operation",
        "test is positive",
        "tumeur",
        "grossesse",
        "Lupus",
    ],
)
def test_words_in_disguise_and_of_other_languages_are_refused(words: str, names: Vocabulary) -> None:
    assert list(word_faults(f"News: {words}. Sign in.", names))


@pytest.mark.parametrize("words", ["2 new pages", "At 9 a. m. or later", "Hall B is a go", "Größe, año, café"])
def test_plain_words_are_taken(words: str, names: Vocabulary) -> None:
    assert not list(word_faults(words, names))
