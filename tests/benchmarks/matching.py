"""Matching: 10,000 specialists, one case with parties; milliseconds beside raw SQL that explains nothing.

`python -m tests.benchmarks.matching` (`make bench W=matching`). All are of one field, which is the worst case. The
baseline reads who has a licence and room, in the same order, and neither judges, nor explains, nor looks for conflicts.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable
from statistics import median
from typing import Any
from uuid import uuid4

from tests.benchmarks.crypto import own_servers

LIMIT_MS, TIMES = 50.0, 40
_RAW = """
SELECT p.id, p.user_id, p.display_name, p.turnaround_days FROM professionals_professional p
WHERE p.specialty = 'cardiology' AND p.state = ANY(ARRAY['VERIFIED', 'EXPIRING']) AND p.accepting AND EXISTS (
  SELECT 1 FROM professionals_licence l WHERE l.professional_id = p.id AND l.place IN ('DE', 'DE-BY')
  AND l.verified_at > now() - interval '3 years' AND l.status = 'active'
  AND current_date BETWEEN l.valid_from AND l.valid_to)
ORDER BY (p.languages ? 'de')::int * 15 - coalesce(p.turnaround_days, 14) DESC, p.id LIMIT 100
"""


def took(act: Callable[[], Any]) -> tuple[float, float]:
    """Milliseconds of one call: median and best, for a machine that has other work too."""
    for _ in range(3):
        act()
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        act()
        taken.append((time.perf_counter() - begun) * 1000)
    return median(taken), min(taken)


def linked(people: list[Any]) -> None:
    """Every tenth with an employer that is an organisation, every twentieth with a co-author."""
    from professionals.models import Affiliation, Organisation
    from tests.factories.professionals import AffiliationFactory, OrganisationFactory

    names = sorted({row.organisation_key for row in people})
    groups = [OrganisationFactory.build(name=name, names=[name]) for name in names]
    Organisation.objects.bulk_create(groups)
    links = [
        AffiliationFactory.build(professional=row, organisation=groups[number % len(groups)])
        for number, row in enumerate(people[::10])
    ]
    links += [
        AffiliationFactory.build(professional=row, kind="co_authorship", colleague=other)
        for row, other in zip(people[::20], people[1::20], strict=False)
    ]
    Affiliation.objects.bulk_create(links, batch_size=2000)


def main() -> int:
    """Prints the figures; 1 when the limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks.matching", description=__doc__)
    parser.add_argument("--specialists", type=int, default=10_000)
    options = parser.parse_args()
    with own_servers():
        from django.db import connections

        from professionals import services
        from tests.professionals.crowd import crowd

        people = crowd(options.specialists)
        linked(people)
        with connections["professionals"].cursor() as cursor:
            cursor.execute("ANALYZE")
        loads = {row.id: number % 3 for number, row in enumerate(people[::4])}
        parties = (
            services.Party(role="patient", user_id=uuid4()),
            services.Party(role="treating_clinician", name="Dr. Number 77", organisation="Clinic 12"),
            services.Party(role="payer", name="Clinic 40"),
        )

        def ours() -> services.Matching:
            return services.find_candidates(
                specialty="cardiology", place="DE-BY", language="de", excluded_user_ids=frozenset(), open_cases=loads,
                parties_of_case=parties, topics="Klappenersatz bei Herzinsuffizienz", preferences="Dr. Number 9",
            )  # fmt: skip

        def raw() -> None:
            with connections["professionals"].cursor() as cursor:
                cursor.execute(_RAW)
                cursor.fetchall()

        (raw_ms, raw_best), (whole, best) = took(raw), took(ours)
        graph, _ = took(lambda: services.find_conflicts(parties=parties))
        found = ours()
        same = all(ours() == found for _ in range(3))
    told = (
        f"{found.eligible:,} eligible, {found.others:,} not, {len(found.candidates)} + {len(found.excluded)} explained"
    )
    print(f"matching of {options.specialists:,} specialists of one field: {told}")
    print(f"ours: median {whole:.1f} ms, best {best:.1f} ms (target ≤ {LIMIT_MS:.0f} ms); graph {graph:.1f} ms of it")
    print(f"raw SQL, no conflicts or reasons: median {raw_ms:.1f} ms, best {raw_best:.1f} ms; × {whole / raw_ms:.1f}")
    print(f"the same answer each time: {'yes' if same else 'no'}")
    return int(whole > LIMIT_MS or not same)


if __name__ == "__main__":
    sys.exit(main())
