"""Fixtures of the analysis tests."""

from __future__ import annotations

from typing import Any

import pytest

from analysis import services
from analysis.models import AnalysisRun
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world


@pytest.fixture
def world(db: Any) -> World:
    """A case in review whose specialist stored a first read."""
    return make_world()


@pytest.fixture
def analysed(world: World) -> tuple[World, AnalysisRun]:
    """The world after a run of its document."""
    run = services.request_analysis(principal=world.specialist, document_id=world.document_id)
    run_jobs()
    return world, AnalysisRun.objects.get(id=run.id)
