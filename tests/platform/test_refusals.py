"""Production does not start with unsafe settings, on a store that evicts, or ahead of its migrations."""

import base64
import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import redis
from django.core.exceptions import ImproperlyConfigured
from django.db import connections
from django.db.migrations.recorder import MigrationRecorder

from config.kernel.conf import setting
from config.runtime.embedded.valkey import EmbeddedValkey
from config.runtime.serving import start_requirements
from config.settings.refusals import faults, refuse
from deploy.ci.environment import production_like

ROOT = Path(__file__).resolve().parents[2]


def key() -> str:
    return base64.b64encode(secrets.token_bytes(32)).decode()


def good() -> dict[str, Any]:
    return {
        "DEBUG": False,
        "DEBUG_ASKED": False,
        "EMBEDDED": False,
        "ALLOWED_HOSTS": ["opinion.example"],
        "SECRET_KEY": secrets.token_urlsafe(64),
        "MASTER_KEYS": {"1": key(), "2": key()},
        "BLIND_INDEX_KEY": key(),
        "CACHES": {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache"}},
        "PUBLIC_URL": "https://opinion.example",
        "MESSAGE_SINK_DIR": "",
    }


def test_sound_settings_have_no_fault():
    assert list(faults(good())) == []
    refuse(good())


ONE_KEY = key()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"DEBUG": True}, "DEBUG is on"),
        ({"DEBUG_ASKED": True}, "DEBUG is on"),
        ({"EMBEDDED": True}, "SOP_EMBEDDED"),
        ({"ALLOWED_HOSTS": ["*"]}, "ALLOWED_HOSTS has '*'"),
        ({"ALLOWED_HOSTS": ["opinion.example", "*.example"]}, "ALLOWED_HOSTS has '*.example'"),
        ({"ALLOWED_HOSTS": []}, "ALLOWED_HOSTS is empty"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is short"),
        ({"SECRET_KEY": "a" * 80}, "SECRET_KEY is short, plain"),
        ({"SECRET_KEY": "django-insecure-" + secrets.token_urlsafe(64)}, "a known one"),
        ({"SECRET_KEY": "for-tests-only-" + secrets.token_urlsafe(64)}, "a known one"),
        ({"MASTER_KEYS": {"1": base64.b64encode(bytes(32)).decode()}}, "MASTER_KEYS[1]"),
        ({"MASTER_KEYS": {"1": "not base64!"}}, "MASTER_KEYS[1]"),
        ({"BLIND_INDEX_KEY": base64.b64encode(b"0123456789abcdef").decode()}, "BLIND_INDEX_KEY"),
        ({"MASTER_KEYS": {"1": ONE_KEY}, "BLIND_INDEX_KEY": ONE_KEY}, "are equal"),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}}, "lives in one process"),
        ({"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}}, "lives in one process"),
        ({"PUBLIC_URL": "http://opinion.example"}, "PUBLIC_URL"),
        ({"MESSAGE_SINK_DIR": "/data/messages"}, "MESSAGE_SINK_DIR"),
    ],
)
def test_an_unsafe_setting_is_refused_by_name(change, told):
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse(good() | change)
    assert told in str(refusal.value)
    assert str(refusal.value).count("\n- ") == 1


def test_every_fault_is_told_at_once_and_no_key_with_it():
    settings = good() | {"DEBUG": True, "ALLOWED_HOSTS": ["*"], "SECRET_KEY": "hunter-two"}
    with pytest.raises(ImproperlyConfigured) as refusal:
        refuse(settings)
    assert str(refusal.value).count("\n- ") == 3
    assert "hunter-two" not in str(refusal.value)


def load(tmp_path: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """Load the production settings as every process of the product does."""
    environment = {"PATH": os.environ["PATH"]} | production_like(tmp_path) | changes
    command = [sys.executable, "-c", "import config.wsgi"]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False, timeout=600)


@pytest.mark.parametrize(
    ("changes", "status"),
    [
        ({}, 0),
        ({"DEBUG": "1"}, 1),
        ({"ALLOWED_HOSTS": "*"}, 1),
        ({"SECRET_KEY": "x" * 60}, 1),
        ({"SOP_EMBEDDED": "1"}, 1),
    ],
    ids=["sound", "debug", "hosts", "key", "embedded"],
)
def test_a_process_refuses_to_load_unsafe_production_settings(tmp_path, changes, status):
    done = load(tmp_path, **changes)
    assert done.returncode == status, done.stderr
    assert ("Production does not start like this" in done.stderr) is bool(status)


def test_the_default_broker_keeps_its_queue():
    assert list(start_requirements.broker_faults(setting("CELERY_BROKER_URL"))) == []


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl", "allkeys-random"])
def test_a_broker_that_may_evict_is_refused(tmp_path, policy):
    server = EmbeddedValkey(tmp_path / "valkey").start()
    try:
        with redis.from_url(server.url()) as client:
            client.config_set("maxmemory-policy", policy)
        (told,) = start_requirements.broker_faults(server.url())
    finally:
        server.stop()
    assert policy in told
    assert "noeviction" in told


def test_a_broker_that_is_away_is_refused_without_its_password_in_the_text():
    (told,) = start_requirements.broker_faults("redis://:topsecret@127.0.0.1:9/0")
    assert "does not answer" in told
    assert "topsecret" not in told


@pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
def test_a_missing_migration_is_refused_by_name():
    assert list(start_requirements.migration_faults()) == []
    applied = MigrationRecorder(connections["cases"]).migration_qs.filter(app="cases").order_by("-id")
    last = applied[0].name
    applied.filter(name=last).delete()
    (told,) = start_requirements.migration_faults()
    assert "'cases'" in told
    assert f"cases.{last}" in told
    assert "migrate_all" in told


@pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])
def test_a_start_is_refused_with_all_that_is_wrong(settings):
    settings.CELERY_BROKER_URL = "redis://127.0.0.1:9/0"
    with pytest.raises(ImproperlyConfigured, match="broker does not answer"):
        start_requirements.refuse_unfit_servers()


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        ({}, ""),
        ({"RETENTION_DAYS": '{"cases.typo": 9}'}, "RETENTION_DAYS names cases.typo"),
        ({"ANALYSIS_PROVIDERS": "local,planted"}, "ANALYSIS_PROVIDERS names planted"),
        ({"ANALYSIS_PROVIDERS": "local,openai", "OPENAI_API_KEY": "k"}, "set OPENAI_API_KEY and OPENAI_MODEL"),
    ],
    ids=["sound", "retention", "provider", "access"],
)
def test_a_start_is_refused_by_any_system_check_before_anything_is_prepared(
    tmp_path: Path, changes: dict[str, str], fault: str
) -> None:
    given = {"PATH": os.environ["PATH"], "SOP_DATA_DIR": str(tmp_path), "DJANGO_SETTINGS_MODULE": "config.settings.dev"}
    command = [sys.executable, "-m", "config.runtime.serving.preparation"]
    done = subprocess.run(command, cwd=ROOT, env=given | changes, capture_output=True, text=True, check=False)
    assert done.returncode == bool(fault), done.stderr
    assert fault in done.stderr
    assert "Traceback" not in done.stderr
