"""Whatever a template is made of, reading, checking and rendering it takes time in proportion to its length."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from notifications.domain.handlebars import MAX_DEPTH, RenderingRefused, TemplateRefused, limits, parse, render
from notifications.domain.mail_check import plain_faults
from notifications.domain.template_lint import vocabulary, word_faults
from tests.hostile.growth import MAX_EXPONENT, exponent, repeated
from tests.notifications.handlebars.growing import UNITS

NAMES = vocabulary(["vitamin d", "blood urea nitrogen", "x"])


@pytest.mark.parametrize("before", ["", "{{#if x}}", "{{"])
def test_reading_and_rendering_grow_no_faster_than_the_template(before: str) -> None:
    told = subprocess.run(
        [sys.executable, "-m", "tests.notifications.handlebars.growing", before],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        check=True,
        text=True,
    )
    grows = json.loads(told.stdout)
    assert set(grows) == set(UNITS)
    assert {unit: exponent for unit, exponent in grows.items() if exponent > MAX_EXPONENT} == {}


@pytest.mark.parametrize("check", [lambda text: list(word_faults(text, NAMES)), lambda text: list(plain_faults(text))])
def test_the_check_of_words_grows_no_faster_than_the_text(check: Callable[[str], Any]) -> None:
    faults = []
    for unit in UNITS:
        grows = exponent(check, repeated(unit), largest=16_384)
        if grows > MAX_EXPONENT:
            faults.append(f"{unit!r}: {grows:.2f}")
    assert not faults


class TestBounds:
    def test_a_source_that_is_too_long_is_not_read(self) -> None:
        parse("x" * limits.MAX_SOURCE_BYTES)
        for text in ("x" * (limits.MAX_SOURCE_BYTES + 1), "é" * (limits.MAX_SOURCE_BYTES // 2 + 1)):
            with pytest.raises(TemplateRefused, match="bytes"):
                parse(text)

    def test_a_list_of_more_than_fifty_is_refused(self) -> None:
        tree = parse("{{#each x}}{{this}}{{/each}}")
        render(tree, {"x": list(range(limits.MAX_ITEMS))}, html=False)
        for many in (list(range(limits.MAX_ITEMS + 1)), dict.fromkeys(map(str, range(limits.MAX_ITEMS + 1)), 1)):
            with pytest.raises(RenderingRefused, match="50"):
                render(tree, {"x": many}, html=False)

    def test_lists_in_lists_that_write_nothing_end_too(self) -> None:
        value: list[Any] = []
        for _ in range(MAX_DEPTH):
            value = [value] * limits.MAX_ITEMS
        source = "{{#each this.x}}" + "{{#each this}}" * (MAX_DEPTH - 1) + "{{/each}}" * MAX_DEPTH
        with pytest.raises(RenderingRefused, match="shorter"):
            render(parse(source), {"x": value}, html=False)

    def test_a_text_that_becomes_too_large_is_refused(self) -> None:
        with pytest.raises(RenderingRefused, match="bytes"):
            render(parse("{{x}}" * 100), {"x": "é" * 1000}, html=False)

    def test_a_list_that_holds_itself_ends(self) -> None:
        value: list[Any] = []
        value.append(value)
        with pytest.raises(RenderingRefused):
            render(parse("{{x}}"), {"x": value}, html=False)

    @pytest.mark.parametrize("value", [float("nan"), float("inf"), 2**53 + 1, object(), {1, 2}, b"x", (1, 2)])
    def test_what_is_no_value_is_refused(self, value: Any) -> None:
        with pytest.raises(RenderingRefused):
            render(parse("{{x}}"), {"x": value}, html=False)

    def test_a_row_of_else_ifs_is_bounded_and_deep_blocks_are_rendered(self) -> None:
        chain = "{{#if a}}1" + "{{else if a}}2" * (limits.MAX_BRANCHES - 1) + "{{else}}3{{/if}}"
        assert render(parse(chain), {}, html=False) == "3"
        with pytest.raises(TemplateRefused, match="branches"):
            parse(chain.replace("{{else}}", "{{else if a}}2{{else}}"))
        deep = "x"
        for _ in range(MAX_DEPTH):
            deep = "{{#if a}}1" + "{{else if a}}2" * (limits.MAX_BRANCHES - 2) + "{{else if b}}" + deep + "{{/if}}"
        assert render(parse(deep), {"b": 1}, html=False) == "x"

    def test_no_more_faults_are_told_than_anybody_reads(self) -> None:
        with pytest.raises(TemplateRefused) as caught:
            parse("{{> p}}" * 1000)
        assert len(caught.value.faults) == limits.MAX_FAULTS
