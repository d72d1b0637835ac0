"""What a case may hold, and what its people may ask."""

from config.settings.environment import env

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
