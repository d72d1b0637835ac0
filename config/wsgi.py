"""The web process."""

import os
from importlib import import_module

import django

from config.kernel.conf import setting
from config.kernel.db.backend.server_circuits import use_circuits
from config.kernel.db.timeouts import wait_at_most

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
django.setup(set_prefix=False)
# After the set-up: it brings models along.
application = import_module("config.kernel.api.admission").AdmittingHandler()
wait_at_most(setting("DATABASE_WAIT_SECONDS_WEB"))
use_circuits()
