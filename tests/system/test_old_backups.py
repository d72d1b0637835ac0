"""A backup from before an erasure opens nothing after it, whatever else is still there (crypto-shredding)."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from django.db import connections

from cases.models import Report
from config.kernel.crypto import DataKey, KeyDestroyed, Place, UnreadableSecret, master_open, open_bytes
from config.kernel.crypto.inventory import MASTER, sealed_models
from config.kernel.crypto.streams import decrypt_stream
from config.kernel.due_work import drain
from config.runtime.embedded.binaries import postgres_programs
from identity import services as identity
from identity.adapters import key_shares
from identity.models import DataKeyRecord, DestroyedKey
from tests.cases.support import Story

pytestmark = pytest.mark.django_db(transaction=True)
SCHEMAS = {"default": "identity", "cases": "cases"}


def tool(name: str, database: dict[str, Any], *arguments: str) -> None:
    surroundings = os.environ | {"PGPASSWORD": str(database["PASSWORD"])}
    place = ["-h", str(database["HOST"]), "-p", str(database["PORT"]), "-U", str(database["USER"])]
    command = [str(postgres_programs(None) / name), *place, *arguments]
    done = subprocess.run(command, env=surroundings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture
def restored(tmp_path: Path) -> Iterator[Any]:
    """Call it to dump everything; call what it gives to get the dump as a database of its own."""
    made: list[psycopg.Connection[Any]] = []

    def dump() -> Any:
        files = []
        for alias, schema in SCHEMAS.items():
            database = connections[alias].settings_dict
            files.append(tmp_path / f"{schema}.sql")
            options = ("--schema", schema, "--no-owner", "--no-privileges", "-f", str(files[-1]))
            tool("pg_dump", database, *options, "-d", str(database["NAME"]))
        return lambda: (restore(files), files)

    def restore(files: list[Path]) -> psycopg.Connection[Any]:
        database = connections["default"].settings_dict
        name = f"restored_{uuid4().hex[:8]}"
        with connections["default"].cursor() as cursor:
            cursor.execute(f'CREATE DATABASE "{name}"')
        for file in files:
            tool("psql", database, "-q", "-d", name, "-f", str(file))
        access = {"host": database["HOST"], "port": database["PORT"], "password": database["PASSWORD"]}
        made.append(psycopg.connect(dbname=name, user=database["USER"], autocommit=True, **access))
        return made[-1]

    yield dump
    for connection in made:
        name = connection.info.dbname
        connection.close()
        with connections["default"].cursor() as cursor:
            cursor.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def cells(old: psycopg.Connection[Any]) -> Iterator[tuple[Place, bytes]]:
    """Every cell in the dump that a person's key seals."""
    for found in sealed_models():
        table = found.model._meta.db_table
        if found.owner != MASTER and found.context in ("identity", "cases"):
            for field in found.fields:
                rows = old.execute(f'SELECT id, "{field}" FROM {found.context}.{table} WHERE "{field}" IS NOT NULL')
                yield from ((found.place(field, row_id), sealed) for row_id, sealed in rows.fetchall())


def opens(key: DataKey, place: Place, sealed: bytes) -> bool:
    try:
        return open_bytes(key, place, sealed) is not None
    except UnreadableSecret:
        return False


def test_a_dump_from_before_an_erasure_opens_nothing_after_it(restored, tmp_path, settings) -> None:
    story = Story()
    patient = story.patient.user_id
    story.add_document("Patient: Maria Keller\nborn 17.04.1961\nGlioblastoma\n", tmp_path)
    drain("cases")
    story.delivered()
    whole = identity.data_key(subject_id=patient)
    report = Report.objects.get(case=story.id)
    sealed_pdf = (Path(settings.DOCUMENT_STORAGE_DIR) / report.pdf_key).read_bytes()
    put_back = restored()
    identity.destroy_keys(subject_id=patient)
    old, files = put_back()

    record = old.execute(
        "SELECT id, number, wrapped FROM identity.identity_datakeyrecord WHERE subject_id = %s", [patient]
    ).fetchone()
    assert record is not None, "the dump does hold the wrapped half"
    half = master_open(Place("identity_datakeyrecord", "wrapped", record[0]), record[2])
    from_dump = DataKey(patient, record[1], half)
    theirs = [cell for cell in cells(old) if opens(whole, *cell)]
    assert len(theirs) >= 10, "while the key lived, the dump's cells opened"
    assert not any(opens(from_dump, *cell) for cell in cells(old))
    with pytest.raises(UnreadableSecret):
        b"".join(decrypt_stream(key=from_dump, place=Place("cases_file", "report", report.id), source=[sealed_pdf]))
    with pytest.raises(KeyDestroyed):
        key_shares.get(record[0])
    told = "".join(file.read_text() for file in files).lower()
    assert "glioblastoma" not in told
    assert "stenosis" not in told


def test_a_restored_database_answers_that_they_are_erased(api, restored) -> None:
    story = Story().in_review()
    rows = list(DataKeyRecord.objects.filter(subject_id=story.patient.user_id))
    identity.destroy_keys(subject_id=story.patient.user_id)
    DestroyedKey.objects.filter(subject_id=story.patient.user_id).delete()
    DataKeyRecord.objects.bulk_create(rows)
    identity.forget_keys()
    answer = api.as_(story.author).get(f"/api/v1/cases/{story.id}")
    assert (answer.status_code, answer.json()["code"]) == (410, "erased")
