"""Five aliases, one for each context: one PostgreSQL with five schemas, or as many servers as one likes.

``DATABASE_URL`` serves all; ``CASES_DATABASE_URL`` (and so on) moves one context elsewhere.
"""

from typing import Any

from config.settings.environment import EMBEDDED, env

# How long a process waits for its database, and lets one statement take: jobs, and web and sockets, where people wait.
DATABASE_WAIT_SECONDS = env.float("SOP_DATABASE_WAIT_SECONDS", default=15)
DATABASE_WAIT_SECONDS_WEB = env.float("SOP_DATABASE_WAIT_SECONDS_WEB", default=5)
# A connection that nobody has used for so long is closed; the next use opens it again.
DATABASE_IDLE_SECONDS = env.float("SOP_DATABASE_IDLE_SECONDS", default=60)
_TIMEOUTS = "-c lock_timeout=5000 -c idle_in_transaction_session_timeout=30000"
# The few prepared statements (hot reads) look rows up by key: planning them anew each time costs more than it gains.
_PLANS = "-c plan_cache_mode=force_generic_plan -c jit=off"
# With roles assumed, PostgreSQL itself refuses a read across contexts. migrate_all drops the role again.
_ASSUME_ROLES = env.bool("SOP_ASSUME_ROLES", default=False)
_CONTEXTS = {name: name for name in ("cases", "analysis", "professionals", "notifications")}


def _default_url() -> str:
    url = env.str("DATABASE_URL", default="")
    if url:
        return url
    if not EMBEDDED:
        from django.core.exceptions import ImproperlyConfigured

        raise ImproperlyConfigured(
            "Set DATABASE_URL, or SOP_EMBEDDED=1 to run the bundled PostgreSQL (development and trial only)."
        )
    from config.runtime.embedded.addresses import database_address

    return database_address()


def _alias(schema: str, url: str) -> dict[str, Any]:
    config: dict[str, Any] = dict(env.db_url_config(url))
    options = f"-c search_path={schema},public {_TIMEOUTS} {_PLANS}"
    if _ASSUME_ROLES:
        options += f" -c role=sop_{schema}"
    config["ENGINE"] = "config.kernel.db.backend"
    config["OPTIONS"] = {**config.get("OPTIONS", {}), "connect_timeout": 3, "options": options, "prepare_threshold": 2}
    config["CONN_MAX_AGE"] = env.int("SOP_CONN_MAX_AGE", default=600)
    config["CONN_HEALTH_CHECKS"] = True
    config["ATOMIC_REQUESTS"] = False
    # One name each: with one shared test database Django would migrate only the first alias.
    suffix = env.str("SOP_TEST_SUFFIX", default="")
    config["TEST"] = {"NAME": f"test_sop_{schema}{'_' + suffix if suffix else ''}", "DEPENDENCIES": []}
    return config


_url = _default_url()
DATABASES = {"default": _alias("identity", _url)} | {
    name: _alias(schema, env.str(f"{name.upper()}_DATABASE_URL", default=_url)) for name, schema in _CONTEXTS.items()
}
DATABASE_ROUTERS = [
    "identity.router.IdentityRouter",
    "professionals.router.ProfessionalsRouter",
    "cases.router.CasesRouter",
    "analysis.router.AnalysisRouter",
    "notifications.router.NotificationsRouter",
]
