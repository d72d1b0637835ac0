"""Images sent by STOW-RS, with the client that imaging sites use, over a real connection."""

from __future__ import annotations

import io
from typing import Any
from uuid import uuid4

import pytest
import requests
from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread
from pytest_django.live_server_helper import LiveServer

from cases.domain.documents.imaging.file_meta import sop_of
from cases.models import Document
from config.kernel.due_work import drain
from tests.cases.support import Story
from tests.client import ApiClient, access_token
from tests.factories import make_person
from tests.tooling import series

PART = 'multipart/related; type="application/dicom"; boundary=cut'


def send(who: Any, case_id: object, body: bytes, content_type: str = PART) -> Any:
    api = ApiClient(who)
    return api.client.generic(
        "POST", f"/api/v1/cases/{case_id}/dicomweb/studies", body, content_type=content_type, headers=api._headers({})
    )


def related(*objects: bytes) -> bytes:
    return b"".join(b"--cut\r\nContent-Type: application/dicom\r\n\r\n" + one + b"\r\n" for one in objects) + b"--cut--"


@pytest.mark.django_db(transaction=True)
def test_the_usual_client_stores_searches_and_retrieves(live_server: LiveServer) -> None:
    story = Story()
    session = requests.Session()
    session.headers["Authorization"] = f"Bearer {access_token(story.patient)}"
    client = DICOMwebClient(f"{live_server.url}/api/v1/cases/{story.id}/dicomweb", session=session)
    sent = [dcmread(io.BytesIO(series.slice_file(number))) for number in (1, 2, 3)]
    told = client.store_instances(sent)
    stored = {item.ReferencedSOPInstanceUID for item in told.ReferencedSOPSequence}
    assert stored == {one.SOPInstanceUID for one in sent}
    drain("cases")
    assert Document.objects.filter(case=story.id, state="ACCEPTED").count() == 3
    found = client.search_for_instances()
    assert len(found) == 3
    assert stored.isdisjoint({one["00080018"]["Value"][0] for one in found})
    study, one_series = (found[0][tag]["Value"][0] for tag in ("0020000D", "0020000E"))
    assert len(client.retrieve_series(study, one_series)) == 3
    session.close()


@pytest.mark.django_db
class TestBodies:
    def test_what_is_no_image_is_named_and_the_others_are_kept(self) -> None:
        story, good = Story(), series.slice_file(1)
        answer = send(story.patient, story.id, related(good, b"%PDF-1.4 no image"))
        told = answer.json()
        assert answer.status_code == 202
        assert told["00081199"]["Value"][0]["00081155"]["Value"] == [sop_of(good)[1]]  # type: ignore[index]
        assert told["00081198"]["Value"] == [{"00081197": {"vr": "US", "Value": [0xC000]}}]
        assert send(story.patient, story.id, related(good)).status_code == 200, "sent again, it is there"
        assert send(story.patient, story.id, related(b"nothing")).status_code == 409
        assert Document.objects.count() == 1

    @pytest.mark.parametrize("content_type", ["application/dicom", "application/octet-stream"])
    def test_one_object_may_come_alone(self, content_type: str) -> None:
        story = Story()
        assert send(story.patient, story.id, series.slice_file(1), content_type).status_code == 200
        assert Document.objects.get().case_id == story.id
        assert send(story.patient, story.id, b"%PDF-1.4 no image", content_type).status_code == 409

    @pytest.mark.parametrize(
        ("body", "content_type", "status"),
        [
            (b"--cut\r\n\r\nno end", PART, 400),
            (b"--cut--", PART, 400),
            (b"--other\r\n\r\nx\r\n--other--", PART, 400),
            (related(b"x"), "multipart/form-data; boundary=cut", 415),
            (related(b"x"), 'multipart/related; type="application/pdf"; boundary=cut', 415),
            (related(b"x"), 'multipart/related; type="application/dicom"', 400),
            (related(*[b"x"] * 501), PART, 400),
        ],
    )
    def test_a_body_that_is_none_is_refused(self, body: bytes, content_type: str, status: int) -> None:
        story = Story()
        assert send(story.patient, story.id, body, content_type).status_code == status
        assert not Document.objects.exists()

    def test_more_than_may_come_is_refused_while_it_comes(self, settings: Any) -> None:
        settings.RESUMABLE_MAX_BYTES = 1000
        story = Story()
        assert send(story.patient, story.id, related(b"x" * 2000)).status_code == 413

    def test_strangers_and_staff_store_nothing(self) -> None:
        story = Story()
        assert send(make_person("patient"), story.id, related(series.slice_file(1))).status_code == 404
        assert send(make_person("coordinator"), story.id, related(series.slice_file(1))).status_code in (403, 404)
        assert send(story.patient, uuid4(), related(series.slice_file(1))).status_code == 404


@pytest.mark.parametrize("cut", [0, 100, 131, 132, 140, 150, 200, 300])
def test_a_header_cut_short_is_no_crash(cut: int) -> None:
    whole = series.slice_file(1)
    assert sop_of(whole) is not None
    told = sop_of(whole[:cut])
    assert told is None or all(len(uid) <= 64 for uid in told)
