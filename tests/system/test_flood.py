"""Hostile documents from two senders through the running product: nobody else waits for them, and no worker falls.

Runs with the worst of the corpus, and a wide limit that a slow machine keeps as well; `SOP_FLOOD=1` sends all of it, a
photograph to be recognised too, and holds the letters to five seconds. Where other programs use the processors
meanwhile, as many times more as they leave less of them.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from config.runtime.embedded import Stack
from config.runtime.embedded.stack import DATABASE
from tests.journey.http import Caller
from tests.journey.story import Story
from tests.journey.timeline import Timeline
from tests.platform.running import Product
from tests.platform.waiting import until
from tests.system.flooding import REMINDER, UNDONE, WAITS, Machine, Readers, children, rows, times_slower
from tests.tooling.documents import photographed
from tests.tooling.endless import endless_words_pdf
from tests.tooling.hostile import CORPUS, Hostile, forms_within_forms_pdf

pytestmark = pytest.mark.slow
SENDERS, NEVER_DONE = 2, 1
# A case takes fifty documents.
A_CASE = 45
FULL = os.environ.get("SOP_FLOOD") == "1"
# Who waits behind one document that is never done waits for 25 seconds.
MAX_WAIT = 5.0 if FULL else 15.0
# Of processor time: a reader's own, and where text is recognised also its.
MAX_SECONDS, MAX_MEGABYTES = (170.0 if FULL else 30.0), 768
QUIET_SECONDS = 1.0
WORST = ("png_bomb", "stream_bomb_pdf", "huge_page_pdf", "nested_dicom", "deflated_dicom_bomb", "javascript_pdf")
# What backtracking matchers find hard: one such file of ten pages took a reader 105 seconds.
HARD = ("A", "1.", ">=", "- ")
LETTER = "Patient: Maria Keller\nDate of birth: 17.04.1961\nAll is well, visit {}.\n"


def patient(product: Product) -> Story:
    story = Story(f"http://127.0.0.1:{product.port}", product.data, Timeline())
    story.register()
    story.open_case()
    return story


def send(caller: Caller, case_id: str, name: str, content: bytes, kind: str) -> str | None:
    """The document's id, or ``None`` for a file that is refused at the door."""
    files = {"file": (name, content, kind)}
    answer = caller.session.post(
        f"{caller.base_url}/api/v1/documents/upload",
        data={"case_id": case_id},
        files=files,
        headers={"Authorization": f"Bearer {caller.token}"},
        timeout=600,
    )
    if answer.status_code == 201:
        return str(answer.json()["id"])
    assert answer.status_code in (400, 409, 413), answer.text
    return None


def made_for(number: int) -> list[Hostile]:
    """The corpus, a photograph that says where it was taken, and pages that are never done."""
    endless = [forms_within_forms_pdf(shade=(number * NEVER_DONE + each + 1) / 100) for each in range(NEVER_DONE)]
    endless += [endless_words_pdf(sign=sign, number=number) for sign in HARD]
    if not FULL:
        return [*endless, *(make() for make in CORPUS if make.__name__ in WORST)]
    shown = photographed()
    photograph = Hostile(name=shown.name, media_type=shown.media_type, content=shown.content, ending="neutral")
    return [*endless, *(make() for make in CORPUS), photograph]


def send_all(story: Story, files: list[Hostile]) -> None:
    for made in files:
        send(story.patient, story.case_id, made.name, made.content, made.media_type)


@contextmanager
def flooding(hostile: list[Story]) -> Iterator[list[threading.Thread]]:
    files = [made_for(number) for number in range(len(hostile))]
    threads = [threading.Thread(target=send_all, args=told) for told in zip(hostile, files, strict=True)]
    for thread in threads:
        thread.start()
    yield threads
    for thread in threads:
        thread.join()


def waited_for_letter(story: Story, number: int) -> float:
    """Seconds from the upload's answer until the letter is read and matched."""
    content = LETTER.format(number).encode()
    document_id = send(story.patient, story.case_id, f"letter-{number}.txt", content, "text/plain")
    assert document_id, "the letter was refused"
    begun = time.monotonic()

    until(lambda: story.patient.get(f"/documents/{document_id}")["state"] == "ACCEPTED", "the letter is read", 600)
    return time.monotonic() - begun


def test_only_what_others_used_makes_the_same_work_slower() -> None:
    assert times_slower(there=4.0, others=0.0) == times_slower(there=4.0, others=-0.1) == 1.0
    assert times_slower(there=4.0, others=3.0) == 4.0
    assert times_slower(there=4.0, others=9.0) == 100.0


def test_a_flood_of_hostile_documents_delays_nobody_and_fells_no_worker(product: Product) -> None:
    product.start("--seed", RATE_LIMITS_SCALE="1000")
    product.await_ready()
    good, *hostile = (patient(product) for _ in range(SENDERS + 1))
    url = Stack(product.data).postgres.start().url(DATABASE)
    before = product.pids()
    workers = frozenset(pid for name, pid in before.items() if name.startswith("worker-"))
    pool = {pid: children(pid) for pid in workers}
    quiet = max(waited_for_letter(good, number) for number in range(3))
    ((since,),) = rows(url, "SELECT clock_timestamp()")
    letters: list[tuple[float, float]] = []
    machine, whole = Machine(), Machine()
    with flooding(hostile) as senders, Readers(workers) as readers:
        while any(thread.is_alive() for thread in senders) or rows(url, UNDONE) != [(0,)]:
            rows(url, REMINDER)
            good = patient(product) if len(letters) % A_CASE == A_CASE - 1 else good
            machine.slowness()
            letters.append((waited_for_letter(good, len(letters) + 10), machine.slowness()))
    # Beside an idle machine's, the same letter undisturbed says how fast this one is; others come and go meanwhile.
    slowness = max(1.0, quiet / QUIET_SECONDS)
    beside = max(slowness, whole.slowness())
    longest, by = max(letters, key=lambda letter: letter[0] / max(slowness, letter[1]))
    others = rows(url, WAITS, since=since)
    slowest, wait = max(others, key=lambda row: row[1])
    print(
        f"\nletters: {len(letters)}, the slowest {longest:.2f} s where others made all {by:.1f} times slower"
        f" (before: {quiet:.2f} s; in all: {beside:.1f} times); {len(others)} other jobs and events, the slowest"
        f" {wait:.2f} s ({slowest}); {readers.said()}"
    )
    assert rows(url, "SELECT count(*) FROM cases.cases_job WHERE state = 'DEAD'") == [(0,)]
    assert rows(url, "SELECT count(*) FROM cases.cases_document WHERE state = 'QUARANTINED'") == [(0,)]
    assert {kind for kind, _ in others} >= {"cases.remind_of_records", "cases.advance", "cases.document.read.v1"}
    assert longest < MAX_WAIT * max(slowness, by)
    assert wait < MAX_WAIT * beside
    assert max(readers.seconds.values()) <= MAX_SECONDS * slowness
    assert max(readers.megabytes.values()) <= MAX_MEGABYTES
    assert product.pids() == before, "a worker fell"
    assert {pid: children(pid) for pid in workers} == pool, "a worker's process fell"
