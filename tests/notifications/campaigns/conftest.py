"""People who plan, approve and get campaigns; texts; campaigns that run."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

import pytest

from config.kernel.auth import Principal
from notifications.models import Campaign
from tests.factories import make_account, make_person
from tests.factories.notifications import CampaignFactory, CampaignRecipientFactory
from tests.factories.professionals import ProfessionalFactory
from tests.notifications.templates_in_force import VALUES, publish_template

Running = Callable[..., Campaign]


@pytest.fixture
def author() -> Principal:
    """Who plans."""
    return make_person("administrator")


@pytest.fixture
def director() -> Principal:
    """Who approves."""
    return make_person("medical_director")


@pytest.fixture
def verified_cardiologist() -> UUID:
    """A specialist who may practise."""
    account = make_account("professional")
    ProfessionalFactory(user_id=account.id)
    return account.id


@pytest.fixture
def template() -> str:
    """The code of a text in force."""
    return str(publish_template().code)


@pytest.fixture
def running() -> Running:
    """Make a campaign that runs, with so many people who wait."""

    def make(people: int, **changes: Any) -> Campaign:
        campaign = CampaignFactory(running=True, people=people, values=VALUES, **changes)
        CampaignRecipientFactory.create_batch(people, campaign=campaign)
        return campaign

    return make
