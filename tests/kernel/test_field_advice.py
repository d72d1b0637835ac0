"""A refusal says what would be right: the choices that there are, the days that a month has."""

from __future__ import annotations

from typing import Any

import pytest
from rest_framework import serializers

from config.kernel.api.field_advice import with_advice
from tests.client import ApiClient


class Part(serializers.Serializer[Any]):
    day = serializers.DateField()


class Whole(serializers.Serializer[Any]):
    day = serializers.DateField(required=False)
    at = serializers.DateTimeField(required=False)
    kind = serializers.ChoiceField(["a", "b"], required=False)
    many = serializers.ListField(child=serializers.ChoiceField(["a", "b"]), required=False)
    parts = Part(many=True, required=False)
    part = Part(required=False)
    own = serializers.ChoiceField(["a"], error_messages={"invalid_choice": "Take a."}, required=False)
    long = serializers.ChoiceField([str(one) for one in range(100)], required=False)


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"day": "2027-02-29"}, "2027-02 has no day 29: it has 28 days."),
        ({"day": "2028-02-30"}, "2028-02 has no day 30: it has 29 days."),
        ({"day": "2027-13-01"}, "There is no month 13: a date is year, month, day."),
        ({"day": "2027-01-00"}, "2027-01 has no day 00: it has 31 days."),
        ({"day": "29.2.2027"}, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
        ({"day": 20270229}, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
        ({"at": "2027-04-31T10:00:00Z"}, "2027-04 has no day 31: it has 30 days."),
        ({"kind": "z"}, '"z" is not a valid choice. There are a, b.'),
        ({"many": ["a", "q"]}, '"q" is not a valid choice. There are a, b.'),
        ({"parts": [{"day": "2027-01-01"}, {"day": "2027-06-31"}]}, "2027-06 has no day 31: it has 30 days."),
        ({"part": {"day": "0000-01-01"}}, "Date has wrong format. Use one of these formats instead: YYYY-MM-DD."),
        ({"own": "z"}, "Take a."),
        ({"long": "z"}, '"z" is not a valid choice.'),
        ({"parts": "z"}, 'Expected a list of items but got type "str".'),
        ({"part": 3}, "Invalid data. Expected a dictionary, but got int."),
    ],
)
def test_what_would_be_right_is_said(given: dict[str, Any], told: str) -> None:
    whole = Whole(data=given)
    assert not whole.is_valid()
    assert list(_leaves(with_advice(whole, given, whole.errors))) == [told]


@pytest.mark.django_db
def test_a_day_that_there_is_not_is_told_from_a_wrong_form() -> None:
    body = {"email": "a@example.org", "password": "seven quiet rivers", "full_name": "A B", "sex": "none"}
    answer = ApiClient().post("/auth/register", body | {"date_of_birth": "1961-02-29"})
    told = {one["pointer"]: one["detail"] for one in answer.json()["errors"]}
    assert answer.status_code == 400
    assert told["#/date_of_birth"] == "1961-02 has no day 29: it has 28 days."
    assert told["#/sex"] == '"none" is not a valid choice. There are female, male, other, unknown.'


def _leaves(told: Any) -> Any:
    if isinstance(told, dict):
        for one in told.values():
            yield from _leaves(one)
    elif isinstance(told, list):
        for one in told:
            yield from _leaves(one)
    else:
        yield str(told)
