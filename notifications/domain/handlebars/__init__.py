"""A bounded subset of Handlebars, which renders as handlebars.js 4.7 does; everything else is refused with advice.

Values ``{{a.b}} {{this}} {{@index}} {{@key}} {{@first}} {{@last}}``, blocks ``if unless each`` with ``else`` and
``else if``, comments, and ``~``. Nothing is called; looked up are keys of objects, and the length of a list or text.
"""

from notifications.domain.handlebars.limits import (
    MAX_DEPTH,
    MAX_ITEMS,
    MAX_OUTPUT_BYTES,
    MAX_SOURCE_BYTES,
    Fault,
    RenderingRefused,
    TemplateRefused,
)
from notifications.domain.handlebars.parser import parse
from notifications.domain.handlebars.renderer import render
from notifications.domain.handlebars.tree import Block, Node, Text, Tree, Value, nodes

__all__ = [
    "MAX_DEPTH",
    "MAX_ITEMS",
    "MAX_OUTPUT_BYTES",
    "MAX_SOURCE_BYTES",
    "Block",
    "Fault",
    "Node",
    "RenderingRefused",
    "TemplateRefused",
    "Text",
    "Tree",
    "Value",
    "nodes",
    "parse",
    "render",
]
