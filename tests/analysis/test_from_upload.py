"""From a real upload to findings: the file is read by cases, the news starts the run, nobody asks for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis import services
from analysis.models import AnalysisRun
from cases.models import Document, FindingProjection
from cases.services import documents
from config.kernel.auth import acting_as
from config.kernel.due_work import drain
from tests.analysis.world import World, make_world
from tests.tooling.clinical import lab_report

# The whole platform is listening here: news goes up to notifications as well.
pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])


@pytest.fixture
def world() -> World:
    return make_world()


def test_an_uploaded_report_is_analysed_by_itself(world: World, tmp_path: Path) -> None:
    document = lab_report()
    file = tmp_path / "upload"
    file.write_bytes(document.content)
    world.move_to("DRAFT", assigned_user_id=None)
    with acting_as(world.patient):
        uploaded = documents.upload_document(
            principal=world.patient,
            case_id=world.case_id,
            name=document.name,
            declared_type=document.media_type,
            source=file,
        )
    drain()
    assert Document.objects.get(id=uploaded.id).state == "ACCEPTED"
    run = AnalysisRun.objects.get(document_id=uploaded.id)
    assert (run.state, run.requested_by) == ("COMPLETED", None)
    world.move_to("IN_REVIEW", assigned_user_id=world.specialist.user_id)
    found = services.get_run(principal=world.specialist, run_id=run.id).findings
    laboratory = [finding for finding in found if finding.kind == "laboratory"]
    assert len(laboratory) == len(document.known.laboratory)
    # What waits for a decision stands in cases' guard.
    waiting = FindingProjection.objects.filter(case_id=world.case_id, decision="")
    assert set(waiting.values_list("finding_id", flat=True)) == {finding.id for finding in found}
    services.decide_finding(principal=world.specialist, finding_id=found[0].id, decision="accept")
    drain()
    assert waiting.count() == len(found) - 1
