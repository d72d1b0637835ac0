"""DICOMweb over a case: found, retrieved, ordered, de-identified; closed to whom documents are closed."""

from __future__ import annotations

import io
import re
from datetime import date
from email import message_from_bytes
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from pydicom import Dataset, dcmread
from pydicom.encaps import encapsulate

from cases.models import AuditEntry, Document, ImagingInstance, RetiredFile
from cases.services import documents, opinion
from config.kernel.due_work import drain
from config.kernel.errors import Locked
from tests.authorization.area_dicom import ROUTES
from tests.cases.support import Story, by, make_specialist
from tests.client import ApiClient
from tests.factories import make_patient, make_person
from tests.tooling import series

pytestmark = pytest.mark.django_db
SECRETS = (
    b"Keller",
    b"MRN",
    b"4471903",
    b"19610417",
    b"Lindenweg",
    b"Valley",
    b"Treating",
    b"99881",
    b"MARKER",
    b"1.2.826",
)


class Web:
    """One case's DICOMweb, asked by somebody."""

    def __init__(self, who: Any, story: Story) -> None:
        self.api, self.base = ApiClient(who), f"/cases/{story.id}/dicomweb"

    def get(self, path: str, accept: str = "*/*", **query: str) -> Any:
        return self.api.get(self.base + path, headers={"Accept": accept}, query=query)

    def found(self, path: str, **query: str) -> list[Any]:
        response = self.get(path, **query)
        assert response.status_code == 200, response.content
        return [Dataset.from_json(item) for item in response.json()]

    def address(self, at: int = 0) -> str:
        one = self.found("/instances")[at]
        return f"/studies/{one.StudyInstanceUID}/series/{one.SeriesInstanceUID}/instances/{one.SOPInstanceUID}"


def parts(response: Any) -> list[bytes]:
    """The bodies of a multipart answer, by the standard library's parser."""
    content = b"".join(response) if response.streaming else response.content
    told = message_from_bytes(b"Content-Type: " + response["Content-Type"].encode() + b"\r\n\r\n" + content)
    return [part.get_payload(decode=True) for part in told.get_payload()]


@pytest.fixture
def story() -> Story:
    """A CT series that was uploaded out of order, and one slice of an MR series."""
    story = Story().in_review()
    series.kept_series(story, [3, 1, 2])
    series.kept_series(story, [1], modality="MR", series="2")
    return story


@pytest.fixture
def web(story: Story) -> Web:
    return Web(story.patient, story)


class TestSearching:
    def test_studies_and_series_are_grouped_and_counted(self, web: Web) -> None:
        (study,) = web.found("/studies")
        assert list(study.ModalitiesInStudy) == ["CT", "MR"]
        assert (study.NumberOfStudyRelatedSeries, study.NumberOfStudyRelatedInstances) == (2, 4)
        assert study.StudyDate == "20260910"
        ct, mr = web.found(f"/studies/{study.StudyInstanceUID}/series")
        assert (ct.Modality, ct.NumberOfSeriesRelatedInstances, mr.Modality) == ("CT", 3, "MR")
        assert str(ct.RetrieveURL).endswith(f"/series/{ct.SeriesInstanceUID}")

    def test_slices_come_in_the_order_of_their_place(self, web: Web) -> None:
        assert [one.InstanceNumber for one in web.found("/instances", Modality="CT")] == [1, 2, 3]

    @pytest.mark.parametrize(
        ("query", "count"),
        [
            ({"Modality": "MR"}, 1),
            ({"00080060": "CT"}, 3),
            ({"ModalitiesInStudy": "CT"}, 4),
            ({"StudyDate": "20260901-20260930"}, 4),
            ({"StudyDate": "-20260901"}, 0),
            ({"SeriesDescription": "mr*"}, 1),
            ({"InstanceNumber": "1"}, 2),
            ({"limit": "2"}, 2),
            ({"offset": "3", "includefield": "all"}, 1),
        ],
    )
    def test_attributes_are_matched(self, web: Web, query: dict[str, str], count: int) -> None:
        assert len(web.found("/instances", **query)) == count

    def test_what_cannot_be_matched_is_refused_by_name(self, web: Web) -> None:
        response = web.get("/studies", PatientName="Keller")
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "?PatientName")

    def test_a_search_is_recorded(self, story: Story, web: Web) -> None:
        web.found("/studies")
        row = AuditEntry.objects.get(action="imaging.search")
        assert (row.object_id, row.actor_id, row.patient_id) == (story.id, story.patient.user_id, story.patient.user_id)


