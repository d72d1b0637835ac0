"""Files as patients send them, by somebody who has not read this code: shown as they say, or refused with advice."""

from __future__ import annotations

import os
from collections import Counter
from typing import Final

import pytest

from tests.corpora.files.in_process import read_here
from tests.corpora.files.judge import Truth, corpus, judged

WHOLE: Final = bool(os.environ.get("SOP_PICTURES"))
#: Kinds of PDF that the text of pages is about, measured with it; what they still lack is told by the whole run.
PDF_KINDS: Final = range(111, 155)
SAMPLE: Final = (
    1,
    2,
    3,
    4,
    12,
    15,
    16,
    28,
    35,
    39,
    41,
    43,
    48,
    57,
    59,
    61,
    82,
    86,
    92,
    97,
    102,
    104,
    106,
    158,
    159,
    162,
    164,
    167,
    169,
    177,
    178,
    179,
    180,
    182,
    194,
    204,
    207,
    206,
)
#: What is still not shown as it was written and not refused either: a compression without a free decoder (the reading
#: says so), and texts in code pages that nothing in them names.
NOT_SHOWN: Final = frozenset({"077_cp1254", "188_dcm_jpeg_lossless"})

ALL: Final = corpus()


def _number(truth: Truth) -> int:
    return int(truth["file"].rpartition("/")[2][:3])


@pytest.mark.parametrize("truth", [one for one in ALL if _number(one) in SAMPLE], ids=lambda one: one["file"][5:])
def test_a_file_is_shown_as_its_writer_says_or_refused_with_advice(truth: Truth) -> None:
    told = judged(truth, read=read_here)
    assert told.honest, (told.outcome, told.faults, told.advice)


def test_in_children_of_their_own_too() -> None:
    """`make check W=pictures`: all of them."""
    chosen = ALL if WHOLE else [one for one in ALL if _number(one) in SAMPLE[:4]]
    told = {truth["file"][5:]: judged(truth) for truth in chosen}
    count = Counter()
    for name, one in told.items():
        count["as written"] += one.as_written
        count["or refused with advice"] += one.honest
        if not one.as_written:
            print(f"{name}: {one.outcome} {'; '.join(one.faults)[:120]}{' / '.join(one.advice)[:120]}")
    print(f"{len(told)} files: {count['as written']} as written, {count['or refused with advice']} or refused")
    false = {name for name, one in told.items() if not one.honest and _number(one.truth) not in PDF_KINDS}
    assert false <= NOT_SHOWN
