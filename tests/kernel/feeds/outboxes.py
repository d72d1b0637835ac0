"""Outboxes that several hands write into, and a sink that remembers."""

import json
from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import psycopg
from django.db import connections

from config.kernel.feeds import CloudEvent, SinkAway, Stream
from config.kernel.feeds.dispatch import feed_once
from config.kernel.outbox.publication import CHANNEL

NAME = "cases.case.opened.v1"


class Hand:
    """A transaction of somebody else's, on a connection of its own: open until ``end``."""

    def __init__(self) -> None:
        wanted = connections["cases"].get_connection_params()
        given = {key: wanted[key] for key in ("host", "port", "dbname", "user", "password") if key in wanted}
        self.connection = psycopg.connect(**given, options="-c search_path=cases,public")

    def __enter__(self) -> "Hand":
        return self

    def __exit__(self, *_: object) -> None:
        self.connection.close()

    def begin(self) -> "Hand":
        """Be given a transaction id, as by any first write."""
        self.connection.execute("SELECT pg_current_xact_id()")
        return self

    def publish(self, case: UUID, number: int) -> "Hand":
        self.connection.execute(
            "INSERT INTO cases_outboxentry (event_id, name, aggregate_id, payload, correlation_id, status, tries,"
            " available_at, created_at, last_error)"
            " VALUES (%s, %s, %s, %s, '', 'SENT', 0, now(), clock_timestamp(), '')",
            [UUID(int=number), NAME, case, json.dumps({"aggregate_id": str(case), "patient_id": str(uuid4())})],
        )
        return self

    def notify(self) -> "Hand":
        self.connection.execute("SELECT pg_notify(%s, 'cases')", [CHANNEL])
        return self

    def end(self) -> None:
        self.connection.commit()


def published(case: UUID, *numbers: int) -> None:
    """Events of one transaction."""
    with Hand() as hand:
        for number in numbers:
            hand.publish(case, number)
        hand.end()


class Memory:
    """A sink that remembers what it took, and can be away."""

    streams = frozenset({Stream.EVENTS})

    def __init__(self, name: str = "memory") -> None:
        self.name, self.got, self.away, self.closed = name, [], False, 0
        self.got: list[CloudEvent] = []

    def send(self, events: Sequence[CloudEvent]) -> None:
        if self.away:
            raise SinkAway("away")
        self.got += events

    def close(self) -> None:
        self.closed += 1

    def numbers(self, case: UUID | None = None) -> list[int]:
        """The numbers of the events, in the order in which they came."""
        return [UUID(event.id).int for event in self.got if case is None or event.subject == str(case)]


def fed(sink: Any, limit: int = 100) -> list[int]:
    """Feed all that there is; returns the numbers that came."""
    before = len(sink.got)
    while feed_once("cases", sink, limit=limit):
        pass
    return [UUID(event.id).int for event in sink.got[before:]]
