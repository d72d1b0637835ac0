"""PUBLIC: what other contexts, and this one's entry points, may call."""

from professionals.services.credentials import (
    decide_verification,
    list_licences,
    prepare_verification,
    submit_credentials,
    suspend,
    watch_expiry,
)
from professionals.services.dto import (
    Candidate,
    Excluded,
    Fitness,
    LicenceDTO,
    LicenceInput,
    Matching,
    ProfessionalDTO,
)
from professionals.services.fitness import assess_fitness, find_candidates
from professionals.services.profiles import (
    get_by_user,
    get_professional,
    list_public,
    register_professional,
    set_availability,
    update_profile,
    visible_profile,
)

__all__ = [
    "Candidate",
    "Excluded",
    "Fitness",
    "LicenceDTO",
    "LicenceInput",
    "Matching",
    "ProfessionalDTO",
    "assess_fitness",
    "decide_verification",
    "find_candidates",
    "get_by_user",
    "get_professional",
    "list_licences",
    "list_public",
    "prepare_verification",
    "register_professional",
    "set_availability",
    "submit_credentials",
    "suspend",
    "update_profile",
    "visible_profile",
    "watch_expiry",
]
