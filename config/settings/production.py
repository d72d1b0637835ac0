"""Production: nothing is generated, nothing is embedded, and unsafe values stop the start."""

import os

os.environ.setdefault("SOP_ASSUME_ROLES", "1")

from config.settings.base import *  # noqa: F403  the line above must come first
from config.settings.environment import env
from config.settings.refusals import refuse

DEBUG = False
DEBUG_ASKED = env.bool("DEBUG", default=False) or env.bool("DJANGO_DEBUG", default=False)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
SESSION_COOKIE_NAME = "__Host-sop_session"
CSRF_COOKIE_NAME = "__Host-sop_csrf"
DEVICE_COOKIE_NAME = "__Host-sop_device"
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^startupz$"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

refuse(globals())
