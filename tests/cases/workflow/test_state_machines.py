"""The small machines: every step that is not in a table is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.domain.workflow import state_machines
from cases.domain.workflow.state_machines import Machine, allowed

MACHINES = {
    "offer": (state_machines.OFFER, {"ACCEPTED", "DECLINED", "EXPIRED", "WITHDRAWN"}),
    "assignment": (state_machines.ASSIGNMENT, {"COMPLETED", "RELEASED", "REVOKED"}),
    "opinion": (state_machines.OPINION, {"SUPERSEDED"}),
    "document": (state_machines.DOCUMENT, {"INFECTED", "REJECTED", "WITHDRAWN"}),
    "clarification": (state_machines.CLARIFICATION, {"ANSWERED", "EXPIRED"}),
}


@pytest.mark.parametrize(("machine", "ends"), MACHINES.values(), ids=MACHINES)
def test_a_machine_ends_where_it_should(machine: Machine, ends: set[str]) -> None:
    reached = {target for targets in machine.values() for target in targets}
    assert reached - set(machine) == ends


@pytest.mark.parametrize("machine", [machine for machine, _ in MACHINES.values()], ids=MACHINES)
@given(st.text(max_size=12), st.text(max_size=12))
def test_words_that_are_no_states_are_refused(machine: Machine, source: str, target: str) -> None:
    assert allowed(machine, source, target) == (target in machine.get(source, ()))


def test_a_signed_opinion_is_never_changed_only_superseded() -> None:
    assert state_machines.OPINION["SIGNED"] == {"SUPERSEDED"}
    assert not allowed(state_machines.OPINION, "SUPERSEDED", "SIGNED")
    assert not allowed(state_machines.OPINION, "DRAFT", "SIGNED")


def test_an_infected_document_never_becomes_readable() -> None:
    seen, edge = set(), {"INFECTED"}
    while edge:
        seen |= edge
        edge = {target for state in edge for target in state_machines.DOCUMENT.get(state, ())} - seen
    assert seen == {"INFECTED"}


def test_a_document_is_accepted_only_once_it_is_known_whose_it_is() -> None:
    before = {state for state, targets in state_machines.DOCUMENT.items() if "ACCEPTED" in targets}
    assert before == {"MATCHED", "MISMATCHED"}