class TestRetrieving:
    def test_a_retrieved_file_holds_the_values_and_nobodys_name(self, web: Web) -> None:
        (content,) = parts(web.get(web.address(1), 'multipart/related; type="application/dicom"'))
        assert not [secret for secret in SECRETS if secret in content]
        data = dcmread(io.BytesIO(content))
        original = series.dataset(2)
        assert np.array_equal(data.pixel_array, original.pixel_array)
        assert data.ImagePositionPatient == original.ImagePositionPatient
        assert data.StudyDescription == "Thorax"
        assert (data.PatientIdentityRemoved, data.PatientName, data.PatientID) == ("YES", "", "")
        assert not [element for element in data.iterall() if element.tag.is_private]

    def test_a_series_is_its_files_in_order(self, web: Web) -> None:
        files = parts(web.get(web.address().rpartition("/instances/")[0]))
        assert [dcmread(io.BytesIO(one)).InstanceNumber for one in files] == [1, 2, 3]

    def test_metadata_name_nobody(self, web: Web) -> None:
        response = web.get(web.address() + "/metadata", "application/dicom+json")
        assert response["Content-Type"] == "application/dicom+json"
        assert not [secret for secret in SECRETS if secret in response.content]
        assert Dataset.from_json(response.json()[0]).PixelSpacing == [0.5, 0.75]

    def test_a_frame_is_what_was_measured(self, web: Web) -> None:
        response = web.get(web.address() + "/frames/1", 'multipart/related; type="application/octet-stream"')
        (values,) = parts(response)
        assert np.array_equal(np.frombuffer(values, "<u2").reshape(64, 64), series.dataset(1).pixel_array)

    @pytest.mark.parametrize(("window", "grey"), [("", 127), ("40,400", 127), ("-600,1500", 236), ("1000,100", 0)])
    def test_a_rendered_frame_is_drawn_through_the_window(self, web: Web, window: str, grey: int) -> None:
        query = {"window": window} if window else {}
        response = web.get(web.address() + "/rendered", "image/png", **query)
        with Image.open(io.BytesIO(response.content)) as picture:
            assert picture.getpixel((32, 32)) == pytest.approx(grey, abs=1)

    @pytest.mark.parametrize(
        ("path", "accept", "status"),
        [
            ("/frames/9", "*/*", 404),
            ("/frames/x", "*/*", 400),
            ("/rendered?window=1", "*/*", 400),
            ("/rendered", "image/tiff", 406),
            ("/metadata", "text/html", 406),
            ("", 'multipart/related; type="image/jpeg"', 406),
        ],
    )
    def test_what_is_not_there_or_not_offered_is_refused(self, web: Web, path: str, accept: str, status: int) -> None:
        path, _, query = path.partition("?")
        asked = dict([query.split("=")]) if query else {}
        response = web.get(web.address() + path, accept, **asked)
        assert (response.status_code, response["Content-Type"]) == (status, "application/problem+json")

    def test_uids_of_another_case_open_nothing(self, web: Web) -> None:
        other = Story(web.api.principal)
        series.kept_series(other, [1])
        address = web.address()
        mine, theirs = Web(web.api.principal, other), Web(make_patient(), other)
        assert (mine.get(address).status_code, theirs.get("/studies").status_code) == (404, 404)
        assert mine.address() != address


