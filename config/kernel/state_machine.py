"""A small machine as one table: the states of one kind of row, and the steps between them."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S", bound=StrEnum)


class StateMachine(Generic[S]):
    """Where a row begins, and whither it may go from each state; a state without steps is an end."""

    def __init__(self, begins: S, steps: Mapping[S, Iterable[S]], *, or_begins: Iterable[S] = ()) -> None:
        self.begins, self.states = begins, tuple(type(begins))
        self.openings = frozenset({begins, *or_begins})
        self._targets = {state: frozenset(steps.get(state, ())) for state in self.states}
        reached = self.openings.union(*self._targets.values())
        if never := [state for state in self.states if state not in reached]:
            raise ValueError(f"nothing leads to {', '.join(never)}")

    def opening(self, state: S) -> S:
        """``state``, if a row may begin in it; ``ValueError`` for any other."""
        if state not in self.openings:
            raise ValueError(f"nothing begins as {state}")
        return state

    def allows(self, source: str, target: str) -> bool:
        """Whether there is this step."""
        return any(state == source and target in targets for state, targets in self._targets.items())

    def targets(self, source: S) -> frozenset[S]:
        """Whither a row may go from ``source``."""
        return self._targets[source]

    def sources(self, target: S) -> tuple[S, ...]:
        """From which states a row may come to ``target``."""
        return tuple(state for state in self.states if target in self._targets[state])

    @property
    def ends(self) -> frozenset[S]:
        """The states from which nothing leads further."""
        return frozenset(state for state in self.states if not self._targets[state])
