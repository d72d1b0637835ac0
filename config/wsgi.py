"""The web process."""

import os

from django.core.wsgi import get_wsgi_application

from config.kernel.conf import setting
from config.kernel.db.patience import wait_at_most

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
application = get_wsgi_application()
wait_at_most(setting("DATABASE_WAIT_SECONDS_WEB"))
