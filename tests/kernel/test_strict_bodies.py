"""A field that there is not is refused by its name, beside everything else that is wrong; an instant names its zone."""

import json
from typing import Any

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.test import APIRequestFactory
from rest_framework.views import APIView

from config.kernel.api import ApiView, public
from config.kernel.api.strict_bodies import StrictSerializer, ZonedDateTimeField, require_strict


class Line(StrictSerializer):
    text = serializers.CharField()


class Sheet(StrictSerializer):
    name = serializers.CharField()
    read_only = serializers.CharField(read_only=True)
    lines = Line(many=True, required=False)
    at = ZonedDateTimeField(required=False)


class Plain(ApiView):
    policy = public()
    limits = ()

    @extend_schema(request=Sheet)
    def post(self, request: Request) -> Response:
        return Response({"taken": sorted(self.body(Sheet))})

    def put(self, request: Request) -> Response:
        self.no_body()
        return Response({})


class Documented(APIView):
    schema = AutoSchema()

    @extend_schema(request=Sheet, responses={200: None})
    def post(self, request: Request) -> Response:
        return Response({})


def _sent(body: Any, method: str = "post") -> Any:
    request = getattr(APIRequestFactory(), method)("/x", body, format="json")
    answer = Plain.as_view()(request)
    if isinstance(answer, Response):
        answer.render()
    return answer.status_code, json.loads(answer.content)


def _faults(body: Any, method: str = "post") -> dict[str, str]:
    status, told = _sent(body, method)
    assert status == 400, told
    return {one["pointer"]: one["code"] for one in told["errors"]}


def test_what_is_known_is_taken() -> None:
    assert _sent({"name": "a", "lines": [{"text": "b"}], "at": "2026-12-01T09:00:00+01:00"})[0] == 200


def test_unknown_fields_are_named_with_everything_else_that_is_wrong() -> None:
    found = _faults({"nmae": "a", "read_only": "x", "lines": [{"text": "b", "txt": "c"}], "a/b": 1})
    assert found == {
        "#/name": "required",
        "#/nmae": "unknown_field",
        "#/read_only": "unknown_field",
        "#/lines/0/txt": "unknown_field",
        "#/a~1b": "unknown_field",
    }


def test_the_advice_says_which_fields_there_are() -> None:
    _, told = _sent({"name": "a", "nmae": "b"})
    assert told["errors"][0]["detail"] == "There is no field 'nmae' (is 'name' meant?); there are name, lines, at."


def test_a_step_that_needs_nothing_said_takes_nothing_else() -> None:
    assert _sent({}, "put")[0] == 200
    assert _faults({"reason": "x"}, "put") == {"#/reason": "unknown_field"}


@pytest.mark.parametrize("written", ["2026-12-01T09:00:00", "2026-12-01T09:00", "2026-12-01 09:00"])
def test_an_instant_without_a_zone_is_refused_with_advice(written: str) -> None:
    assert _faults({"name": "a", "at": written}) == {"#/at": "zone_missing"}


def test_the_documentation_says_that_there_are_no_other_fields() -> None:
    document = SchemaGenerator(patterns=[path("x", Documented.as_view())]).get_schema(public=True)
    assert document["components"]["schemas"]["SheetRequest"]["additionalProperties"] is False


@pytest.mark.parametrize("name", ["Loose", "Listed"])
def test_a_body_of_which_a_part_would_drop_names_is_a_mistake_of_ours(name: str) -> None:
    loose = type("Loose", (serializers.Serializer,), {"text": serializers.CharField()})
    listed = type("Listed", (StrictSerializer,), {"lines": loose(many=True)})
    with pytest.raises(TypeError, match="must be a StrictSerializer"):
        require_strict({"Loose": loose, "Listed": listed}[name]())
