"""PUBLIC: what other contexts, and this one's entry points, may call."""

from professionals.services.affiliations import (
    AffiliationDTO,
    declare_affiliation,
    end_affiliation,
    list_affiliations,
)
from professionals.services.conflicts import Party, find_conflicts
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
from professionals.services.legal import publish_rule
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
    "AffiliationDTO",
    "Candidate",
    "Excluded",
    "Fitness",
    "LicenceDTO",
    "LicenceInput",
    "Matching",
    "Party",
    "ProfessionalDTO",
    "assess_fitness",
    "decide_verification",
    "declare_affiliation",
    "end_affiliation",
    "find_candidates",
    "find_conflicts",
    "get_by_user",
    "get_professional",
    "list_affiliations",
    "list_licences",
    "list_public",
    "prepare_verification",
    "publish_rule",
    "register_professional",
    "set_availability",
    "submit_credentials",
    "suspend",
    "update_profile",
    "visible_profile",
    "watch_expiry",
]
