"""What a model says of its rows at an erasure is something that erasure does."""

from typing import Any

import pytest

from config.kernel.privacy.erasure import every_erasure_rule_is_one
from identity.models import User


def planted(**said: Any) -> type:
    """A model that says something else than identity's accounts do."""

    class Planted:
        _meta = User._meta

    for name, value in said.items():
        setattr(Planted, name, value)
    return Planted


def test_every_model_has_a_rule_that_is_carried_out() -> None:
    assert every_erasure_rule_is_one() == []


@pytest.mark.parametrize(
    ("said", "fault"),
    [
        ({"on_erasure": "tombstones"}, "on_erasure is tombstones"),
        ({"on_erasure": "tombstone", "blank_on_erasure": {"counrty": ""}}, "blank_on_erasure names counrty"),
        ({"on_erasure": "keep", "blank_on_erasure": {"country": ""}}, "blank_on_erasure empties nothing"),
        ({"blank_on_erasure": {"country": ""}}, "blank_on_erasure empties nothing where on_erasure is delete"),
    ],
)
def test_a_rule_that_nobody_carries_out_is_refused(said: dict[str, Any], fault: str) -> None:
    (problem,) = every_erasure_rule_is_one(of=[planted(**said)])
    assert problem.id == "kernel.E007"
    assert problem.msg.startswith(f"identity.User: {fault}")


@pytest.mark.parametrize("said", [{}, {"on_erasure": "keep"}, {"on_erasure": "delete"}])
def test_each_of_the_three_rules_passes(said: dict[str, Any]) -> None:
    assert every_erasure_rule_is_one(of=[planted(**said)]) == []
