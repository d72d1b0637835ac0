"""What an end point answers is said once: in the record of the services."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import pytest
from django.urls import path
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.views import APIView

from config.kernel.api.dto_serializers import DTOSerializer


@dataclass(frozen=True, kw_only=True)
class Line:
    text: str


@dataclass(frozen=True, kw_only=True)
class Sheet:
    id: UUID
    read_at: datetime | None
    lines: tuple[Line, ...] = ()
    tags: frozenset[str] = frozenset()
    secret: str = ""


class LineOut(DTOSerializer[Line]):
    pass


class SheetOut(DTOSerializer[Sheet]):
    lines = LineOut(many=True)

    class Meta:
        fields = ("id", "read_at", "lines", "tags")
        help_texts = {"read_at": "by the owner"}


class Nested(DTOSerializer[Sheet]):
    """Declares no serializer of its lines."""


def test_the_fields_are_those_of_the_record_and_no_others_than_were_listed() -> None:
    fields = SheetOut().get_fields()
    assert isinstance(fields["id"], serializers.UUIDField)
    assert isinstance(fields["read_at"], serializers.DateTimeField)
    assert fields["read_at"].allow_null
    assert isinstance(fields["tags"], serializers.ListField)
    assert set(fields) == {"id", "read_at", "lines", "tags"}


def test_an_answer_has_each_of_its_fields_though_the_record_has_a_default() -> None:
    assert all(one.required for one in SheetOut().get_fields().values())


class Sheets(APIView):
    schema = AutoSchema()

    @extend_schema(responses={200: SheetOut})
    def get(self, request: Request) -> None: ...


def test_the_documentation_names_it_by_itself_and_says_the_help_text() -> None:
    document = SchemaGenerator(patterns=[path("sheets", Sheets.as_view())]).get_schema(public=True)
    assert {"SheetOut", "LineOut"} <= set(document["components"]["schemas"])
    sheet = document["components"]["schemas"]["SheetOut"]
    assert sheet["properties"]["read_at"]["description"] == "by the owner"
    assert sorted(sheet["required"]) == ["id", "lines", "read_at", "tags"]
    assert "description" not in sheet


def test_a_record_within_a_record_asks_for_its_own_serializer() -> None:
    with pytest.raises(TypeError, match=r"Nested\.lines is a record of its own"):
        Nested().get_fields()
