"""Development, trial and demonstration: embedded services and generated secrets are allowed."""

import os

os.environ.setdefault("SOP_EMBEDDED", "1")

from config.settings.base import *  # noqa: F403  the line above must come first

DEBUG = False
API_DOCUMENTATION_OPEN = True
