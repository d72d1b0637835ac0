"""Bodies made to fill the memory: refused, or read, with no more than 100 MB more than before; measured in a child."""

from __future__ import annotations

import json
import subprocess
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from cases.adapters.json_trees import UnfitJson, json_tree
from cases.adapters.xml_trees import UnfitXml, xml_tree

MEGABYTES = 100
ROOT = Path(__file__).resolve().parents[3]
SIZE = 24_000_000
JSON = {
    "empty lists": "b'[' + b'[],' * (N // 3) + b'[]]'",
    "nested lists": "b'[' * N",
    "empty objects": "b'[' + b'{},' * (N // 3) + b'{}]'",
    "decimals": "b'[' + b'1.1,' * (N // 4) + b'1]'",
    "objects of one key": "b'[' + b'{\"a\":1},' * (N // 8) + b'1]'",
    "wide text": "('[\"\\U0001f600' + 'a' * N + '\"]').encode()",
    "a string without an end": "b'\"' + b'\\\\\"' * (N // 2)",
    "quotation marks": "b'\"' * N",
    "the most that is taken": "('[\"' + 'a' * 19_000_000 + '\",\"\\U0001f600' + 'b' * 1_900_000 + '\",'"
    " + ','.join('{\"%d\":1.1}' % i for i in range(49_000)) + ']').encode()",
}
XML = {
    "elements": "b'<r>' + b'<a/>' * (N // 4) + b'</r>'",
    "attributes": "b'<r ' + b' '.join(b'a%d=\"\"' % i for i in range(N // 12)) + b'/>'",
    "attributes of many": 'b\'<r>\' + b\'<a a="" b="" c="" d=""/>\' * (N // 25) + b\'</r>\'',
    "a long namespace": "b'<r xmlns=\"' + b'u' * 200_000 + b'\">' + b'<a/>' * 500_000 + b'</r>'",
    "wide text": "('<r>\\U0001f600' + 'a' * N + '</r>').encode()",
    "depth": "b'<a>' * (N // 3)",
}
CHILD = """
import resource, sys
sys.path.insert(0, {root!r})
from cases.adapters.json_trees import UnfitJson, json_tree
from cases.adapters.xml_trees import UnfitXml, xml_tree
json_tree(b'[1.5,"a"]'); xml_tree(b"<a/>")
N = {size}
body = {body}
resident = lambda: int(next(line for line in open("/proc/self/status") if line.startswith("VmRSS")).split()[1])
open("/proc/self/clear_refs", "w").write("5")
before, seconds = resident(), resource.getrusage(resource.RUSAGE_SELF).ru_utime
try:
    {parser}(body)
except (UnfitJson, UnfitXml):
    pass
peak = int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1])
print((peak - before) // 1024 + len(body) // 10**6, resource.getrusage(resource.RUSAGE_SELF).ru_utime - seconds)
"""


@pytest.mark.parametrize(
    ("parser", "body"),
    [*(("json_tree", body) for body in JSON.values()), *(("xml_tree", body) for body in XML.values())],
    ids=[*(f"JSON: {name}" for name in JSON), *(f"XML: {name}" for name in XML)],
)
def test_no_body_grows_the_process_by_more_than_a_hundred_megabytes(parser: str, body: str) -> None:
    code = CHILD.format(root=str(ROOT), size=SIZE, body=body, parser=parser)
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    # The body itself is in memory too.
    assert int(told[0]) <= MEGABYTES
    assert float(told[1]) <= 10


@pytest.mark.parametrize(
    "body",
    [
        b'{"a":[1.10,"b"]}',
        '{"ä":"😀"}'.encode(),
        b'["' + b"a" * 5000 + b'",{"b":"' + b"c\\n" * 2000 + b'"}]',
        b"1",
        b'"x"',
    ],
)
def test_what_is_taken_is_what_was_written(body: bytes) -> None:
    assert json_tree(body) == json.loads(body, parse_float=Decimal)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"{", b'{"a"}', b'"', b'["\\u0000"]', b'["\\ud800"]', b"[NaN]", b"\xff", b'{"\\u0000":1}',
        b'["' + b"a" * 2000 + b'","\\u00000"]', b'{"' + b"k" * 2000 + b'":1}', b"[" * 61 + b"]" * 61,
        b'["' + b"a" * 2000, b'{"value":9.1,"value":1.9}', b'[{"a":{"b":1,"\\u0062":1}}]',
    ],
)  # fmt: skip
def test_what_is_no_json_is_refused(body: bytes) -> None:
    with pytest.raises(UnfitJson):
        json_tree(body)


def test_xml_is_read_as_written() -> None:
    root = xml_tree(b'<a xmlns="urn:x" b="1"><c>\xc3\xa4</c><c/></a>')
    assert [(one.tag, dict(one.attrib), one.text) for one in root.iter()] == [
        ("{urn:x}a", {"b": "1"}, None),
        ("{urn:x}c", {}, "ä"),
        ("{urn:x}c", {}, None),
    ]
    with pytest.raises(UnfitXml):
        xml_tree(b"<a>")
