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
DOCUMENT_MAX_BYTES = 25 * 1024 * 1024
# Of a file that comes in parts: a study of images is larger; for other files the limit above holds as well.
RESUMABLE_MAX_BYTES = 100 * 1024 * 1024
CASE_MAX_DOCUMENTS = 50
# DICOM files, which come by the hundred.
CASE_MAX_IMAGES = 1000
# Of a specialist's certificate; it lies sealed in the database.
CREDENTIAL_FILE_MAX_BYTES = 5 * 1024 * 1024
# Of somebody who has no account yet.
SUBMISSION_MAX_FILES = 20
SUBMISSION_MAX_BYTES = 100 * 1024 * 1024
# Questions that a patient may ask about a delivered opinion.
FOLLOW_UP_QUESTIONS = 3
# Kinds of service (``cases/domain/intake/triage.py``) whose opinions a second specialist reviews before the signature.
PEER_REVIEWED_SERVICES = tuple(env.list("PEER_REVIEWED_SERVICES", default=[]))
# Cases that must stand behind a specialist's figure before it may be shown to everybody.
STATISTICS_MIN_CASES = 20
# "structural" refuses active content and known test signatures; it is no virus scanner and says so.
DOCUMENT_SCANNER = env.str("DOCUMENT_SCANNER", default="structural")
# tcp://host:port or unix:///path. Set AlertExceedsMax there, or clamd calls clean what it did not unpack.
CLAMD_URL = env.str("CLAMD_URL", default="")
# For the whole of one scan.
CLAMD_SECONDS = env.float("CLAMD_SECONDS", default=60.0)
# How many documents that take long are worked on at a time; fewer than WORKER_DOCUMENTS_PROCESSES of all machines.
DOCUMENT_HEAVY_LANES = max(1, env.int("DOCUMENT_HEAVY_LANES", default=1))
# Where files lie in plain while they are worked on: best memory. Empty: the system's folder for such files.
WORK_DIR = env.str("SOP_WORK_DIR", default="")
FILE_UPLOAD_TEMP_DIR = WORK_DIR or None
