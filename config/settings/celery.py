"""Valkey (cache, socket wake-ups) and Celery.

The values are measured ones: late ack with re-queue on a lost worker, short visibility, no result backend;
requests never publish, the relay does, with time-outs on the transport.
"""

from config.settings.environment import EMBEDDED, env


def _redis_url() -> str:
    url = env.str("REDIS_URL", default="")
    if url or not EMBEDDED:
        return url or "redis://127.0.0.1:6379/0"
    from config.runtime.embedded.addresses import redis_address

    return redis_address()


REDIS_URL = _redis_url()
CELERY_BROKER_URL = env.str("CELERY_BROKER_URL", default=REDIS_URL)
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
# Longer than a mail server may take to answer (300 s), shorter than the broker waits for an acknowledgement.
CELERY_TASK_SOFT_TIME_LIMIT = 420
CELERY_TASK_TIME_LIMIT = 450
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 10.0
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_DEFAULT_QUEUE = "interactive"
# How many processes serve each queue (of all workers together): bounds how many messages wait.
JOB_PROCESSES = {
    "interactive": env.int("WORKER_INTERACTIVE_PROCESSES", default=1),
    "bulk": env.int("WORKER_BULK_PROCESSES", default=1),
    "documents": env.int("WORKER_DOCUMENTS_PROCESSES", default=3),
}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 600,
    "unacked_restore_interval": 5,
    "unacked_restore_throttle": 1,
    "socket_timeout": 5,
    "socket_connect_timeout": 2,
    "max_retries": 0,
}
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL", default=REDIS_URL),
        "KEY_PREFIX": "sop",
        "OPTIONS": {"socket_timeout": 2, "socket_connect_timeout": 2},
    }
}
# Groups carry what may be lost (config/kernel/channel_groups.py).
CHANNEL_LAYER_HOST = {"address": REDIS_URL, "socket_timeout": 2, "socket_connect_timeout": 2}
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.pubsub.RedisPubSubChannelLayer",
        "CONFIG": {"hosts": [CHANNEL_LAYER_HOST]},
    }
}
