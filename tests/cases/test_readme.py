"""What the README says of the machine, the services and the tables is so."""

import re
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

from django.apps import apps

import cases.services
from cases.domain.workflow.transitions import TABLE
from tests.cases.workflow.diagram import with_diagram

README = Path(cases.__file__).parent / "README.md"
TEXT = README.read_text()


def test_the_diagram_is_the_table_of_today() -> None:
    assert with_diagram(TEXT) == TEXT
    assert all(f": {row.transition} (" in TEXT for row in TABLE if row.transition.startswith("T"))


def test_every_service_that_is_named_exists_and_every_function_is_named() -> None:
    section = TEXT.split("## Services")[1].split("## Events")[0]
    named = set(re.findall(r"`([a-z_]+)`", section))
    subjects = [
        import_module(f"cases.services.{one.name}")
        for one in iter_modules(cases.services.__path__)
        if one.name != "fhir"
    ]
    functions = {name for one in subjects for name in getattr(one, "__all__", ()) if name[0].islower()}
    assert named <= functions
    assert functions <= named


def test_every_table_is_named() -> None:
    section = TEXT.split("## Tables")[1].split("## Settings")[0]
    named = set(re.findall(r"`([a-z]+)`", section))
    assert {model._meta.model_name for model in apps.get_app_config("cases").get_models()} <= named
