"""Fixtures of every suite: real PostgreSQL and Valkey, five test databases, folder-bound database access."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest import mock
from uuid import uuid4

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings

from tests.client import ApiClient, make_principal

if TYPE_CHECKING:
    from tests.notifications.realtime import Realtime

# No example is judged by how long this machine took over it.
hypothesis_settings.register_profile("any speed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
hypothesis_settings.load_profile("any speed")

# Which aliases a test in a folder may touch: its own context's and those of the contexts below it.
_BELOW = {
    "identity": ("default",),
    "professionals": ("default", "professionals"),
    "cases": ("default", "professionals", "cases"),
    "analysis": ("default", "professionals", "cases", "analysis"),
    "notifications": ("default", "professionals", "cases", "analysis", "notifications"),
}
_ALL = _BELOW["notifications"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A cases test that touches notifications fails: the folder decides which databases are open."""
    root = Path(__file__).parent
    for item in items:
        folder = item.path.relative_to(root).parts[0]
        for marker in item.iter_markers("django_db"):
            if "databases" not in marker.kwargs:
                marker.kwargs["databases"] = list(_BELOW.get(folder, _ALL))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """With xdist every worker gets databases of its own."""


@pytest.fixture
def api() -> ApiClient:
    """A caller without a token; ``api.as_(principal)`` signs in."""
    return ApiClient()


@pytest.fixture
def principal() -> Any:
    """Make a principal that no table knows: ``principal("nurse", mfa=True)``."""
    return make_principal


@pytest.fixture(autouse=True)
def _clean_current_principal() -> Iterator[None]:
    """No test inherits another one's caller."""
    from config.kernel.auth import ANONYMOUS, acting_as
    from config.kernel.providers.circuit import close_circuits

    with acting_as(ANONYMOUS):
        yield
    close_circuits()


@pytest.fixture(autouse=True)
def _quick_hashes(request: pytest.FixtureRequest) -> Iterator[None]:
    """A password's hash takes a quarter of a second of the processor: of a test that does not ask for it, none.

    ``pytest.mark.real_hashes`` asks for it: tests of the hash, and of what its time tells.
    """
    from django.contrib.auth.hashers import Argon2PasswordHasher

    from identity.services.sign_in import password_hashes

    if not request.node.get_closest_marker("real_hashes"):
        with mock.patch.multiple(Argon2PasswordHasher, time_cost=1, memory_cost=64, parallelism=1):
            yield
        return
    # What quick hashes took says nothing of real ones, nor the other way round.
    password_hashes._lately.clear()
    yield
    password_hashes._lately.clear()


@pytest.fixture(autouse=True)
def _data_dir(tmp_path_factory: pytest.TempPathFactory, settings: Any) -> None:
    """Files of a test lie in its own folder."""
    folder = tmp_path_factory.mktemp("data")
    settings.DOCUMENT_STORAGE_DIR = str(folder / "documents")
    settings.DRAIN_FILE = folder / "draining"
    settings.AUDIT_HEADS_DIR = str(folder / "audit-heads")
    settings.AUDIT_HEADS_KEY = str(folder / "audit-heads.pem")
    settings.REPORT_KEYS_DIR = str(folder / "reports")


@pytest.fixture(autouse=True)
def _own_limits(settings: Any) -> Iterator[None]:
    """No test uses up another one's tries."""
    from config.kernel.limits import store

    settings.LIMITS_PREFIX = f"test:limit:{uuid4().hex}"
    yield
    store.ask_again()


@pytest.fixture(autouse=True)
def _fresh_session_guard() -> Iterator[None]:
    """No test lives on what another one's process knew of sessions, or on its broken store."""
    from config.kernel.auth import session_store, sessions

    sessions.forget_sessions()
    yield
    session_store.ask_again()


@pytest.fixture(scope="module")
def realtime() -> Iterator["Realtime"]:
    """The realtime process' application behind a real ASGI server."""
    # Most tests need none of what it loads.
    from tests.notifications.realtime import Realtime

    with Realtime().running() as server:
        yield server
