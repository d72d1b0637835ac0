"""A specialist's figures. ``None`` is an explicit unknown; each figure stands beside the number it is made from.

The Brier score is the mean of (stated confidence − outcome)², outcome 1 where later findings confirmed the opinion's
diagnosis and 0 where they changed it: 0 is best, 0.25 is what 50 % for every case earns (Brier, Monthly Weather
Review 1950;78:1–3).
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import ceil
from statistics import mean, median
from typing import Any

UNDECIDED = "insufficient_information"
MONTHS = 12
# Upper ends of the stated confidences that are told together, in percent.
BINS = (50, 60, 70, 80, 90, 100)
# Figure → by which number it counts as enough.
MADE_FROM = {
    "turnaround_days": "signed",
    "amendment_rate": "signed",
    "agreement_rate": "agreements",
    "service_score": "service_scores",
    "brier": "outcomes",
}


@dataclass(frozen=True)
class Work:
    """One signed case. ``confidence`` is in percent; ``held`` and ``score`` are ``None`` while nobody told."""

    accepted_at: datetime | None
    signed_at: datetime
    amendments: int = 0
    peer_agreed: int = 0
    peer_asked_changes: int = 0
    diagnosis_agreement: str = ""
    treatment_agreement: str = ""
    confidence: int | None = None
    held: bool | None = None
    score: int | None = None


def figures(works: Sequence[Work]) -> dict[str, Any]:
    """Everything that is computed of a specialist's signed cases; days are of 24 hours."""
    days = sorted(_days(w) for w in works if w.accepted_at)
    scores = [w.score for w in works if w.score is not None]
    peers, changes = sum(w.peer_agreed for w in works), sum(w.peer_asked_changes for w in works)
    decided = [w.diagnosis_agreement for w in works if w.diagnosis_agreement not in ("", UNDECIDED)]
    forecasts = [(w.confidence / 100, w.held) for w in works if w.confidence is not None and w.held is not None]
    return {
        "signed": len(works),
        "turnaround_days": round(median(days), 2) if days else None,
        "turnaround_slow_days": round(days[ceil(len(days) * 0.9) - 1], 2) if days else None,
        "months": _months(works),
        "agreements": len(decided),
        "agreement_rate": _share(decided.count("agree"), len(decided)),
        "diagnosis_agreement": _counted(w.diagnosis_agreement for w in works),
        "treatment_agreement": _counted(w.treatment_agreement for w in works),
        "peer_agreement": _share(peers, peers + changes),
        "amendments": sum(w.amendments for w in works),
        "amendment_rate": _share(sum(w.amendments > 0 for w in works), len(works)),
        "service_score": round(mean(scores), 2) if scores else None,
        "service_scores": len(scores),
        "outcomes": len(forecasts),
        "brier": round(mean((stated - held) ** 2 for stated, held in forecasts), 4) if forecasts else None,
        "calibration": _calibration(forecasts),
    }


def publishable(held: dict[str, Any], least: int) -> dict[str, Any]:
    """What may be shown to everybody: each figure that is made from at least ``least`` cases."""
    enough = {name: held.get(name) for name, number in MADE_FROM.items() if (held.get(number) or 0) >= least}
    return {"signed": held.get("signed", 0)} | {name: value for name, value in enough.items() if value is not None}


def _counted(codes: Iterable[str]) -> dict[str, int]:
    return dict(sorted(Counter(code for code in codes if code).items()))


def _calibration(forecasts: Iterable[tuple[float, bool]]) -> list[dict[str, Any]]:
    """The stated confidences in groups: their mean, the share that held, and how many they are."""
    groups: dict[int, list[tuple[float, bool]]] = {}
    for stated, held in forecasts:
        end = next(end for end in BINS if stated * 100 <= end)
        groups.setdefault(end, []).append((stated, held))
    return [
        {
            "stated": round(mean(stated for stated, _ in group), 3),
            "held": round(mean(held for _, held in group), 3),
            "count": len(group),
        }
        for _, group in sorted(groups.items())
    ]


def _months(works: Sequence[Work]) -> list[dict[str, Any]]:
    """The last twelve months in which something was signed, oldest first."""
    grouped: dict[str, list[Work]] = {}
    for work in works:
        grouped.setdefault(f"{work.signed_at:%Y-%m}", []).append(work)
    return [
        {"month": month, "signed": len(group), "turnaround_days": _typical(group)}
        for month, group in sorted(grouped.items())[-MONTHS:]
    ]


def _typical(works: Sequence[Work]) -> float | None:
    days = [_days(w) for w in works if w.accepted_at]
    return round(median(days), 2) if days else None


def _days(work: Work) -> float:
    return (work.signed_at - (work.accepted_at or work.signed_at)).total_seconds() / 86_400


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None
