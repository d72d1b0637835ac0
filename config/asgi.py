"""The realtime process: sockets under /ws and /socket.io. Pages and API are served by WSGI, at twice the rate."""

import os
from importlib import import_module

from django.core.asgi import get_asgi_application

from config.kernel.conf import setting
from config.kernel.db.backend.server_circuits import use_circuits
from config.kernel.db.timeouts import wait_at_most

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
_http = get_asgi_application()
wait_at_most(setting("DATABASE_WAIT_SECONDS_WEB"))
use_circuits()
application = import_module("notifications.realtime.routing").application(_http)
