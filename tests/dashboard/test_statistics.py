"""A specialist's own figures: plots, the same in tables, and the way to show them."""

from __future__ import annotations

from typing import Any

import pytest

from professionals import services
from professionals.dashboard import charts
from professionals.models import Publication
from tests.cases.support import make_specialist
from tests.dashboard.test_pages import as_specialist
from tests.factories.professionals import StatisticsFactory

PATH = "/dashboard/practice/statistics"
FIGURES: dict[str, Any] = {
    "signed": 30, "turnaround_days": 2.5, "turnaround_slow_days": 6.0, "amendment_rate": 0.1, "brier": 0.09,
    "outcomes": 25, "agreements": 28, "agreement_rate": 0.75, "service_score": None, "service_scores": 0,
    "diagnosis_agreement": {"agree": 21, "major_disagreement": 7}, "treatment_agreement": {"alternative": 3},
    "months": [
        {"month": "2027-01", "signed": 10, "turnaround_days": 4.0},
        {"month": "2027-02", "signed": 8, "turnaround_days": None},
        {"month": "2027-03", "signed": 12, "turnaround_days": 2.0},
    ],
    "calibration": [{"stated": 0.55, "held": 0.5, "count": 5}, {"stated": 0.9, "held": 1.0, "count": 20}],
}  # fmt: skip


def test_a_month_without_days_has_no_dot_and_the_slowest_stands_at_the_top() -> None:
    line = charts.turnaround(FIGURES["months"])
    assert [one.y for one in line.months] == [10.0, None, 60.0]
    assert line.points == "10.0,10.0 470.0,60.0"


def test_the_longest_bar_is_the_commonest_judgement() -> None:
    longest, other = charts.bars(FIGURES["diagnosis_agreement"])
    assert (longest.width, other.width, other.label) == (160.0, 53.3, "I disagree")


def test_who_is_as_sure_as_right_stands_on_the_diagonal() -> None:
    (dot,) = charts.calibration([{"stated": 0.7, "held": 0.7, "count": 2}])
    assert dot.x == charts.SIDE - dot.y


@pytest.mark.django_db
def test_the_page_shows_ones_own_figures_and_the_way_to_publish_them(settings: Any) -> None:
    who = make_specialist()
    client = as_specialist(who)
    empty = client.get(PATH).content.decode()
    assert "Not computed yet" in empty
    assert "Agree to show" not in empty
    mine = services.get_by_user(user_id=who.require_user_id())
    StatisticsFactory(professional_id=mine.id, figures=FIGURES)
    page = client.get(PATH).content.decode()
    for told in ("0.09 (25)", "75 % (28)", "I disagree", "<polyline", "2027-02", "90 %", "Agree to show"):
        assert told in page
    assert client.post(f"{PATH}/propose").status_code == 302
    assert Publication.objects.get(professional_id=mine.id).state == "PROPOSED"
    assert "has not decided yet" in client.get(PATH).content.decode()
    assert client.post(f"{PATH}/withdraw").status_code == 302
    again = client.post(f"{PATH}/withdraw")
    assert (again.status_code, b'role="alert"' in again.content) == (409, True)
