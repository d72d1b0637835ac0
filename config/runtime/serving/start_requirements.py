"""What production asks before it starts: a broker that keeps its queue, a migrated database, folders that last."""

from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ImproperlyConfigured

from config.kernel.conf import setting
from config.runtime.serving.lasting_folders import state_faults

KEEPS = "noeviction"


def refuse_unfit_servers() -> None:
    """Raise ``ImproperlyConfigured`` with every fault found."""
    found = [*broker_faults(setting("CELERY_BROKER_URL")), *migration_faults(), *state_faults()]
    if found:
        raise ImproperlyConfigured("Production does not start like this:\n" + "\n".join(f"- {one}" for one in found))


def broker_faults(url: str) -> Iterator[str]:
    """A store that may evict loses the whole queue without an error when its memory is full."""
    import redis

    try:
        with redis.from_url(url, socket_connect_timeout=2, socket_timeout=2) as client:
            memory: dict[str, Any] = client.info("memory")
    except redis.RedisError as error:
        yield f"The broker does not answer ({type(error).__name__}): check REDIS_URL."
        return
    policy = memory.get("maxmemory_policy")
    if policy != KEEPS:
        yield f"The broker's maxmemory-policy is {policy}: set it to {KEEPS}, and keep caches in another instance."


def migration_faults() -> Iterator[str]:
    """Code that runs ahead of its tables fails in the middle of somebody's work."""
    from config.kernel.observability.probe_views import pending_migrations

    for alias, names in pending_migrations().items():
        yield f"{len(names)} migration(s) of '{alias}' are missing ({names[0]}, …): run manage.py migrate_all."
