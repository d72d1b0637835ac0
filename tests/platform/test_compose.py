"""compose delivers a report: what the product makes goes where it lasts and all roles find it, secrets are only read.

`make check W=compose` runs the whole journey in compose.yaml's mounts; the suite makes the keys of a report in them.
"""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from config.kernel.management.make_secrets import main as make_secrets
from config.runtime.embedded import Stack
from config.runtime.embedded.process import free_port
from config.runtime.serving.inspection import status_of
from tests.platform.containers import ROOT, Container, can_mount, containers, run_inside
from tests.platform.waiting import until

FULL = os.environ.get("SOP_COMPOSE") == "1"
SITE = "localhost"
GIVEN = {
    "SOP_SITE_NAME": SITE,
    "SOP_DATABASE_PASSWORD": "none",
    "SOP_VALKEY_PASSWORD": "none",
    "EMAIL_URL": "smtp://127.0.0.1:9",
}
NOWHERE = {"DATABASE_URL": "postgresql://none@127.0.0.1:9/none", "REDIS_URL": "redis://127.0.0.1:9/0"}
MAKES = """
import json, sys
import django
django.setup()
from cases.adapters.report_keys import report_signer
from config.kernel.audit.heads import _signing_key
from config.runtime.serving.lasting_folders import state_faults, state_folders
faults = list(state_faults())
made = {}
for name, make in (("report", lambda: report_signer().kid), ("heads", lambda: _signing_key() and "made")):
    try:
        made[name] = make()
    except OSError as error:
        made[name] = error.strerror
places = {name: str(path) for name, path in state_folders().items()}
print(json.dumps({"faults": faults, "places": places} | made))
"""


class Composed:
    """All of compose.yaml's product containers at once, on a database, a Valkey and a mailbox of their own."""

    def __init__(self, host: Path) -> None:
        self.host, self.desk = host, host / "desk"
        self.stack = Stack(host / "servers")
        self.ports = {name: free_port() for name in ("front", "web", "realtime", "mail")}
        self.running: dict[str, subprocess.Popen[bytes]] = {}
        self.url = f"https://{SITE}:{self.ports['front']}"

    def __enter__(self) -> "Composed":
        return self

    def __exit__(self, *_: object) -> None:
        for one in self.running.values():
            one.terminate()
        for one in self.running.values():
            one.wait(90)
        self.stack.stop()

    def start(self) -> None:
        """Migrate first, as compose does, make the demonstration's accounts, then start every role."""
        self.stack.start().postgres.ensure_database("sop")
        self._outside("static", "manage.py", "collectstatic", "--no-input", "--verbosity", "0")
        mailbox = ("-m", "config.runtime.embedded.mail_sink", "--port", str(self.ports["mail"]))
        self._spawn("mail", sys.executable, *mailbox, "--folder", str(self.desk / "mail"))
        assert self._role("migrate").wait() == 0, self.said()
        # Documents, keys and secrets are the containers': a demonstration's accounts are refused in production.
        self._outside("seed", "manage.py", "seed_demo")
        for name in product():
            if name != "migrate":
                self._role(name)
        until(self._ready, "the front answers ready", 300)

    def journey(self) -> "subprocess.CompletedProcess[bytes]":
        """From registration to the report, over TLS through the front."""
        authority = self.host / "certificates" / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        trust = {"SSL_CERT_FILE": str(authority), "REQUESTS_CA_BUNDLE": str(authority)}
        command = [sys.executable, "-m", "tests.journey", "--base-url", self.url, "--data-dir", str(self.desk)]
        return subprocess.run(
            command, cwd=ROOT, env=os.environ | trust, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )

    def said(self) -> str:
        """The last words of every container."""
        logs = sorted(self.host.glob("*.log"))
        return "".join(f"\n== {path.stem}\n{path.read_text(errors='replace')[-1500:]}" for path in logs)

    def _ready(self) -> bool:
        ended = {name: one.returncode for name, one in self.running.items() if one.poll() is not None}
        assert set(ended) <= {"migrate"}, f"ended: {ended}{self.said()}"
        return status_of(self.url, "/readyz") == 200

    def _role(self, name: str) -> "subprocess.Popen[bytes]":
        container = product()[name]
        environment = dict(container.environment) | self._network()
        environment["PORT"] = str(self.ports.get(name, 8000))
        command = [sys.executable, "manage.py", "serve", *container.command]
        with (self.host / f"{name}.log").open("wb") as log:
            started = run_inside(container, self.host, command, environment, stdout=log, stderr=log)
        self.running[name] = started
        return started

    def _network(self) -> dict[str, str]:
        """What compose's network does by names is done by ports here; nothing else differs."""
        return {
            "DATABASE_URL": self.stack.postgres.url("sop"),
            "REDIS_URL": self.stack.valkey.url(),
            "EMAIL_URL": f"smtp://127.0.0.1:{self.ports['mail']}",
            "PUBLIC_URL": self.url,
            "CSRF_TRUSTED_ORIGINS": self.url,
            "SOP_WEB_UPSTREAM": f"127.0.0.1:{self.ports['web']}",
            "SOP_REALTIME_UPSTREAM": f"127.0.0.1:{self.ports['realtime']}",
        }

    def _outside(self, name: str, *command: str) -> None:
        places = {
            "SOP_SECRETS_DIR": str(self.host / "secrets"),
            "SOP_STATE_DIR": str(self.host / "state"),
            "KEY_SHARES_DIR": str(self.host / "key-shares"),
            "DOCUMENT_STORAGE_DIR": str(self.host / "documents"),
            "SOP_DATA_DIR": str(self.desk),
            "STATIC_ROOT": str(self.host / "static"),
        }
        settings = {
            "DJANGO_SETTINGS_MODULE": "config.settings.dev",
            "SOP_EMBEDDED": "1",
            "MASTER_KEY_PROVIDER": "environment",
            "SOP_ASSUME_ROLES": "1",
        }
        environment = {"PATH": os.environ["PATH"]} | places | settings | self._network()
        with (self.host / f"{name}.log").open("wb") as log:
            subprocess.run([sys.executable, *command], cwd=ROOT, env=environment, stdout=log, stderr=log, check=True)

    def _spawn(self, name: str, *command: str) -> None:
        with (self.host / f"{name}.log").open("wb") as log:
            self.running[name] = subprocess.Popen(command, cwd=ROOT, stdout=log, stderr=log)


