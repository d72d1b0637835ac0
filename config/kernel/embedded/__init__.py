"""PostgreSQL and Valkey out of wheels, for a machine that has neither: development, trial, demonstration.

Nothing here needs Django: the settings ask for the addresses, and asking starts what is not running.
Data live in ``$SOP_DATA_DIR`` and outlive every stop; a running server is adopted, whoever started it.
"""

from config.kernel.embedded.errors import ServiceError
from config.kernel.embedded.postgres import EmbeddedPostgres
from config.kernel.embedded.stack import Stack, database_url, redis_url
from config.kernel.embedded.valkey import EmbeddedValkey

__all__ = ["EmbeddedPostgres", "EmbeddedValkey", "ServiceError", "Stack", "database_url", "redis_url"]
