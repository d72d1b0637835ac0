"""The workspace shows what a newer reading says otherwise, what is to be decided again first."""

from __future__ import annotations

import pytest
from django.test import Client

from analysis.models import FindingChange
from cases.models import Document
from tests.analysis.test_rereading import AFTER, BEFORE, analysed, decide, read_anew, standing
from tests.dashboard.test_pages import as_specialist
from tests.factories.cases import RereadingFactory

pytestmark = pytest.mark.django_db(databases=["default", "professionals", "cases", "analysis", "notifications"])


def test_new_changed_and_vanished_findings_stand_in_the_workspace() -> None:
    world = analysed(BEFORE)
    decide(world, "accept", "Sodium")
    read_anew(world, AFTER)
    document = Document.objects.get(id=world.document_id)
    RereadingFactory(document=document, state="KEPT", reason="timeout")
    client: Client = as_specialist(world.specialist)
    page = client.get(f"/dashboard/cases/{world.case_id}").content.decode()
    panel = page[page.index('id="changes"') : page.index("</section>", page.index('id="changes"'))]
    assert "1 to decide again" in " ".join(panel.replace("<", " <").split())
    for said in (
        "Changed",
        "Vanished",
        "New",
        "Creatinine 80",
        "Sodium 140",
        "Sodium 104",
        "Calcium 2.3",
        "decide again",
    ):
        assert said in panel, said
    assert f'href="#finding-{standing(world)["Sodium"].id}"' in panel
    assert panel.index("Sodium 140") < panel.index("Creatinine 80")


def test_a_case_that_nothing_was_read_again_of_has_no_such_part() -> None:
    world = analysed(BEFORE)
    page = as_specialist(world.specialist).get(f"/dashboard/cases/{world.case_id}").content.decode()
    assert 'id="changes"' not in page
    assert not FindingChange.objects.exists()
