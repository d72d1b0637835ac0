"""How the time of reading and rendering a template grows: run as a process of its own, by ``test_growth.py``.

In the process of a test run, larger inputs need fresh memory where smaller ones find some: that looks like growth.
"""

from __future__ import annotations

import json
import sys

from notifications.domain.handlebars import TemplateRefused, parse, render, renderer, scanner
from notifications.domain.template_lint import glued
from tests.hostile.growth import exponent, repeated

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


def _read(text: str) -> None:
    try:
        tree = parse(text)
    except TemplateRefused:
        return
    render(tree, {"x": "y"}, html=True)
    glued(tree)


def exponents(before: str) -> dict[str, float]:
    """By unit. Without the bounds: they hide how the time grows."""
    unbounded = 10**9
    scanner.MAX_SOURCE_BYTES = scanner.MAX_FAULTS = unbounded
    renderer.MAX_STEPS = renderer.MAX_OUTPUT_BYTES = unbounded
    # Longer than any source that is read. Beyond, memory for all that is wrong costs more than reading it.
    return {unit: exponent(_read, repeated(unit, before=before), largest=32_768) for unit in UNITS}


if __name__ == "__main__":
    json.dump(exponents(sys.argv[1]), sys.stdout)
