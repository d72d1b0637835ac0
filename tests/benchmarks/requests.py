"""Processor time of one request of every main route, by the accounting of the processes: `make bench W=requests`.

The web server as the product runs it, one request after the other over a kept connection. Sign-in is not among them:
it hashes a password on purpose (`W=login`).
"""

from __future__ import annotations

import argparse
import http.client
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from typing import Any
from uuid import UUID, uuid4

import orjson

from tests.benchmarks.crypto import own_servers
from tests.benchmarks.load import processor_seconds

WARM, TIMES, ROUNDS = 25, 100, 3
FINDINGS = 46
# What was promised, in milliseconds; the others are there to be compared.
LIMITS = {"GET insights (46 findings)": 3.0, "POST case": 4.0, "POST message": 3.0}


@dataclass(frozen=True)
class Route:
    """One request: ``path`` and ``body`` are asked for each time, so that nothing is done twice."""

    name: str
    token: str
    path: Callable[[], str]
    method: str = "GET"
    body: Callable[[], Any] | None = None
    headers: Callable[[], dict[str, str]] | None = None


class Client:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)

    def send(self, route: Route) -> None:
        """Refuses anything but success: a fast refusal would look like a fast answer."""
        body = orjson.dumps(route.body()) if route.body else None
        headers = {"Authorization": f"Bearer {route.token}", "Content-Type": "application/json"}
        self._connection.request(
            route.method, f"/api/v1{route.path()}", body, headers | (route.headers() if route.headers else {})
        )
        answer = self._connection.getresponse()
        said = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{route.name} answered {answer.status}: {said[:300]!r}")


