"""Mails to those who are asked for records: a link, once for each reminder, and not a word about the patient."""

from __future__ import annotations

from datetime import timedelta
from unittest import mock

import pytest

from cases.events import RecordsRequested
from cases.models import RecordRequest
from cases.services import records
from config.kernel import clock
from config.kernel.due_work import drain
from notifications.adapters.protocol import Delayed, Refused
from notifications.models import Job
from notifications.services.records_mail import RECORDS_KIND
from tests.cases.support import INTAKE, Story, by
from tests.notifications.support import deliver, link_in, parts, publish_text

pytestmark = pytest.mark.django_db
TO = "records@valley.example"


@pytest.fixture
def request_id():
    story = Story(condition="oncology", language="de").submitted()
    with by(story.patient):
        made = records.request_records(
            principal=story.patient,
            case_id=story.id,
            items=["pathology_report"],
            recipient={"name": "Dr West", "email": TO},
            days=10,
        )
    return made.id


def test_the_mail_holds_a_link_that_works_and_nothing_about_the_patient(smtp, request_id, settings) -> None:
    settings.PUBLIC_URL = "https://opinion.example"
    drain()
    (message,) = smtp.to(TO)
    link = link_in(message)
    assert link.startswith("https://opinion.example/send-records#token=")
    records.may_send_records(token=link.partition("token=")[2])
    told = " ".join([message["Subject"], *parts(message)])
    case = RecordRequest.objects.get().case
    for secret in ("Maria", "Keller", "1961", "pathology", "Pathologie", "oncology", "stenosis", case.reference):
        assert secret not in told, secret
    assert INTAKE["title"] not in told
    assert "Unterlagen" in message["Subject"]


def test_the_mail_says_what_staff_published(smtp, request_id) -> None:
    publish_text("records_wanted", subject_de="Bitte um Befunde", text_de="Wir bitten Sie um Befunde:\n{link}\nDanke.")
    drain()
    (message,) = smtp.to(TO)
    text, html = parts(message)
    assert message["Subject"] == "Bitte um Befunde"
    body, frame = text.split("\r\n-- \r\n" if "\r\n" in text else "\n-- \n")
    assert body.split() == ["Wir", "bitten", "Sie", "um", "Befunde:", link_in(message), "Danke."]
    assert frame.splitlines()[0] == "Second Opinion"
    assert "Sie haben kein Konto bei uns" in frame
    assert "<p>Danke.</p>" in html
    assert "#token=" in link_in(message)


def test_an_event_that_comes_twice_sends_one_mail(smtp, request_id) -> None:
    drain()
    event = RecordsRequested(aggregate_id=RecordRequest.objects.get().case_id, request_id=request_id, reminder=0)
    # Told again under another event id: the job's key still says that this reminder was sent.
    deliver(event, times=2)
    deliver(event)
    drain()
    assert len(smtp.to(TO)) == 1
    assert Job.objects.filter(kind=RECORDS_KIND).count() == 1


def test_a_reminder_is_a_mail_of_its_own(smtp, request_id) -> None:
    drain()
    deliver(RecordsRequested(aggregate_id=RecordRequest.objects.get().case_id, request_id=request_id, reminder=1))
    drain()
    links = {link_in(message) for message in smtp.to(TO)}
    assert len(links) == 2


def test_an_address_that_takes_no_mail_is_shown_to_the_coordinator(request_id) -> None:
    with mock.patch("notifications.services.records_mail.send_mail", side_effect=Refused("smtp_550")):
        drain()
    assert RecordRequest.objects.get().state == "UNDELIVERABLE"


def test_a_mail_server_that_is_down_is_asked_again_later(smtp, request_id) -> None:
    with mock.patch("notifications.services.records_mail.send_mail", side_effect=Delayed("smtp_451")):
        drain()
    waiting = Job.objects.get(kind=RECORDS_KIND, state="QUEUED")
    assert waiting.run_after > clock.now() + timedelta(minutes=50)
    Job.objects.update(run_after=clock.now())
    drain()
    assert len(smtp.to(TO)) == 1
    assert RecordRequest.objects.get().state == "OPEN"
