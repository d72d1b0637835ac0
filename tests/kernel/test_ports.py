"""Each port has exactly one provider, asked with its type; none, or two, is refused at the start and when asked."""

import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from django.apps import apps
from django.core import checks

from config.kernel import ports
from config.kernel.db import context_labels
from config.kernel.errors import Unavailable
from config.kernel.ports import ContextPort, Port, every_port_has_one_provider

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(autouse=True)
def _ports_of_this_test_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ports, "ports", list(ports.ports))


def one() -> int:
    return 1


def two() -> int:
    return 2


def refused(port: Port[Any] | ContextPort[Any]) -> list[str]:
    found = every_port_has_one_provider(of=[port])
    assert {fault.id for fault in found} <= {"kernel.E006"}
    return [fault.msg for fault in found]


def test_every_port_of_the_platform_has_its_provider() -> None:
    assert len(ports.ports) >= 16
    assert not every_port_has_one_provider()
    assert not [fault for fault in checks.run_checks() if fault.id == "kernel.E006"]


def test_the_system_checks_refuse_a_planted_port_that_nobody_provides() -> None:
    Port[object]("planted")
    found = [fault.msg for fault in checks.run_checks() if fault.id == "kernel.E006"]
    assert found == ["planted must be provided once; it is provided by nobody."]


def test_one_provider_is_asked_and_may_offer_itself_again() -> None:
    port: Port[Any] = Port("planted")
    port.provide(one)
    port.provide(one)
    assert not refused(port)
    assert port.ask() == 1


@pytest.mark.parametrize("providers", [[], [one, two]])
def test_none_and_two_are_refused_and_never_asked(providers: list[Any]) -> None:
    port: Port[Any] = Port("planted")
    for provider in providers:
        port.provide(provider)
    (fault,) = refused(port)
    assert fault.startswith("planted must be provided once")
    with pytest.raises(Unavailable):
        _ = port.ask


def test_a_context_that_provides_nothing_and_one_that_provides_twice_are_named() -> None:
    port: ContextPort[Any] = ContextPort("planted")
    for context in context_labels():
        port.provide(context, one)
    assert not refused(port)
    assert [provider() for provider in port.each()] == [1] * len(context_labels())
    port.provide("cases", two)
    (fault,) = refused(port)
    assert fault.startswith("planted of cases must be provided once")
    with pytest.raises(Unavailable):
        port.of("cases")
    with pytest.raises(Unavailable):
        port.each()
    silent: ContextPort[Any] = ContextPort("silent")
    assert [fault.split(" must")[0] for fault in refused(silent)] == [f"silent of {one}" for one in context_labels()]


@pytest.mark.parametrize("context", context_labels())
def test_handlers_and_jobs_of_every_context_are_loaded(context: str) -> None:
    loaded = apps.get_app_config(context).entrances
    assert [module.__name__ for module in loaded] == [f"{context}.handlers", f"{context}.tasks"]
    assert all(isinstance(module, ModuleType) for module in loaded)


WRONG = [
    ("ports.INSPECT_FILE.provide(lambda source, name: ('', ''))", "arg-type"),
    ("ports.PASSKEY_FORM.provide(7)", "arg-type"),
    ("template: int = ports.PASSKEY_FORM.ask", "assignment"),
    ("pages: int = ports.READ_FILE.ask(source=Path(), name='a', declared_type='b')", "call-arg"),
    ("ports.SEALED_FILES.of('cases').reseal_files(subject='1')", "call-arg"),
    ("ports.PROFESSIONAL_NAME.ask([])", "attr-defined"),
]
RIGHT = "pages: int = ports.READ_FILE.ask(source=Path(), name='a', media_type='b')"


def test_types_are_known_to_who_provides_and_to_who_asks(tmp_path: Path) -> None:
    """mypy, without the rest of the platform, says one error of each wrong line and none of the right one."""
    planted = tmp_path / "planted.py"
    lines = [*(line for line, _ in WRONG), RIGHT]
    functions = [f"def planted_{number}() -> None:\n    {line}\n" for number, line in enumerate(lines)]
    planted.write_text("".join(["from pathlib import Path\nfrom config.kernel import ports\n", *functions]))
    options = [
        "--config-file=",
        "--strict",
        "--follow-imports=silent",
        "--ignore-missing-imports",
        "--no-error-summary",
    ]
    command = [sys.executable, "-m", "mypy", *options, f"--cache-dir={tmp_path / 'cache'}", str(planted)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    found = [line.rsplit("[", 1)[1].rstrip("]") for line in done.stdout.splitlines() if ": error:" in line]
    assert found == [code for _, code in WRONG], done.stdout + done.stderr
