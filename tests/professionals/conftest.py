"""Specialists for the tests of this context."""

from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any
from uuid import UUID

import pytest

from config.kernel import clock
from config.kernel.auth import SYSTEM, Principal, acting_as
from identity import services as identity
from professionals import services
from tests.factories import PASSWORD, make_person

_numbers = count(1)


def licence(place: str = "DE", *, days: int = 400, **changes: Any) -> services.LicenceInput:
    country, _, region = place.partition("-")
    today = clock.now().date()
    fields: dict[str, Any] = {
        "country": country,
        "region": region,
        "number": f"N-{next(_numbers):06}",
        "body": "Board",
        "valid_from": today - timedelta(days=500),
        "valid_to": today + timedelta(days=days),
    }
    return services.LicenceInput(**(fields | changes))


def register(**changes: Any) -> tuple[services.ProfessionalDTO, Principal]:
    fields: dict[str, Any] = {
        "email": f"doctor{next(_numbers)}@example.org",
        "password": PASSWORD,
        "full_name": "Dr. Sofia Brandt",
        "specialty": "cardiology",
        "languages": ["de", "en"],
        "organisation": "Praxis am Park",
        "country": "DE",
        "email_verified": True,
    }
    with acting_as(SYSTEM):
        profile = services.register_professional(**(fields | changes))
    roles = identity.roles_for(user_id=profile.user_id)
    return profile, Principal(user_id=profile.user_id, roles=roles, mfa_at=clock.now(), email_verified=True)


def verify(profile_id: UUID) -> None:
    services.prepare_verification(
        principal=make_person("administrator"), professional_id=profile_id, evidence="register looked up"
    )
    services.decide_verification(principal=make_person("administrator"), professional_id=profile_id, approve=True)


@pytest.fixture
def verified(db: Any) -> Callable[..., tuple[services.ProfessionalDTO, Principal]]:
    """Make a verified specialist: ``verified(places=["DE"], specialty=…)``."""

    def make(places: tuple[str, ...] = ("DE",), days: int = 400, **changes: Any) -> Any:
        profile, principal = register(**changes)
        services.submit_credentials(principal=principal, licences=[licence(p, days=days) for p in places])
        verify(profile.id)
        return services.get_professional(professional_id=profile.id), principal

    return make
