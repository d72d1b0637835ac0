"""Field cases of days: the day of a paper, and the day of each value however many one sheet prints."""

from __future__ import annotations

from datetime import date

import pytest

from analysis import services
from cases.domain.documents.sheet_dates import SheetDates
from tests.analysis.working import run_jobs
from tests.analysis.world import World, make_world

SENT = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("Date: 03/04/2026", None),
        ("Date: 04/13/2026", date(2026, 4, 13)),
        ("Date: 20.11.2026\nExpiry date: 31.12.2028", date(2026, 11, 20)),
        ("Expiry date: 31.12.2028", None),
        ("Reagent lot valid until 01/31/2026", None),
        ("Next appointment: 12.01.2026", None),
        ("Nächster Termin: 24.11.2026\nBefund vom 20.11.2026", date(2026, 11, 20)),
        ("Próxima cita: 24/11/2026", None),
        ("Prochain rendez-vous le 24/11/2026", None),
        ("Haltbar bis 30.06.2026", None),
    ],
)
def test_the_day_of_a_paper_is_one_that_dates_it(text: str, day: date | None) -> None:
    assert SheetDates([(1, f"City Hospital\n{text}\nAll is well.\n")], latest=SENT).of_document() == day


def _values(world: World) -> list[dict[str, str]]:
    services.request_analysis(principal=world.specialist, document_id=world.document_id)
    run_jobs()
    found = services.findings_for_case(principal=world.specialist, case_id=world.case_id)
    return [one.data for one in found if one.kind == "laboratory"]


CUMULATIVE = """\
Laboratory report   Printed: 24.11.2026
Test          05.10.2026   20.11.2026   Unit     Reference
Hemoglobin    13.4         6.1 L        g/dL     12.0 - 16.0
Potassium     4.1          6.8 H        mmol/L   3.5 - 5.1
"""


@pytest.mark.django_db
def test_each_value_has_the_day_of_its_column_and_the_course_runs_by_days() -> None:
    found = {one["name"]: one for one in _values(make_world(CUMULATIVE))}
    told = {name: (one["value"], one["observed_on"], one["history"][0]["date"]) for name, one in found.items()}
    assert told == {
        "Hemoglobin": ("6.1", "2026-11-20", "2026-10-05"),
        "Potassium": ("6.8", "2026-11-20", "2026-10-05"),
    }
