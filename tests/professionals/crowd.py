"""Many specialists at once, written as rows: what registering one by one would take minutes for."""

from __future__ import annotations

import random
from datetime import timedelta
from uuid import UUID

from config.kernel import clock
from config.kernel.db import uuid7
from professionals.domain.parties import normal_name
from professionals.models import Licence, Professional
from tests.factories.professionals import LicenceFactory, ProfessionalFactory

TERMS = ("valve_replacement", "heart_failure", "coronary_stent")


def crowd(count: int, *, seed: int = 5, specialty: str = "cardiology") -> list[Professional]:
    """Verified and other specialists with licences at DE and elsewhere; the same seed gives the same crowd."""
    chosen, made = random.Random(seed), clock.now()
    people, licences = [], []
    for number in range(count):
        name, organisation = f"Dr. Number {number}", f"Clinic {number % max(1, count // 20)}"
        row = ProfessionalFactory.build(
            id=uuid7(), user_id=UUID(int=chosen.getrandbits(128)), display_name=name, organisation=organisation,
            name_key=normal_name(name), organisation_key=normal_name(organisation), specialty=specialty,
            languages=chosen.sample(["de", "en", "fr", "es"], 2), biography="Twenty years of practice. " * 8,
            state=chosen.choices(["VERIFIED", "EXPIRING", "SUSPENDED"], [8, 1, 1])[0], capacity=chosen.randint(1, 8),
            accepting=chosen.random() < 0.9, procedures=chosen.sample(TERMS, chosen.randint(0, 2)),
            turnaround_days=chosen.choice([None, 0.5, 3.25, 7.0, 13.9, 20.0]),
            out_of_office_until=chosen.choice([None] * 9 + [made.date() + timedelta(days=3)]),
        )  # fmt: skip
        people.append(row)
        for place in chosen.choice((("DE",), ("DE", "FR"), ("US-CA",), ("DE-BY",))):
            licences.append(
                LicenceFactory.build(
                    professional=row,
                    place=place,
                    valid_from=made.date() - timedelta(days=900),
                    valid_to=made.date() + timedelta(days=chosen.choice([-1, 0, 200, 900])),
                    verified_at=chosen.choice([None, made - timedelta(days=5000), *[made - timedelta(days=50)] * 8]),
                    status=chosen.choice(["active"] * 9 + ["revoked"]),
                )
            )
    Professional.objects.bulk_create(people, batch_size=2000)
    Licence.objects.bulk_create(licences, batch_size=2000)
    return people
