"""PostgreSQL and Valkey out of wheels, for a machine that has neither: development, trial, demonstration.

Nothing here needs Django. The settings read the addresses, which starts nothing: whoever needs the servers starts them.
Data live in ``$SOP_DATA_DIR`` and outlive every stop; a running server is adopted, whoever started it.
"""

from config.runtime.embedded.errors import ServiceError
from config.runtime.embedded.postgres import EmbeddedPostgres
from config.runtime.embedded.stack import Stack, database_url, redis_url, start_missing
from config.runtime.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedValkey", "ServiceError", "Stack", "database_url", "redis_url", "start_missing"]
