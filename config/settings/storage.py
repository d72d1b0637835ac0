"""Where files lie. Their bytes are encrypted before they get there, whichever backend it is."""

from config.settings.environment import DATA_DIR, STATE_DIR, STATE_GIVEN, env

STATICFILES_BACKEND = "django.contrib.staticfiles.storage.StaticFilesStorage"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": STATICFILES_BACKEND},
}
# Copies that people asked for, sealed; shared by all machines.
EXPORTS_DIR = env.str("EXPORTS_DIR", default=str(STATE_DIR / "exports"))
# Days by rule of `manage.py retention`, where they are not the rule's own: {"cases.ended": 5475}.
RETENTION_DAYS = env.json("RETENTION_DAYS", default={})
DOCUMENT_STORAGE = env.str("DOCUMENT_STORAGE", default="disk")
DOCUMENT_STORAGE_DIR = env.str("DOCUMENT_STORAGE_DIR", default=str(DATA_DIR / "documents"))
DOCUMENT_STORAGE_OPTIONS = env.json("DOCUMENT_STORAGE_OPTIONS", default={})
# One half of every person's data key lies here, the other in the database: a dump of the database opens nothing.
# SOP_STATE_DIR lasts and is shared. Without it, documents in SOP_DATA_DIR show that this one is; where they lie
# elsewhere, keys stay in one piece: shares in a folder that ends with its container would end the data.
KEY_SHARES_DIR = env.str(
    "KEY_SHARES_DIR",
    default=str(STATE_DIR / "key-shares")
    if STATE_GIVEN or (DOCUMENT_STORAGE == "disk" and str(DATA_DIR / "documents") == DOCUMENT_STORAGE_DIR)
    else "",
)
# Where files lie in plain while they are worked on: best memory. Empty: the system's folder for such files.
WORK_DIR = env.str("SOP_WORK_DIR", default="")
FILE_UPLOAD_TEMP_DIR = WORK_DIR or None
