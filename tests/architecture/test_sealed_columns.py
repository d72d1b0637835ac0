"""No sealed column is forgotten by rotation and re-wrapping."""

import pytest
from django.apps import apps
from django.db import models

from config.kernel.crypto import inventory
from config.kernel.crypto.inventory import MASTER, every_sealed_field_names_its_owner, sealed_models
from tests.architecture.tree import CONTEXTS

# Hashes of random secrets and public keys, which open nothing.
PUBLIC = {"identity.EmailToken.bound_to", "identity.Passkey.credential_id", "identity.Passkey.credential_data"}


def test_every_bytes_column_is_in_the_inventory() -> None:
    """Bytes are ciphertexts or blind indexes here: a new column must say which it is."""
    covered = {(found.model, field) for found in sealed_models() for field in found.fields}
    for model in apps.get_models():
        if model._meta.app_label in CONTEXTS:
            for field in model._meta.concrete_fields:
                if isinstance(field, models.BinaryField) and not field.name.endswith(("_index", "_hash")):
                    named = f"{model._meta.label}.{field.name}"
                    assert (model, field.name) in covered or named in PUBLIC, named


def test_every_sealed_field_says_whose_key_seals_it() -> None:
    assert every_sealed_field_names_its_owner() == []


def test_a_model_that_says_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    class Silent:
        class _meta:
            label, app_label = "cases.Silent", "cases"

    monkeypatch.setattr(inventory, "_found", lambda: iter([(Silent, ("note_sealed",))]))
    (problem,) = every_sealed_field_names_its_owner()
    assert (problem.id, "note_sealed" in problem.msg) == ("kernel.E003", True)


@pytest.mark.parametrize("found", sealed_models(), ids=lambda found: found.model._meta.label)
def test_each_owner_is_a_path_to_a_persons_id(found: inventory.SealedModel) -> None:
    if found.owner != MASTER:
        query = found.rows.filter(**{found.owner: "01900000-0000-7000-8000-000000000000"})
        assert "WHERE" in str(query.query)


def test_places_are_named_as_the_services_name_them() -> None:
    by_label = {found.model._meta.label: found for found in sealed_models()}
    row_id = "01900000-0000-7000-8000-000000000000"
    case = by_label["cases.Case"].place("title_sealed", row_id)
    assert (case.table, case.column) == ("cases_case", "title")
    key = by_label["identity.DataKeyRecord"].place("wrapped", row_id)
    assert (key.table, key.column) == ("identity_datakeyrecord", "wrapped")
