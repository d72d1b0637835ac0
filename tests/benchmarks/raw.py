"""The limit: a bare WSGI application on psycopg with hand-written JSON, under the same server as the product.

It checks the token (as the product does, remembered by its hash), reads the same rows, and writes one audit row:
nothing else.
"""

from __future__ import annotations

import hashlib
import json
import os
import threading
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import jwt
import psycopg
from cryptography.hazmat.primitives import serialization

_local = threading.local()
_known: dict[bytes, str] = {}
_public = serialization.load_pem_private_key(
    Path(os.environ["BENCH_SIGNING_KEY"]).read_bytes(),
    password=None,
).public_key()
_LIST = (
    "SELECT id, reference, state, version, specialty, urgency, title_sealed, created_at, updated_at FROM cases_case"
    " WHERE patient_id = %s ORDER BY id DESC LIMIT 26"
)
_ONE = (
    "SELECT id, reference, state, version, specialty, urgency, title_sealed, created_at, updated_at FROM cases_case"
    " WHERE id = %s AND patient_id = %s"
)
_AUDIT = (
    "INSERT INTO cases_auditentry (id, at, action, outcome, purpose, actor_kind, actor_id, actor_roles, patient_id,"
    " object_type, request_id, detail) VALUES"
    " (%s, %s, 'raw', 'success', '', 'user', %s, 'patient', %s, 'case', '', '{}')"
)


def application(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
    """``/cases`` and ``/cases/<id>``."""
    user = _user(environ["HTTP_AUTHORIZATION"][7:])
    path = environ["PATH_INFO"]
    connection = _connection()
    with connection.cursor() as cursor:
        cursor.execute(_AUDIT, [uuid4(), datetime.now(UTC), user, user])
        if path == "/cases":
            cursor.execute(_LIST, [user])
        else:
            cursor.execute(_ONE, [path.rsplit("/", 1)[1], user])
        rows = [_line(row) for row in cursor.fetchall()]
    body = ('{"results":[' + ",".join(rows) + "]}").encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _line(row: tuple[Any, ...]) -> str:
    return (
        f'{{"id":"{row[0]}","reference":"{row[1]}","state":"{row[2]}","version":{row[3]},"specialty":"{row[4]}",'
        f'"urgency":"{row[5]}","title":{json.dumps(row[6].hex()[:32])},"created_at":"{row[7].isoformat()}",'
        f'"updated_at":"{row[8].isoformat()}"}}'
    )


def _connection() -> psycopg.Connection[Any]:
    if not hasattr(_local, "connection"):
        _local.connection = psycopg.connect(
            os.environ["DATABASE_URL"], autocommit=True, options="-c search_path=cases,public"
        )
    connection: psycopg.Connection[Any] = _local.connection
    return connection


def _user(token: str) -> str:
    digest = hashlib.sha256(token.encode()).digest()
    if digest not in _known:
        _known[digest] = jwt.decode(
            token, _public, algorithms=["ES256"], audience="second-opinion-api", options={"verify_exp": False}
        )["sub"]
    return _known[digest]
