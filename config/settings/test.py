"""Tests: real services, cheap password hashes where a test is not about passwords."""

import os

os.environ.setdefault("SOP_EMBEDDED", "1")
os.environ.setdefault("LOG_LEVEL", "WARNING")

from config.settings.base import *  # noqa: F403  the lines above must come first

SECRET_KEY = "for-tests-only-" + "x" * 50
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "127.0.0.1", "localhost"]
