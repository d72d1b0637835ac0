"""When the audit log does not take a row, no health data leaves: every read answers 503, without a word of it."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connections

from config.kernel.auth import Principal
from tests.authorization.world import World, undone
from tests.cases.support import INTAKE, OPINION
from tests.client import ApiClient
from tests.factories import make_person

pytestmark = pytest.mark.django_db

WORDS = (
    INTAKE["title"],
    *INTAKE["questions"],
    "Aortic stenosis",
    "Bisoprolol",
    "Penicillin",
    "Valley Hospital",
    "Short of breath",
    OPINION["summary"],
    OPINION["plan"],
    "Maria Keller",
    "Potassium",
)
# Who reads what; with every one of them a row is due before the answer.
READS = (
    ("owner", "/cases", "cases"),
    ("owner", "/cases/{c}", "cases"),
    ("author", "/cases/{c}", "cases"),
    ("author", "/cases", "cases"),
    ("owner", "/cases/{c}/history", "cases"),
    ("owner", "/cases/{c}/documents", "cases"),
    ("author", "/cases/{c}/documents", "cases"),
    ("owner", "/cases/{asked}/questions", "cases"),
    ("author", "/cases/{c}/opinion/draft", "cases"),
    ("owner", "/cases/{signed}/opinion", "cases"),
    ("owner", "/cases/{signed}/report.pdf", "cases"),
    ("owner", "/cases/{signed}/report.fhir.json", "cases"),
    ("owner", "/documents/{adoc}", "cases"),
    ("owner", "/documents/{adoc}/content", "cases"),
    ("author", "/documents/{file}/pages/1/text", "cases"),
    ("author", "/documents/{file}/pages/1.webp", "cases"),
    ("owner", "/documents/{file}/original", "cases"),
    ("author", "/analysis/{a0}", "analysis"),
    ("author", "/insights/{c}", "analysis"),
    ("owner", "/audit?patient={po}", "identity"),
)


@pytest.mark.parametrize(("reader", "address", "owner"), READS, ids=[f"{r} {a}" for r, a, _ in READS])
def test_a_read_that_cannot_be_recorded_is_refused_without_a_word(reader: str, address: str, owner: str) -> None:
    world = World()
    path = address.format_map(world)  # type: ignore[arg-type]  # it names things by key
    client = ApiClient(getattr(world, reader))
    assert _get(client, path).status_code == 200
    with undone():
        with connections["default" if owner == "identity" else owner].cursor() as cursor:
            cursor.execute(f"ALTER TABLE {owner}_auditentry RENAME COLUMN action TO gone")
        response = _get(client, path)
    body = b"".join(response.streaming_content) if response.streaming else response.content
    assert response.status_code == 503
    assert response["Content-Type"] == "application/problem+json"
    assert not [word for word in WORDS if word.encode() in body]
    assert len(body) < 1000


def _get(client: ApiClient, path: str) -> Any:
    response = client.get(path)
    if response.streaming and response.status_code == 200:
        list(response.streaming_content)
    return response


PAYLOADS = (
    *(f"a{sign}b" for sign in ("\n", "\r", "\r\n", "\x00", "\x1b[31m", "\x85", "\u2028", "\u2029", "\x7f", "\t")),
    *('{"action":"x"}', '"', "'", "';DROP TABLE cases_auditentry;--", "\\", "\\n", "%0a", "%s", "${jndi:ldap://x}"),
    *("<script>alert(1)</script>", "{{7*7}}", "=cmd|' /C calc'!A0", "../../etc/passwd", "a" * 100_000, "", " "),
    *("Bearer eyJhbGciOiJIUzI1NiJ9.e30.x", "password=hunter2", "sop_session=abcdef", "otpauth://totp/x?secret=ABC"),
    *("мария келлер", "🩺", "\ufeff", "\u202e", "é" * 300, "null", "true", "-1", "1e999", "NaN", "undefined"),
    *("2024-01-01T00:00:00Z audit.read success", "\n\n\n", "a\nb\nc", ",", ";", "|", "#", "--", "/*", "`id`"),
)
SECRETS = ("hunter2", "eyJhbGciOiJIUzI1NiJ9", "sop_session=", "otpauth")


@pytest.mark.parametrize("payload", PAYLOADS[:50], ids=range(50))
def test_what_callers_send_stays_one_row_of_codes_and_holds_no_secret(api: ApiClient, payload: str) -> None:
    patient = make_person("patient")
    printable = payload.encode("utf-8", "replace").decode("latin-1").replace("\n", "").replace("\r", "")
    headers = dict.fromkeys(("X-Request-ID", "X-Forwarded-For", "User-Agent", "Referer"), printable)
    before = _rows()
    caller = api.as_(patient)
    unasked = {"patient": patient.user_id, "note": payload, "token": payload}
    assert caller.get("/audit", query=unasked, headers=headers).status_code == 400
    assert _rows() == before, "names that nobody declared are refused before anything is read"
    caller.get("/audit", query={"patient": patient.user_id}, headers=headers)
    caller.get("/cases/01a207c1-f45e-7b90-b52e-58235da14958", headers=headers)
    added = _rows()[: len(_rows()) - len(before)]
    assert [row[0] for row in added] == ["case.read", "audit.read"]
    for row in added:
        written = "|".join(str(value) for value in row)
        assert not [secret for secret in SECRETS if secret in written]
        assert written.isprintable()
        assert len(written) < 600


def _rows() -> list[tuple[Any, ...]]:
    found = []
    for alias, context in (("cases", "cases"), ("default", "identity")):
        with connections[alias].cursor() as cursor:
            cursor.execute(
                "SELECT action, outcome, purpose, actor_roles, object_type, request_id, detail::text, host(address)"
                f" FROM {context}_auditentry WHERE action IN ('audit.read', 'case.read') ORDER BY at DESC"
            )
            found += cursor.fetchall()
    return found


def test_the_chain_of_what_was_sent_verifies(principal: Any) -> None:
    from config.kernel.audit import record
    from config.kernel.audit.chain import seal, verify
    from config.kernel.auth import acting_as

    who: Principal = principal("nurse")
    with acting_as(who):
        for payload in PAYLOADS:
            record(context="cases", action="case.read", detail={"object": payload.replace("\x00", "")[:40]})
    assert seal("cases") == len(PAYLOADS)
    assert verify("cases") is None
