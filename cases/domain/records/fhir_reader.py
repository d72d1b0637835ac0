"""What the resources of a bundle are read with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

from cases.domain.records.fhir_values import Resource
from cases.domain.records.health_record import Statement

Told = list[Statement]


@dataclass(frozen=True, kw_only=True)
class Reader:
    """What statements are made with: what references mean, who the patient is, today, and whom to tell of losses."""

    resolve: Callable[[Any], Resource]
    missing: Callable[[str], None]
    today: date
    sex: str
    born: date | None
