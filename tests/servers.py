"""Starts PostgreSQL and Valkey before the settings are read, which start nothing. Named by ``-p`` in pyproject.toml."""

import os
from collections.abc import Generator

import pytest

from config.runtime.embedded import start_missing


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None, None, None]:
    """Around pytest-django's own hook, which reads the settings."""
    start_missing(os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.test"))
    return (yield)
