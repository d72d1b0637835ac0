"""Development, trial and demonstration: embedded services and generated secrets are allowed."""

import os

os.environ.setdefault("SOP_EMBEDDED", "1")

from config.settings.base import *  # noqa: F403  the line above must come first
from config.settings.environment import DATA_DIR

DEBUG = False
# Nobody is written to by telephone or push: what would be sent stands in files.
MESSAGE_SINK_DIR = MESSAGE_SINK_DIR or str(DATA_DIR / "messages")  # noqa: F405  of the base settings
API_DOCUMENTATION_OPEN = True
