"""No sealed column is forgotten by rotation and re-wrapping."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import models

from config.kernel.crypto import inventory
from config.kernel.crypto.inventory import MASTER, every_sealed_field_names_its_owner, sealed_models
from tests.architecture.tree import CONTEXTS, parsed, product_files

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


# Sealed files are no cells: their place is a kind of file, or whose it is.
FILES = ("cases_file", "identity_export")


def literal_places(tree: ast.Module) -> Iterator[tuple[str, str]]:
    """The cells that a module names by words: ``place("case", "title", …)`` of cases, ``Place("identity_…", …)``."""
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and len(node.args) == 3):
            continue
        words = [one.value for one in node.args[:2] if isinstance(one, ast.Constant)]
        if node.func.id in ("place", "Place") and len(words) == 2:
            yield (f"cases_{words[0]}" if node.func.id == "place" else str(words[0])), str(words[1])


def unknown_places(*trees: ast.Module) -> set[tuple[str, str]]:
    """Cells that no model has: what is sealed for one is opened by no rotation."""
    derived = (found.place(field, "0" * 32) for found in sealed_models() for field in found.fields)
    cells = {(one.table, one.column) for one in derived}
    return {one for tree in trees for one in literal_places(tree) if one not in cells and one[0] not in FILES}


def test_every_cell_that_is_named_by_words_is_one_that_a_model_has() -> None:
    assert not unknown_places(*map(parsed, product_files()))
    assert sum(1 for path in product_files() for _ in literal_places(parsed(path))) > 80


def test_a_planted_cell_that_no_model_has_is_refused() -> None:
    planted = ast.parse(
        'seal_text(key, place("case", "titel", row.id), text)\nPlace("identity_user", "profil", row.id)'
    )
    assert unknown_places(planted) == {("cases_case", "titel"), ("identity_user", "profil")}
