"""Nothing of what a patient or specialist wrote stands in database, queue, events or store as readable text."""

from pathlib import Path

import pytest
from django.db import connections

from cases.services import casefile, opinion
from config.kernel.crypto import UnreadableSecret
from config.kernel.due_work import drain
from tests.cases.support import INTAKE, OPINION, Story, by
from tests.observations import report_pdf

pytestmark = pytest.mark.django_db
SECRETS = (
    INTAKE["title"],
    "Do I need the operation",
    "Aortic stenosis",
    "I35.0",
    "Bisoprolol",
    "Penicillin",
    "Dr Treating",
    "Valley Hospital",
    "Short of breath",
    "Maria Keller",
    OPINION["summary"],
    OPINION["plan"],
    "My own first impression",
    "Since when exactly",
    "Since the month of May",
    "a very private reason",
    "echo-of-maria.txt",
    "gradient 52",
)


def everything_in(schema: str) -> str:
    """Every cell of every table of the context, as PostgreSQL prints it, and bytes also as text."""
    found = []
    with connections["cases"].cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = %s", [schema])
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            found += [row[0] for row in cursor.fetchall()]
            cursor.execute(
                "SELECT column_name FROM information_schema.columns"
                " WHERE table_schema = %s AND table_name = %s AND data_type = 'bytea'",
                [schema, table],
            )
            for (column,) in cursor.fetchall():
                cursor.execute(f'SELECT encode("{column}", \'escape\') FROM "{table}" WHERE "{column}" IS NOT NULL')
                found += [row[0] for row in cursor.fetchall()]
    return "\n".join(found)


def test_no_cell_and_no_file_holds_a_readable_secret(tmp_path, settings) -> None:
    story = Story()
    story.add_document("Patient: Maria Keller\nborn 17.04.1961\ngradient 52 mmHg\n", tmp_path, "echo-of-maria.txt")
    drain("cases")
    story.in_review()
    with by(story.author):
        opinion.seal_first_read(
            principal=story.author, case_id=story.id, impression="My own first impression", confidence=60
        )
        opinion.save_draft(principal=story.author, case_id=story.id, content=OPINION)
        asked = opinion.ask(principal=story.author, case_id=story.id, question="Since when exactly?")
    with by(story.patient):
        opinion.answer(
            principal=story.patient, case_id=story.id, clarification_id=asked.id, text="Since the month of May"
        )
    story.sign(story.submit().content_hash)
    drain("cases")
    story.move(story.author, "AMENDING", reason="a very private reason")
    told = everything_in("cases")
    assert story.row.reference in told
    for secret in SECRETS:
        assert secret not in told, secret
    for path in Path(settings.DOCUMENT_STORAGE_DIR).rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            assert not [secret for secret in SECRETS if secret.encode() in content]


def test_a_cell_that_was_moved_to_another_row_does_not_open() -> None:
    one, other = Story(), Story(title="Another")
    other.patient = one.patient
    row = other.row
    row.title_sealed, row.patient_id = one.row.title_sealed, one.row.patient_id
    row.save()
    with by(one.patient), pytest.raises(UnreadableSecret):
        casefile.get_case(principal=one.patient, case_id=other.id)


def test_a_changed_byte_of_a_stored_report_is_found(settings) -> None:
    from cases.models import Report

    story = Story().delivered()
    path = Path(settings.DOCUMENT_STORAGE_DIR) / Report.objects.get(case=story.id).pdf_key
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    with by(story.patient), pytest.raises(UnreadableSecret):
        report_pdf(principal=story.patient, case_id=story.id)


def test_logs_of_a_whole_case_tell_nothing(caplog, capsys) -> None:
    caplog.set_level("DEBUG")
    Story().delivered()
    told = caplog.text + "".join(capsys.readouterr())
    assert not [secret for secret in SECRETS if secret in told]
