"""Who is named in a case, asked of accounts and of the case's words."""

from collections.abc import Mapping
from typing import Any

from cases.domain.privacy.case_people import identifiers_of
from cases.models import Case
from config.kernel.privacy.deidentification import Identifiers
from identity import services as identity


def known_people(case: Case, intake: Mapping[str, Any]) -> Identifiers:
    """The identifiers of the patient, of those whom ``intake`` names, and of the specialists; one look at accounts."""
    specialists = [one for one in (case.assigned_user_id, case.peer_user_id) if one is not None]
    accounts = identity.get_accounts(user_ids=[case.patient_id, *specialists])
    return identifiers_of(
        patient=accounts[case.patient_id],
        intake=intake,
        specialists=[accounts[one].full_name for one in specialists if one in accounts],
    )
