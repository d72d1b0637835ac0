"""Whose paper is it? Hand-made and generated accounts and papers: a stranger's is never accepted, the own one is.

``SOP_NAMES=1`` compares every pair; without it a sample.
"""

import os
from collections import Counter

import pytest

from tests.tooling.made_names import made_pairs
from tests.tooling.name_pairs import FOLDER, checked, counted, pairs_of

FULL = bool(os.environ.get("SOP_NAMES"))
SETS = [name for name in ("pairs.jsonl", "sealed.jsonl") if (FOLDER / name).exists()]
MADE = 2_400 if FULL else 120


@pytest.mark.parametrize("name", SETS)
def test_no_paper_of_a_stranger_is_accepted_and_the_own_ones_are(name, record_property) -> None:
    every = 1 if FULL else 8
    pairs = [pair for at, pair in enumerate(pairs_of(name)) if at % every == 0]
    found = counted(pairs)
    record_property(name, str({truth: dict(answers) for truth, answers in found.items()}))
    print(f"\n{name}: { ({truth: dict(answers) for truth, answers in found.items()}) }")
    accepted = [pair.id for pair in pairs if pair.truth != "own" and checked(pair).match == "matched"]
    assert not accepted
    own = found["own"]
    assert own["mismatched"] <= 0.01 * own.total()


def test_of_made_pairs_no_stranger_is_accepted_and_no_own_paper_refused() -> None:
    answers: dict[str, Counter[str]] = {"own": Counter(), "stranger": Counter()}
    wrong = []
    for pair in made_pairs(MADE):
        match = checked(pair).match
        answers[pair.truth][match] += 1
        if (pair.truth, match) in (("stranger", "matched"), ("own", "mismatched")):
            wrong.append((pair.id, pair.full_name, pair.why, pair.paper, match))
    print(f"\nmade: { ({truth: dict(found) for truth, found in answers.items()}) }")
    assert not [one for one in wrong if one[-1] == "matched"], wrong[:5]
    assert answers["own"]["mismatched"] <= 0.01 * answers["own"].total(), wrong[:5]
