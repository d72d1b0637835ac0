"""Staff pages: states and counts, nothing of what was found."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import RequestFactory

from analysis import services
from analysis.admin import CallAdmin, FindingAdmin, RunAdmin
from analysis.models import AnalysisRun, Finding, ModelRecord, ProviderCall
from config.kernel.auth import acting_as
from tests.analysis.world import World
from tests.client import make_principal
from tests.factories.analysis import AnalysisRunFactory, ModelRecordFactory, ProviderCallFactory

pytestmark = pytest.mark.django_db
SEALED = {"content_sealed", "decision_sealed"}


def run_of(world: World, **traits: bool) -> AnalysisRun:
    return AnalysisRunFactory(
        case_id=world.case_id, document_id=world.document_id, patient_id=world.patient.user_id, **traits
    )


def test_every_table_has_a_page() -> None:
    assert {AnalysisRun, Finding, ProviderCall, ModelRecord} <= set(admin.site._registry)


@pytest.mark.parametrize("page", [RunAdmin, FindingAdmin, CallAdmin])
def test_no_page_shows_what_is_sealed(page: Any) -> None:
    assert not SEALED & {*page.list_display, *(page.fields or ())}


@pytest.mark.parametrize(("role", "may"), [("administrator", True), ("support", True), ("patient", False)])
def test_runs_are_seen_by_role_and_changed_by_nobody(role: str, may: bool) -> None:
    page = RunAdmin(AnalysisRun, admin.site)
    request = RequestFactory().get("/")
    with acting_as(make_principal(role)):
        assert page.has_view_permission(request) is may
        assert not page.has_change_permission(request)
        assert not page.has_delete_permission(request)


def test_a_failed_run_is_started_again_and_others_are_left(world: World) -> None:
    failed = run_of(world, failed=True)
    done = run_of(world, completed=True)
    assert services.start_again(run_ids=[done.id]) == 0
    assert services.start_again(run_ids=[failed.id]) == 1
    assert AnalysisRun.objects.filter(state="QUEUED").count() == 1


def test_a_failed_run_is_not_started_again_without_consent(world: World) -> None:
    failed = run_of(world, failed=True)
    world.withdraw_ai_consent()
    assert services.start_again(run_ids=[failed.id]) == 0
    assert not AnalysisRun.objects.filter(state="QUEUED").exists()


def test_rows_name_themselves_without_saying_whose_they_are(analysed: tuple[World, AnalysisRun]) -> None:
    world, run = analysed
    finding = Finding.objects.first()
    record = ModelRecordFactory.build()
    call = ProviderCallFactory.build(run=run)
    names = [str(row) for row in (run, finding, record, call)]
    assert names[2] == "Google medgemma"
    assert not [name for name in names if str(world.patient.user_id) in name]
