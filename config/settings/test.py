"""Tests: real services, which the tests' plugin (tests/servers.py) has started before."""

import os

os.environ.setdefault("SOP_EMBEDDED", "1")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from config.settings.base import *  # noqa: F403  the lines above must come first

SECRET_KEY = "for-tests-only-" + "x" * 50
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]

# Beside one another each run of tests has a database of Valkey of its own, as it has databases of PostgreSQL.
if _worker := os.environ.get("PYTEST_XDIST_WORKER", ""):
    REDIS_URL = f"{REDIS_URL.rpartition('/')[0]}/{1 + int(_worker.removeprefix('gw'))}"  # noqa: F405  the base settings, imported above
    CELERY_BROKER_URL = REDIS_URL
    CACHES["default"]["LOCATION"] = REDIS_URL  # noqa: F405  the base settings, imported above
    CHANNEL_LAYER_HOST["address"] = REDIS_URL  # noqa: F405  the base settings, imported above

# A whole test is one transaction, however slow the machine; what production allows is tested where it is set.
DATABASE_WAIT_SECONDS = DATABASE_WAIT_SECONDS_WEB = 120
for _database in DATABASES.values():  # noqa: F405  the base settings, imported above
    _database["OPTIONS"]["options"] += " -c idle_in_transaction_session_timeout=0"
