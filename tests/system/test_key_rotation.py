"""Keys rotated three times under load: nobody's reading fails, nothing stays behind, nothing opens elsewhere (F9)."""

import json
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from io import StringIO
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from cases.models import DocumentPage, RetiredFile
from cases.services import casefile, documents, opinion
from config.kernel import clock
from config.kernel.auth import SYSTEM, acting_as
from config.kernel.crypto import DataKey, Place, UnreadableSecret, open_bytes
from config.kernel.crypto.data_key_resealing import rows_by_version
from config.kernel.crypto.inventory import MASTER, SealedModel, sealed_models
from config.kernel.crypto.master import master_keys, master_open
from config.kernel.crypto.master_key_rewrap import versions_in_use
from config.kernel.due_work import drain
from config.kernel.jobs import enqueue
from identity import services as identity
from tests.cases.support import Story, by
from tests.observations import report_pdf

pytestmark = pytest.mark.django_db(transaction=True)
READS = 1_000


@pytest.fixture(autouse=True)
def ring(settings, tmp_path: Path) -> Iterator[Path]:
    """A ring of this test's own, on the key that the suite's rows are wrapped with."""
    path = tmp_path / "ring"
    path.write_text(json.dumps({"1": "MTExMTExMTExMTExMTExMTExMTExMTExMTExMTExMTE="}))
    path.chmod(0o600)
    settings.MASTER_KEY_PROVIDER, settings.MASTER_KEY_RING = "file", str(path)
    identity.forget_keys()
    yield path
    identity.forget_keys()


def run(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out, stderr=out)
    return out.getvalue()


def delivered(folder: Path) -> Story:
    """A case with everything that is sealed: document, pages, opinion, clarification, report, remarks."""
    story = Story()
    story.add_document("Patient: Maria Keller\nborn 17.04.1961\nINR 3.4\nWarfarin 5 mg daily\n", folder)
    drain("cases")
    story.written()
    with by(story.author):
        asked = opinion.ask(principal=story.author, case_id=story.id, question="Since when exactly?")
    with by(story.patient):
        opinion.answer(principal=story.patient, case_id=story.id, clarification_id=asked.id, text="Since May")
    story.sign(story.submit().content_hash)
    drain("cases")
    drain()
    return story


def readings(story: Story) -> list[Callable[[], Any]]:
    """Every way in which the patient reads what is sealed for them."""
    me = story.patient
    (document,) = _as(story, lambda: documents.list_documents(principal=me, case_id=story.id))
    return [
        lambda: casefile.case_page(principal=me, case_id=story.id)["title"],
        lambda: casefile.list_cases(principal=me, limit=25)[0][0]["title"],
        lambda: documents.list_documents(principal=me, case_id=story.id)[0].name,
        lambda: documents.page_text(principal=me, document_id=document.id, number=1).text,
        lambda: documents.page_image(principal=me, document_id=document.id, number=1),
        lambda: b"".join(documents.original_file(principal=me, document_id=document.id)[1](0)),
        lambda: report_pdf(principal=me, case_id=story.id),
        lambda: identity.get_account(user_id=me.user_id).full_name,
    ]


def _as(story: Story, act: Callable[[], Any]) -> Any:
    with by(story.patient):
        return act()


def rotate_all(patient_id: Any) -> None:
    """What an operator does, in order, as fast as it goes."""
    with acting_as(SYSTEM):
        run("rotate_master_key")
        run("rewrap_keys")
        run("rotate_data_keys", "--patient", str(patient_id))
        drain()


