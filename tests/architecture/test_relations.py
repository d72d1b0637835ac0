"""No relation leads from one context's tables to another's."""

import pytest
from django.db import models
from django.test.utils import isolate_apps

from config.kernel.db import checks


def test_no_model_relates_to_another_context() -> None:
    assert checks.no_relations_between_contexts() == []


def test_every_table_has_one_home() -> None:
    assert checks.every_table_has_one_alias() == []


@pytest.mark.parametrize("field", [models.ForeignKey, models.OneToOneField])
def test_a_planted_foreign_key_is_refused(field, monkeypatch: pytest.MonkeyPatch) -> None:
    with isolate_apps("identity", "cases") as isolated:

        class Person(models.Model):
            class Meta:
                app_label = "identity"

        class Plan(models.Model):
            person = field(Person, on_delete=models.CASCADE)

            class Meta:
                app_label = "cases"

        monkeypatch.setattr(checks, "apps", isolated)
        found = checks.no_relations_between_contexts()
    assert [error.id for error in found] == ["kernel.E001"]
    assert "store the id" in found[0].msg
