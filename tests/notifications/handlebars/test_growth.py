"""Whatever a template is made of, reading, checking and rendering it takes time in proportion to its length."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from notifications.domain.handlebars import MAX_DEPTH, RenderingRefused, TemplateRefused, limits, parse, render, scanner
from notifications.domain.mail_check import plain_faults
from notifications.domain.template_lint import glued, vocabulary, word_faults
from tests.hostile.growth import MAX_EXPONENT, exponent, repeated

UNITS = (
    "{",
    "}",
    "{{",
    "}}",
    "{{{",
    "{{x}}",
    "{{x",
    "{{!",
    "{{!--",
    "{{!-- --",
    "{{!----}}",
    "{{! }}",
    "{{~",
    "~}}",
    "{{#if x}}",
    "{{/if}}",
    "{{#if x}}{{/if}}",
    "{{#if x}}{{else}}",
    "{{else if x}}",
    "{{else}}",
    "{{#x}}",
    "{{^x}}{{/x}}",
    "a.",
    "{{a.a}}",
    "\\{{x}}",
    " ",
    "\n",
    " \n",
    "\r\n{{! }}\r\n",
    "{{~x~}} ",
    "é",
    "\u00a0",
    "{{> p}}",
    "{{#each x}}y{{/each}}\n",
    "x ",
    "1 ",
    "1-",
    "C5",
    "a@",
    "A b ",
    "Dr. A ",
)
NAMES = vocabulary(["vitamin d", "blood urea nitrogen", "x"])


def _read(text: str) -> None:
    try:
        tree = parse(text)
    except TemplateRefused:
        return
    render(tree, {"x": "y"}, html=True)
    glued(tree)


@pytest.fixture
def unbounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The bounds hide how the time grows."""
    monkeypatch.setattr(scanner, "MAX_SOURCE_BYTES", 10**9)
    for name in ("MAX_STEPS", "MAX_OUTPUT_BYTES"):
        monkeypatch.setattr(f"notifications.domain.handlebars.renderer.{name}", 10**9)
    monkeypatch.setattr("notifications.domain.handlebars.scanner.MAX_FAULTS", 10**9)


@pytest.mark.parametrize("before", ["", "{{#if x}}", "{{"])
def test_reading_and_rendering_grow_no_faster_than_the_template(before: str, unbounded: None) -> None:
    faults = []
    for unit in UNITS:
        # Longer than any source that is read. Beyond, memory for all that is wrong costs more than reading it.
        grows = exponent(_read, repeated(unit, before=before), largest=32_768)
        if grows > MAX_EXPONENT:
            faults.append(f"{unit!r}: {grows:.2f}")
    assert not faults


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