def test_keys_rotate_three_times_under_load_without_a_failed_reading(tmp_path: Path) -> None:
    story = delivered(tmp_path)
    ways = readings(story)
    expected = [_as(story, way) for way in ways]
    outcome: Counter[str] = Counter()
    stop, lock = threading.Event(), threading.Lock()

    def read() -> None:
        try:
            with by(story.patient):
                number = 0
                while not (stop.is_set() and outcome.total() >= READS):
                    index = number % len(ways)
                    try:
                        good = ways[index]() == expected[index]
                        result = "right" if good else f"wrong {index}"
                    except Exception as error:
                        result = f"{index} {type(error).__name__}: {error}"
                    with lock:
                        outcome[result] += 1
                    number += 1
        finally:
            connections.close_all()

    threads = [threading.Thread(target=read) for _ in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(3):
            rotate_all(story.patient.user_id)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
    assert set(outcome) == {"right"}, outcome
    assert outcome["right"] >= READS
    assert set(rows_by_version([story.patient.user_id])[story.patient.user_id]) == {4}
    run("rewrap_keys")
    assert set(versions_in_use()) == {master_keys().newest()} == {4}
    report = run("key_report")
    assert "on old versions of the master key: 0" in report
    assert "on old versions of data keys: 0" in report
    _retire_everything_old(story)
    identity.forget_keys()
    for _ in range(READS // len(ways)):
        assert [_as(story, way) for way in ways] == expected


def _retire_everything_old(story: Story) -> None:
    with acting_as(SYSTEM):
        for version in (1, 2, 3):
            run("retire_master_key", "--key-version", str(version))
        with clock.frozen(clock.now() + timedelta(minutes=11)):
            assert "3 versions retired" in run("rotate_data_keys", "--patient", str(story.patient.user_id), "--retire")
    assert master_keys().versions() == (4,)


def test_an_old_master_key_is_not_retired_while_something_needs_it(tmp_path: Path) -> None:
    Story()
    run("rotate_master_key")
    with pytest.raises(CommandError, match="still wrapped by version 1: run rewrap_keys"):
        run("retire_master_key", "--key-version", "1")
    with pytest.raises(CommandError, match="newest"):
        run("retire_master_key", "--key-version", "2")
    with pytest.raises(CommandError, match="no version 9"):
        run("retire_master_key", "--key-version", "9")
    assert master_keys().versions() == (1, 2)


def test_rewrapping_goes_on_where_it_was_cut_short(tmp_path: Path) -> None:
    from config.kernel.crypto.master_key_rewrap import rewrap, wrapped_models

    for _ in range(5):
        Story()
    before = versions_in_use()[1]
    run("rotate_master_key")
    (keys,) = (found for found in wrapped_models() if found.model.__name__ == "DataKeyRecord")
    assert next(rewrap(keys, batch=2)) == 2
    assert versions_in_use() == {1: before - 2, 2: 2}
    told = run("rewrap_keys")
    assert versions_in_use() == {2: before}
    assert "identity_datakeyrecord" in told


def sweep(story: Story) -> None:
    enqueue(context="cases", kind="cases.discard_retired", subject_id=story.id)
    drain("cases")


def test_replaced_files_stay_for_ten_minutes_for_who_is_reading_them(tmp_path: Path, settings) -> None:
    story = delivered(tmp_path)
    page = DocumentPage.objects.get(document__case_id=story.id)
    old = Path(settings.DOCUMENT_STORAGE_DIR) / page.image_key
    rotate_all(story.patient.user_id)
    page.refresh_from_db()
    sweep(story)
    assert old.is_file()
    assert not old.samefile(Path(settings.DOCUMENT_STORAGE_DIR) / page.image_key)
    RetiredFile.objects.update(discard_after=clock.now())
    sweep(story)
    assert not old.exists()
    assert not RetiredFile.objects.exists()
    assert _as(story, readings(story)[4])


def cells(found: SealedModel, owner: UUID) -> Iterator[tuple[Any, str, bytes]]:
    """Every sealed cell of the model; of this person only, where people's keys seal it."""
    rows = found.rows if found.owner == MASTER else found.rows.filter(**{found.owner: owner})
    for field in found.fields:
        for pk, sealed in rows.exclude(**{field: None}).values_list("pk", field):
            yield pk, field, bytes(sealed)


def test_a_cell_of_any_sealed_column_opens_in_its_own_row_only(tmp_path: Path) -> None:
    story = delivered(tmp_path)
    key = identity.data_key(subject_id=story.patient.user_id)
    refused: Counter[str] = Counter()
    for found in sealed_models():
        for row_id, field, sealed in cells(found, key.subject_id):
            opened = _opener(found, key, sealed)
            assert opened(found.place(field, row_id)) is not None
            with pytest.raises(UnreadableSecret):
                opened(found.place(field, uuid4()))
            refused[f"{found.model._meta.label}.{field}"] += 1
    assert refused.total() >= 20
    assert {"cases.Case.title_sealed", "cases.Opinion.content_sealed", "identity.User.profile_sealed"} <= set(refused)


def _opener(found: SealedModel, key: DataKey, sealed: bytes) -> Callable[[Place], bytes]:
    if found.owner == MASTER:
        return lambda place: master_open(place, sealed)
    return lambda place: open_bytes(key, place, sealed)
