"""JSON log lines: one event, the correlation id, and fields of an allow-list; free text is dropped."""

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

from config.kernel.auth.context import current_principal
from config.kernel.observability.correlation import correlation_id

# Anything else in an event is removed: a log line must not carry what a person wrote.
ALLOWED = frozenset(
    {
        "event", "level", "timestamp", "logger", "request_id", "actor_id", "method", "route", "status",
        "milliseconds", "context", "kind", "job_id", "subject_id", "tries", "event_name", "event_id", "alias",
        "jobs", "loop", "provider", "model", "outcome", "code", "count", "exception", "error", "queue", "reason",
        "document_id", "case_id", "run_id", "notice_id", "delivery_id", "channel", "port", "path", "state",
        "seconds", "attempt",
    }
)  # fmt: skip
# Libraries whose messages are constant templates; what they fill in is dropped.
TEMPLATES_KEPT = frozenset({"celery", "kombu", "gunicorn", "uvicorn", "django"})
_PLACES = re.compile(r"%(?:\(\w+\))?[-+ #0]*\d*(?:\.\d+)?[sdrifxXeEgGcou]|%%|\{\w*\}")
Fields = MutableMapping[str, Any]
# One list for the whole process: a logger keeps the list that it first wrote with, and whoever changes what becomes of
# lines (a test that looks at them) must reach those loggers too, however often logging is set up.
_CHAIN: list[Any] = []


def json_formatter() -> logging.Formatter:
    """The formatter of the one handler, for structlog's and for other libraries' records."""
    shared: list[Any] = [
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _add_request,
    ]
    _CHAIN[:] = [*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter]
    structlog.configure(
        processors=_CHAIN,
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    return structlog.stdlib.ProcessorFormatter(
        foreign_pre_chain=[*shared, _template_of_known],
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            _trace_without_values,
            _allowed_only,
            structlog.processors.JSONRenderer(),
        ],
    )


def _template_of_known(logger: Any, name: str, fields: Fields) -> Fields:
    """What other libraries log may quote a document or a row: of those we know, the template stays; else the place."""
    record: logging.LogRecord = fields["_record"]
    if record.name.partition(".")[0] in TEMPLATES_KEPT and isinstance(record.msg, str):
        # What stood between the words may be a name or a row: it is left out, with the places for it.
        fields["event"] = _PLACES.sub("…", record.msg)
    else:
        fields["event"] = "library_message"
        fields["path"] = f"{record.module}:{record.lineno}"
    return fields


def _add_request(logger: Any, name: str, fields: Fields) -> Fields:
    fields["request_id"] = correlation_id()
    actor = current_principal().user_id
    if actor:
        fields["actor_id"] = str(actor)
    return fields


def _trace_without_values(logger: Any, name: str, fields: Fields) -> Fields:
    """Type and place of an error. Its message is left out: database errors quote the row they choke on."""
    trouble = fields.pop("exc_info", None)
    if isinstance(trouble, tuple):
        trouble = trouble[1]
    if isinstance(trouble, BaseException):
        frames = []
        step = trouble.__traceback__
        while step is not None:
            frames.append(f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}")
            step = step.tb_next
        fields["error"] = type(trouble).__name__
        fields["exception"] = frames[-12:]
    return fields


def _allowed_only(logger: Any, name: str, fields: Fields) -> Fields:
    return {key: value for key, value in fields.items() if key in ALLOWED}
