"""Every state × every step × everybody: what the table does not hold is refused, and a refusal changes nothing."""

from __future__ import annotations

import pytest

from cases.domain.workflow.states import Actor, State
from cases.domain.workflow.transitions import TABLE, between, named
from cases.models import Assignment, Case, ClockInterval, Job, OutboxEntry, StatusHistory
from config.kernel.auth import Principal
from config.kernel.errors import Conflict, Forbidden, NotFound
from tests.cases.support import Story, make_specialist
from tests.factories import make_patient, make_person

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
STAFF = (Actor.COORDINATOR, Actor.NURSE, Actor.MEDICAL_DIRECTOR, Actor.PRIVACY_OFFICER)
STEPS = [*State, *(row.transition for row in TABLE)]


def standing(story: Story) -> tuple[object, ...]:
    """What no refusal may change."""
    row = Case.objects.filter(id=story.id).values().get()
    return (row, *(model.objects.count() for model in (StatusHistory, OutboxEntry, ClockInterval, Job, Assignment)))


def everybody(story: Story) -> list[tuple[str, Principal, frozenset[Actor]]]:
    """Name, caller and the capacities that the caller has in this case."""
    peer = make_specialist()
    Case.objects.filter(id=story.id).update(peer_user_id=peer.user_id)
    return [
        ("patient", story.patient, frozenset({Actor.PATIENT})),
        ("assigned", story.author, frozenset({Actor.SPECIALIST})),
        ("peer", peer, frozenset({Actor.PEER})),
        *((str(actor), make_person(str(actor)), frozenset({actor})) for actor in STAFF),
        ("support", make_person("support"), frozenset()),
        ("administrator", make_person("administrator"), frozenset()),
        ("other patient", make_patient(), frozenset()),
        ("other specialist", make_specialist(), frozenset()),
    ]


@pytest.mark.parametrize("source", State)
def test_what_is_not_in_the_table_is_refused_to_everybody_and_changes_nothing(source: State) -> None:
    story = Story().in_review()
    people = everybody(story)
    Case.objects.filter(id=story.id).update(state=source)
    before = standing(story)
    asked = 0
    for step in STEPS:
        by_id = named(step)
        row = (by_id if by_id and by_id.source == source else None) or (
            between(source, State(step)) if step in State.__members__ else None
        )
        for name, who, capacities in people:
            if row is not None and not capacities.isdisjoint(row.who):
                continue
            asked += 1
            wanted = (Conflict, NotFound) if row is None else (Forbidden, NotFound)
            with pytest.raises(wanted) as refusal:
                story.move(who, str(step), reason="because")
            if name in ("patient", "assigned") and row is None:
                assert refusal.type is Conflict, (name, step)
            if name.startswith("other"):
                assert refusal.type is NotFound, (name, step)
    assert asked > 500
    assert standing(story) == before
