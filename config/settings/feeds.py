"""Feeds of events. Without EVENT_SINKS nothing is fed, and no process runs for it."""

from config.settings.celery import REDIS_URL
from config.settings.environment import env

# valkey, kafka, pubsub: the same in all processes, because no event is deleted that a sink still lacks.
EVENT_SINKS = env.list("EVENT_SINKS", default=[])
# Channels sop:events:<context>, and streams of the same names, each about so long.
EVENTS_VALKEY_URL = env.str("EVENTS_VALKEY_URL", default=REDIS_URL)
EVENTS_STREAM_LENGTH = env.int("EVENTS_STREAM_LENGTH", default=100_000)
# Topics sop.<context>, sop.audit, sop.analytics; each option of librdkafka by KAFKA_<OPTION>.
KAFKA_OPTIONS = {
    option: value
    for option in (
        "bootstrap.servers",
        "security.protocol",
        "sasl.mechanism",
        "sasl.username",
        "sasl.password",
        "ssl.ca.location",
        "ssl.certificate.location",
        "ssl.key.location",
        "ssl.key.password",
    )
    if (value := env.str(f"KAFKA_{option.replace('.', '_').upper()}", default=""))
}
# Topics of the same names in a project of Google Cloud; credentials as Google's libraries find them.
PUBSUB_PROJECT = env.str("PUBSUB_PROJECT", default="")
