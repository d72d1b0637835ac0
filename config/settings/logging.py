"""JSON lines on stderr, by an allow-list of fields."""

from config.settings.environment import env

LOG_LEVEL = env.str("LOG_LEVEL", default="INFO")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "config.kernel.observability.logs.json_formatter"}},
    "handlers": {"stderr": {"class": "config.kernel.observability.lines.LineHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": LOG_LEVEL},
    "loggers": {
        # Django's own request log repeats ours and names full paths.
        "django.request": {"level": "CRITICAL"},
        "django.server": {"level": "ERROR"},
        # Jobs say themselves how they ended; Celery's tasks only say that one is due.
        "celery.app.trace": {"level": "WARNING"},
        "celery.worker.strategy": {"level": "WARNING"},
        "fontTools": {"level": "WARNING"},
        "httpx": {"level": "WARNING"},
        "httpx2": {"level": "WARNING"},
        # Below it they tell of every packet.
        "engineio": {"level": "ERROR"},
        "socketio": {"level": "ERROR"},
        # It names addresses, and in a poll's address stands whose session it is.
        "uvicorn.access": {"level": "WARNING"},
    },
}
METRICS_ADDRESS = env.str("METRICS_ADDRESS", default="127.0.0.1")
METRICS_PORT = env.int("METRICS_PORT", default=0)
