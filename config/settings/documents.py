"""How documents are scanned for harm, and how many are worked on at once."""

from config.settings.environment import env

# "structural" refuses active content and known test signatures; it is no virus scanner and says so.
DOCUMENT_SCANNER = env.str("DOCUMENT_SCANNER", default="structural")
# tcp://host:port or unix:///path. Set AlertExceedsMax there, or clamd calls clean what it did not unpack.
CLAMD_URL = env.str("CLAMD_URL", default="")
# For the whole of one scan.
CLAMD_SECONDS = env.float("CLAMD_SECONDS", default=60.0)
# How many documents that take long are worked on at a time; fewer than WORKER_DOCUMENTS_PROCESSES of all machines.
DOCUMENT_HEAVY_LANES = max(1, env.int("DOCUMENT_HEAVY_LANES", default=1))
# How many documents a newer reader reads again in a minute, one at a time and after everybody's new ones; 0: none.
REREAD_A_MINUTE = max(0, env.int("REREAD_A_MINUTE", default=30))
