"""Finding one's way among many cases: filters, orders, pages that follow each other in every order."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from cases.models import Case
from config.kernel import clock
from config.kernel.auth import Principal
from tests.cases.casefile.test_cases_api import statements
from tests.cases.support import Story
from tests.client import ApiClient
from tests.factories import make_patient, make_person

pytestmark = pytest.mark.django_db
START = clock.now().replace(microsecond=0)
# For each case: hours until it is promised (None: no promise), urgency, hours since its state, hours since its change.
CASES = [
    (48, "routine", 5, 9), (None, "", 1, 2), (24, "urgent", 9, 3), (24, "soon", 2, 1), (None, "urgent", 7, 8),
    (72, "soon", 3, 3), (1, "routine", 5, 4),
]  # fmt: skip


@pytest.fixture(scope="module")
def expected() -> dict[str, list[int]]:
    """The places of ``CASES`` in each order; among equals the older first, for descending ones the younger."""
    number = range(len(CASES))
    rank = {"urgent": 0, "soon": 1, "routine": 2, "": 3}
    far = 10**6
    return {
        "newest": sorted(number, reverse=True),
        "updated": sorted(number, key=lambda n: (CASES[n][3], -n)),
        "waiting": sorted(number, key=lambda n: (-CASES[n][2], n)),
        "due": sorted(number, key=lambda n: (far if CASES[n][0] is None else CASES[n][0], n)),
        "urgency": sorted(number, key=lambda n: (rank[CASES[n][1]], n)),
    }


@pytest.fixture
def many() -> tuple[Principal, list[str]]:
    patient, ids = make_patient(), []
    for due, urgency, since, changed in CASES:
        case_id = Story(patient).id
        Case.objects.filter(id=case_id).update(
            promised_at=START + timedelta(hours=due) if due is not None else None,
            urgency=urgency,
            state_since=START - timedelta(hours=since),
            updated_at=START - timedelta(hours=changed),
        )
        ids.append(str(case_id))
    return patient, ids


def walk(patient: Principal, path: str) -> list[str]:
    api, seen = ApiClient(patient), []
    while path:
        page = api.get(path).json()
        seen += [row["id"] for row in page["results"]]
        path = page["next"]
    return seen


class TestOrders:
    @pytest.mark.parametrize("sort", ["newest", "updated", "waiting", "due", "urgency"])
    @pytest.mark.parametrize("limit", [2, 3, 25])
    def test_pages_follow_each_other_in_every_order(self, many: Any, expected: Any, sort: str, limit: int) -> None:
        patient, ids = many
        assert walk(patient, f"/cases?sort={sort}&limit={limit}") == [ids[n] for n in expected[sort]]

    def test_a_case_that_changes_between_two_pages_hides_no_other(self, many: Any, expected: Any) -> None:
        patient, ids = many
        api = ApiClient(patient)
        first = api.get("/cases?sort=updated&limit=2").json()
        Case.objects.filter(id=UUID(first["results"][-1]["id"])).update(updated_at=START + timedelta(hours=1))
        rest = walk(patient, first["next"])
        assert [row["id"] for row in first["results"]] + rest == [ids[n] for n in expected["updated"]]

    @pytest.mark.parametrize("sort", ["", "updated", "due", "urgency"])
    def test_every_order_costs_one_statement_however_long_the_list(self, many: Any, sort: str) -> None:
        patient, _ = many
        api = ApiClient(patient)
        for limit in (1, 7):
            with statements() as found:
                assert len(api.get(f"/cases?sort={sort}&limit={limit}").json()["results"]) == limit
            assert len([one for one in found if "cases_case" in one]) == 1

    def test_a_cursor_of_another_order_is_refused(self, many: Any) -> None:
        api = ApiClient(many[0])
        for one, other in (("newest", "updated"), ("updated", "urgency"), ("urgency", "due"), ("due", "newest")):
            following = api.get(f"/cases?sort={one}&limit=3").json()["next"]
            answer = api.get(following.replace(f"sort={one}", f"sort={other}"))
            assert answer.status_code == 409, (one, other)


class TestFilters:
    def test_each_filter_leaves_what_it_names(self) -> None:
        patient = make_patient()
        heart, colon = Story(patient, condition="cardiology"), Story(patient, condition="oncology")
        Case.objects.filter(id=heart.id).update(
            urgency="urgent", specialty="cardiology", service_type="records", promised_at=START + timedelta(days=1)
        )
        Case.objects.filter(id=colon.id).update(held_by=patient.user_id, updated_at=START - timedelta(days=9))
        api = ApiClient(patient)
        later = (START + timedelta(days=2)).isoformat().replace("+00:00", "Z")
        week = (START - timedelta(days=7)).isoformat().replace("+00:00", "Z")
        for query in (
            {"condition": "cardiology"}, {"urgency": "urgent"}, {"specialty": "cardiology"},
            {"service_type": "records"}, {"on_hold": "false"}, {"due_before": later}, {"updated_since": week},
        ):  # fmt: skip
            rows = api.get("/cases", query=query).json()["results"]
            assert [row["id"] for row in rows] == [str(heart.id)], query
        assert [row["id"] for row in api.get("/cases?on_hold=true").json()["results"]] == [str(colon.id)]
        assert api.get("/cases?condition=cardiology&on_hold=true").json()["results"] == []

    def test_a_filter_adds_nothing_to_what_somebody_may_see(self) -> None:
        Story(condition="oncology")
        for who in (make_patient(), make_person("coordinator"), make_person("professional")):
            for query in ("condition=oncology", "sort=due", "sort=updated&on_hold=false"):
                assert ApiClient(who).get(f"/cases?{query}").json()["results"] == []

    @pytest.mark.parametrize(
        "query", ["sort=title", "condition=astrology", "on_hold=perhaps", "updated_since=yesterday", "due_before=1"]
    )
    def test_a_wrong_filter_is_named(self, query: str) -> None:
        answer = ApiClient(make_patient()).get(f"/cases?{query}")
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["pointer"] == "?" + query.partition("=")[0]

    def test_a_search_is_filtered_and_sorted_too(self, many: Any, expected: Any) -> None:
        patient, ids = many
        found = walk(patient, "/cases?search=stenosis&sort=due&limit=3")
        assert found == [ids[n] for n in expected["due"]]
        assert len(walk(patient, "/cases?search=stenosis&urgency=urgent")) == 2
