"""The document's shapes that generators of clients need."""

from __future__ import annotations

import pytest

from config.kernel.api import client_shapes, documentation


def test_a_file_can_be_had_as_bytes_and_a_text_only_as_it_is() -> None:
    kinds = {"/a": ["application/pdf"], "/b": ["application/json"], "/c": ["text/calendar"], "/d": ["a/x", "b/y"]}
    paths = {
        path: {
            "get": {"responses": {"200": {"content": {one: {} for one in content}}, "404": {"content": {"a/x": {}}}}}
        }
        for path, content in kinds.items()
    }
    answers = client_shapes.files_as_bytes({"paths": paths})["paths"]
    assert {
        path: len(one["get"]["responses"]["200"]["content"]) - len(kinds[path]) for path, one in answers.items()
    } == {
        "/a": 1,
        "/b": 0,
        "/c": 0,
        "/d": 1,
    }
    assert all(len(one["get"]["responses"]["404"]["content"]) == 1 for one in answers.values())


@pytest.mark.parametrize(
    ("values", "names"),
    [
        (
            ["GMT", "GMT+0", "GMT-0", "GMT0", "Etc/GMT+10", "Africa/Porto-Novo", ""],
            ["GMT", "GMT_PLUS_0", "GMT_MINUS_0", "GMT0", "ETC_GMT_PLUS_10", "AFRICA_PORTO_NOVO", "EMPTY"],
        ),
        (["one", "two_three", "FOUR"], None),
        ([1, 2], None),
    ],
)
def test_values_that_are_no_names_are_given_some(values: list[str], names: list[str] | None) -> None:
    made = client_shapes.members_named({"components": {"schemas": {"X": {"enum": values}}}})
    assert made["components"]["schemas"]["X"].get("x-enum-varnames") == names


def test_what_may_be_left_out_of_a_body_is_told_in_words() -> None:
    schemas = {
        "ThingRequest": {
            "properties": {
                "kind": {"type": "string", "default": "a", "description": "of thing"},
                "dry": {"type": "boolean", "default": False},
                "note": {"type": "string", "default": ""},
                "must": {"type": "string", "default": "x"},
            },
            "required": ["must"],
        },
        "ThingOut": {"properties": {"kind": {"default": "a"}}},
    }
    made = client_shapes.defaults_in_words({"components": {"schemas": schemas}})["components"]["schemas"]
    assert made["ThingRequest"]["properties"] == {
        "kind": {"type": "string", "description": "of thing; a, if it is left out"},
        "dry": {"type": "boolean", "description": "false, if it is left out"},
        "note": {"type": "string"},
        "must": {"type": "string", "default": "x"},
    }
    assert made["ThingOut"] == {"properties": {"kind": {"default": "a"}}}


def test_the_document_names_the_key_of_what_is_done_once_and_no_token_where_none_is_wanted() -> None:
    import orjson

    paths = orjson.loads(documentation._written("application/vnd.oai.openapi+json", "en"))["paths"]
    header = {one["name"]: one for one in paths["/api/v1/cases"]["post"]["parameters"]}["Idempotency-Key"]
    assert (header["in"], header.get("required", False)) == ("header", False)
    (needed,) = (one for one in paths["/api/v1/notifications/send"]["post"]["parameters"] if one["in"] == "header")
    assert (needed["name"], needed["required"]) == ("Idempotency-Key", True)
    assert paths["/api/v1/auth/login"]["post"]["security"] == []
    assert paths["/api/v1/cases"]["post"]["security"] == [{"bearer": []}]
    body = paths["/api/v1/cases/{case_id}/status"]["patch"]["requestBody"]
    assert body["required"] is True
