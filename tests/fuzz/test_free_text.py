"""Whatever somebody types into a search or a filter, the answer is a result or says what to change: never a 5xx."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from drf_spectacular.generators import SchemaGenerator

from tests.authorization.test_matrix import client_of
from tests.authorization.world import World, undone
from tests.client import ApiClient

pytestmark = pytest.mark.django_db
HOSTILE = (
    "*" * 200, "%" * 200, "_" * 200, "\\" * 200, "'" * 200, '"' * 199, '"' * 200, "(" * 200, ")" * 200, "[" * 200,
    "?" * 200, "+" * 200, ":*" * 100, "&" * 200, "|" * 200, "!" * 200, "<->" * 60, "a" * 200, "aaa* " * 40, "***a***",
    '"a" ' * 50, '"a b" ' * 33, "-" * 200, "a-b" * 60, "\x00", "a\x00b", "\ud800", "\ue000\ue001" * 50, "\u202e" * 100,
    "😀" * 100, "é" * 200, "ﬁ" * 200, "\n" * 200, "\t" * 200, "1" * 200, "-1", "1e999", "NaN", "null", "{}", "[]",
    "2026-99-99", "0000-00-00", "x" * 5000, "' OR 1=1 --", "%s%s%n", "{0}", "${x}", "../..", "aaa" + "*" * 197,
)  # fmt: skip


def parameters() -> Iterator[tuple[str, str]]:
    """(address, query parameter) of every GET that takes free text."""
    for address, operations in SchemaGenerator().get_schema(public=True)["paths"].items():
        for one in operations.get("get", {}).get("parameters", []):
            kind = one["schema"]
            if one["in"] == "query" and kind.get("type") == "string" and not {"enum", "format"} & set(kind):
                yield address, one["name"]


def readers(world: World, path: str) -> Iterator[ApiClient]:
    """The first of the roles that may read at this address."""
    for role in ("PO", "PA", "SS", "SA"):
        client = client_of(world, role)
        with undone():
            if client.get(path).status_code in (200, 400):
                yield client
                return


def test_no_search_and_no_filter_breaks_whatever_is_typed() -> None:
    world, found, asked = World(), [], set()
    for address, name in parameters():
        path = address.replace("{case_id}", str(world["c"])).replace("{patient_id}", str(world["po"]))
        for client in readers(world, path):
            asked.add(address)
            for text in HOSTILE:
                with undone():
                    status = client.get(path, query={name: text.encode("utf-8", "surrogatepass")}).status_code
                if status >= 500:
                    found.append(f"{address}?{name}={text[:20]!r}: {status}")
    assert not found
    assert {"/api/v1/cases", "/api/v1/professionals"} <= asked


def test_no_search_in_documents_breaks_whatever_is_typed() -> None:
    world, found = World(), []
    client = client_of(world, "PO")
    assert world["adoc"]
    for text in HOSTILE:
        words = text.encode("utf-8", "replace").decode()
        with undone():
            status = client.post(f"/cases/{world['c']}/search", {"words": words}).status_code
        if status >= 500:
            found.append(f"{text[:20]!r}: {status}")
    assert not found