@pytest.fixture
def host(tmp_path: Path) -> Path:
    """The volumes' folder, with the secrets that an operator makes."""
    (tmp_path / "static").mkdir()
    assert make_secrets([str(tmp_path / "secrets"), "--owner", str(os.geteuid())]) == 0
    return tmp_path


def product() -> dict[str, Container]:
    return containers(GIVEN)


def make_state(container: Container, host: Path, **environment: str) -> dict[str, Any]:
    """In the container: make the keys of a report and of the audit heads; what came of it."""
    surroundings = dict(container.environment) | NOWHERE | environment
    surroundings["DJANGO_SETTINGS_MODULE"] = "config.settings.production"
    command = [sys.executable, "-c", MAKES]
    running = run_inside(container, host, command, surroundings, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told, failed = running.communicate()
    assert running.returncode == 0, failed.decode()
    return json.loads(told.splitlines()[-1])


def fingerprint(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "folder"
        for path in sorted(folder.rglob("*"))
    }


def test_every_role_that_loads_the_product_has_the_same_secrets_state_and_environment() -> None:
    roles = {name: one for name, one in product().items() if name != "front"}
    assert len(roles) == 9
    assert len({(one.mounts, one.memory, tuple(sorted(one.environment.items()))) for one in roles.values()}) == 1
    assert all(one.read_only for one in roles.values())
    (secret,) = [mount for mount in roles["web"].mounts if mount.target == roles["web"].environment["SOP_SECRETS_DIR"]]
    assert secret.read_only
    (state,) = [mount for mount in roles["web"].mounts if mount.target == roles["web"].environment["SOP_STATE_DIR"]]
    assert not state.read_only


def test_in_composes_mounts_each_role_makes_and_finds_the_same_keys_and_secrets_stay_as_they_were(host: Path) -> None:
    roles, before = product(), fingerprint(host / "secrets")
    web, worker = make_state(roles["web"], host), make_state(roles["worker-documents"], host)
    assert web["faults"] == worker["faults"] == []
    assert web["report"] == worker["report"]
    assert len(list((host / "state" / "report-keys").glob("*.pem"))) == 1
    assert (host / "state" / "audit-heads.pem").exists()
    assert fingerprint(host / "secrets") == before
    volumes = [mount for mount in roles["web"].mounts if not mount.read_only]
    lasting = tuple(mount.target if can_mount() else str(host / mount.source) for mount in volumes)
    for name, place in web["places"].items():
        assert place.startswith(lasting), f"{name} lies in {place}, on no volume"


def test_state_that_cannot_be_written_or_does_not_last_is_refused_by_name(host: Path) -> None:
    web = product()["web"]
    if can_mount():
        among_secrets = make_state(web, host, SOP_STATE_DIR="/run/sop-secrets")
        named = "SOP_STATE_DIR: /run/sop-secrets cannot be written"
        assert any(fault.startswith(named) for fault in among_secrets["faults"])
    in_memory = make_state(web, host, SOP_STATE_DIR="/data")
    in_memory_named = {fault.partition(":")[0] for fault in in_memory["faults"] if "lies in memory" in fault}
    parts = {"REPORT_KEYS_DIR", "AUDIT_HEADS_DIR", "AUDIT_HEADS_KEY", "EXPORTS_DIR", "KEY_SHARES_DIR"}
    assert in_memory_named == {"SOP_STATE_DIR", *parts}
    documents = make_state(web, host, DOCUMENT_STORAGE_DIR="/tmp/documents")
    assert [fault.partition(":")[0] for fault in documents["faults"]] == ["DOCUMENT_STORAGE_DIR"]


if FULL:

    @pytest.mark.slow
    def test_the_whole_journey_runs_in_composes_containers(host: Path) -> None:
        before = fingerprint(host / "secrets")
        with Composed(host) as composed:
            composed.start()
            journey = composed.journey()
        assert journey.returncode == 0, journey.stdout.decode()[-4000:] + composed.said()
        assert (composed.desk / "demo" / "report.pdf").stat().st_size > 10_000
        assert list((host / "state" / "report-keys").glob("*.pem"))
        assert list((host / "key-shares").rglob("*"))
        assert fingerprint(host / "secrets") == before