def main() -> int:
    """Prints the table; fails where a limit is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--times", type=int, default=TIMES)
    options = parser.parse_args()
    with own_servers():
        os.environ["RATE_LIMITS_SCALE"] = "100000"
        routes = _routes(WARM + options.rounds * (options.times + 3))
        from django.db import connections

        from tests.benchmarks.front import behind_the_front

        connections.close_all()
        with behind_the_front() as (port, group):
            client, spent = Client(port), {route.name: [0.0] * 0 for route in routes}
            for number in range(options.rounds):
                for route in routes:
                    for _ in range(WARM if number == 0 else 3):
                        client.send(route)
                    before = processor_seconds(group)
                    for _ in range(options.times):
                        client.send(route)
                    spent[route.name].append((processor_seconds(group) - before) / options.times * 1000)
    return _tell(spent, options.times)


def _tell(spent: dict[str, list[float]], times: int) -> int:
    missed = 0
    print(f"Processor time of the web processes a request; rounds of {times}, the least and the most.\n")
    print("| request | ms | at most | goal | |\n|---|---|---|---|---|")
    for name, taken in sorted(spent.items(), key=lambda one: -min(one[1])):
        least, limit = min(taken), LIMITS.get(name)
        missed += limit is not None and least > limit
        verdict = "" if limit is None else "met" if least <= limit else "missed"
        print(f"| {name} | {least:.1f} | {max(taken):.1f} | {f'≤ {limit:.0f}' if limit else ''} | {verdict} |")
    return int(missed > 0)


def _routes(steps: int) -> list[Route]:
    from identity import services as identity
    from tests.cases.support import INTAKE, Story
    from tests.factories import make_person

    story = Story().in_review()
    person, author = story.patient, story.author
    coordinator = make_person("coordinator")
    for _ in range(24):
        Story(person)
    seal = {"impression": "Likely severe.", "confidence": 70}
    from cases.services import opinion
    from tests.cases.support import by

    with by(author):
        opinion.seal_first_read(principal=author, case_id=story.id, **seal)
    for _ in range(3):
        story.put_document()
    add_findings(story.id)
    patient, specialist, staff = (
        identity.open_session(user_id=who.require_user_id()).access for who in (person, author, coordinator)
    )
    # A step can be taken once: each time another draft of the same patient.
    drafts = iter([Story(person).id for _ in range(steps)])
    case, numbers = f"/cases/{story.id}", count()
    key = lambda: {"Idempotency-Key": str(uuid4())}  # noqa: E731  one name for two calls
    reads = {
        "GET cases": "/cases", "GET case": case, "GET transitions": f"{case}/transitions",
        "GET history": f"{case}/history", "GET documents": f"{case}/documents", "GET messages": f"{case}/messages",
        "GET checklist": f"{case}/checklist", "GET intake": f"{case}/intake", "GET reports": f"{case}/reports",
        "GET notifications": "/notifications", "GET profile": "/profile/me", "GET consents": "/consents",
        "GET sessions": "/sessions", "GET proxies": "/proxies",
        "GET professionals": "/professionals", "GET taxonomy": "/taxonomy",
        "GET questionnaires": "/questionnaires", "GET search": "/cases?search=valve",
    }  # fmt: skip
    works = {
        "GET insights (46 findings)": f"/insights/{story.id}", "GET cases as specialist": "/cases",
        "GET case as specialist": case, "GET notes": f"{case}/notes", "GET first opinion": f"{case}/first-opinion",

    }  # fmt: skip
    staffed = {
        "GET cases as staff": "/cases", "GET cases as staff, filtered": "/cases?specialty=none&sort=due",
         "GET case as staff": case,
    }  # fmt: skip
    found = [
        Route(name, token, lambda path=path: path)  # type: ignore[misc]  # a default that keeps the path
        for token, group in ((patient, reads), (specialist, works), (staff, staffed))
        for name, path in group.items()
    ]
    return [
        *found,
        Route("POST case", patient, lambda: "/cases", "POST", lambda: INTAKE),
        Route("POST case, with key", patient, lambda: "/cases", "POST", lambda: INTAKE, key),
        Route("POST message", patient, lambda: f"{case}/messages", "POST", lambda: {"text": f"Number {next(numbers)}"}),
        Route("POST message, with key", patient, lambda: f"{case}/messages", "POST", lambda: {"text": "And?"}, key),
        Route("POST note", specialist, lambda: f"{case}/notes", "POST", lambda: {"text": "Look at page 2."}),
        Route(
            "PATCH status", patient, lambda: f"/cases/{next(drafts)}/status", "PATCH", lambda: {"to": "SUBMITTED"},
            lambda: {"If-Match": '"1"'},
        ),
    ]  # fmt: skip


def add_findings(case_id: UUID) -> None:
    """46 findings of one run, as reading a sheet of laboratory values leaves them."""
    from analysis.models import Finding
    from analysis.queries.findings import sealed_content
    from cases.models import Case, Document
    from config.kernel.db import uuid7
    from identity import services as identity
    from tests.factories.analysis import AnalysisRunFactory, FindingFactory

    patient_id = Case.objects.values_list("patient_id", flat=True).get(id=case_id)
    document_id = Document.objects.filter(case_id=case_id).values_list("id", flat=True)[0]
    key = identity.data_key(subject_id=patient_id)
    run = AnalysisRunFactory(case_id=case_id, document_id=document_id, patient_id=patient_id, completed=True)
    rows = []
    for number in range(FINDINGS):
        content = {
            "title": f"Haemoglobin {number} low", "detail": "Below the printed reference range.",
            "codes": [{"system": "http://loinc.org", "code": "718-7", "display": "Hemoglobin"}],
            "spans": [{"document_id": str(document_id), "page": 1, "start": 10, "end": 40, "quote": "Hb 9.1 g/dL"}],
            "data": {"name": "Haemoglobin", "value": "9.1", "number": 9.1, "unit": "g/dL", "low": 12, "high": 16},
        }  # fmt: skip
        row_id = uuid7()
        rows.append(
            FindingFactory.build(
                id=row_id, run=run, position=number, content_sealed=sealed_content(row_id, key, content)
            )
        )
    Finding.objects.bulk_create(rows)


if __name__ == "__main__":
    sys.exit(main())