def test_a_slice_that_is_uploaded_can_be_retrieved_and_its_files_stay(tmp_path: Path) -> None:
    story = Story(make_patient(full_name="Maria Keller", date_of_birth=date(1961, 4, 17), sex="F"))
    source = tmp_path / "IM0001"
    source.write_bytes(series.slice_file(5))
    with by(story.patient):
        documents.upload_document(
            principal=story.patient, case_id=story.id, name="IM0001", declared_type="", source=source
        )
    drain("cases")
    assert Document.objects.get(case=story.id).state == "ACCEPTED"
    web = Web(story.patient, story)
    (values,) = parts(web.get(web.address() + "/frames/1"))
    assert np.frombuffer(values, "<u2")[0] == 1024 + 5
    assert not RetiredFile.objects.exists()


class TestClosed:
    def test_every_address_is_closed_to_who_reads_no_documents(self, story: Story) -> None:
        one = Web(story.patient, story).found("/instances")[0]
        names = {"study": one.StudyInstanceUID, "series": one.SeriesInstanceUID, "instance": one.SOPInstanceUID}
        asked = {
            401: None,
            403: make_person("coordinator"),
            404: make_specialist(),
        }
        for route in ROUTES:
            path = "/" + re.sub(r"<\w+:(\w+)>", lambda found: str(names.get(found[1], "1")), route)
            assert Web(story.author, story).get(path).status_code == 200, route
            for status, who in asked.items():
                assert Web(who, story).get(path).status_code == status, (route, status)

    def test_images_that_may_be_anothers_wait_for_a_coordinator(self, story: Story) -> None:
        address = Web(story.author, story).address()
        Document.objects.filter(id=places(story)[0]).update(state="MISMATCHED")
        web = Web(story.author, story)
        for then in ("", "/metadata", "/frames/1", "/rendered"):
            response = web.get(address + then)
            assert (response.status_code, response.json()["code"]) == (409, "document_unconfirmed")
        listed = web.get("/instances")
        assert len(listed.json()) == 3
        assert "1 wait for a coordinator" in listed["Warning"]
        rest = web.get(address.rpartition("/instances/")[0])
        assert (rest.status_code, len(parts(rest))) == (206, 2)
        assert Web(story.patient, story).get(address).status_code == 200

    def test_another_doctors_marks_open_after_the_first_read(self, story: Story) -> None:
        series.kept(story, series.slice_file(7, series="3", SOPClassUID="1.2.840.10008.5.1.4.1.1.66.4"))
        web = Web(story.author, story)
        held = Web(story.patient, story).address(4)
        for then in ("", "/metadata", "/frames/1", "/rendered"):
            response = web.get(held + then)
            assert (response.status_code, response.json()["code"]) == (423, "first_read")
        assert "first read" in web.get("/studies")["Warning"]
        document_id = ImagingInstance.objects.get(sop_class__endswith="66.4").document_id
        with by(story.author), pytest.raises(Locked):
            documents.frame_values(principal=story.author, document_id=document_id, number=1)
        with by(story.author):
            opinion.seal_first_read(principal=story.author, case_id=story.id, impression="x", confidence=50)
        assert web.get(held).status_code == 200

    def test_what_cannot_be_decoded_is_named_and_never_drawn(self, story: Story) -> None:
        data = series.dataset(1, series="4")
        data.file_meta.TransferSyntaxUID = "1.2.840.10008.1.2.4.70"
        data["PixelData"].VR = "OB"
        data.PixelData = encapsulate([b"\xff\xd8 not decoded"])
        document = series.kept(story, series.written(data))
        web = Web(story.patient, story)
        address = web.address(4)
        for then in ("", "/frames/1", "/rendered"):
            response = web.get(address + then)
            assert (response.status_code, response.json()["code"]) == (409, "frame_not_decodable")
            assert "JPEG Lossless" in response.json()["detail"]
            assert "1.2.840.10008.1.2.4.70" in response.json()["detail"]
        assert not document.pages.exists()
        whole = web.get(address.rpartition("/series/")[0])
        assert (whole.status_code, len(parts(whole))) == (206, 4)
        assert "cannot" not in whole["Warning"] and "can be decoded here" in whole["Warning"]


def places(story: Story) -> list[Any]:
    """The documents of the CT series, by place."""
    found = documents.list_imaging(principal=story.patient, case_id=story.id)
    return [one.document_id for one in found.instances if one.modality == "CT"]
