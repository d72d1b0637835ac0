"""PUBLIC: what other contexts, and this one's entry points, may call."""

from professionals.services.affiliations import (
    AffiliationDTO,
    declare_affiliation,
    end_affiliation,
    list_affiliations,
)
from professionals.services.calendar import EntryDTO, calendar, feed, free_time, new_feed, take_time
from professionals.services.candidates import find_candidates
from professionals.services.case_work import follow_case, note_outcome, note_rating, note_signature
from professionals.services.conflicts import Party, find_conflicts
from professionals.services.credentials import CredentialDTO, add_credential, check_licence, list_credentials
from professionals.services.dto import (
    Candidate,
    Excluded,
    Fitness,
    LicenceDTO,
    LicenceInput,
    Matching,
    Obstacle,
    ProfessionalDTO,
)
from professionals.services.eligibility import assess_fitness
from professionals.services.evidence import EvidenceDTO, add_evidence, evidence_file, list_evidence
from professionals.services.evidence_confirmation import decide_evidence, prepare_evidence
from professionals.services.legal_rules import legal_bases, legal_rule_name
from professionals.services.licences import (
    decide_verification,
    list_licences,
    prepare_verification,
    submit_credentials,
    suspend,
    watch_expiry,
)
from professionals.services.profiles import (
    get_by_user,
    get_professional,
    register_professional,
    set_availability,
    specialists_among,
    update_profile,
    visible_profile,
)
from professionals.services.public_profiles import list_public
from professionals.services.publication import decide_figures, propose_figures, withdraw_figures
from professionals.services.published_figures import PublicationDTO, PublicFigures, get_publication, public_figures
from professionals.services.quality import (
    ReviewDTO,
    give_review,
    list_reviews,
    moderate_review,
)
from professionals.services.saved_views import SavedViewDTO, delete_view, list_views, rename_view, save_view
from professionals.services.statistics import compute_statistics, get_statistics
from professionals.services.taxonomy import TermDTO, list_taxonomy, specialty_names, term_names

__all__ = [
    "AffiliationDTO",
    "Candidate",
    "CredentialDTO",
    "EntryDTO",
    "EvidenceDTO",
    "Excluded",
    "Fitness",
    "LicenceDTO",
    "LicenceInput",
    "Matching",
    "Obstacle",
    "Party",
    "ProfessionalDTO",
    "PublicFigures",
    "PublicationDTO",
    "ReviewDTO",
    "SavedViewDTO",
    "TermDTO",
    "add_credential",
    "add_evidence",
    "assess_fitness",
    "calendar",
    "check_licence",
    "compute_statistics",
    "decide_evidence",
    "decide_figures",
    "decide_verification",
    "declare_affiliation",
    "delete_view",
    "end_affiliation",
    "evidence_file",
    "feed",
    "find_candidates",
    "find_conflicts",
    "follow_case",
    "free_time",
    "get_by_user",
    "get_professional",
    "get_publication",
    "get_statistics",
    "give_review",
    "legal_bases",
    "legal_rule_name",
    "list_affiliations",
    "list_credentials",
    "list_evidence",
    "list_licences",
    "list_public",
    "list_reviews",
    "list_taxonomy",
    "list_views",
    "moderate_review",
    "new_feed",
    "note_outcome",
    "note_rating",
    "note_signature",
    "prepare_evidence",
    "prepare_verification",
    "propose_figures",
    "public_figures",
    "register_professional",
    "rename_view",
    "save_view",
    "set_availability",
    "specialists_among",
    "specialty_names",
    "submit_credentials",
    "suspend",
    "take_time",
    "term_names",
    "update_profile",
    "visible_profile",
    "watch_expiry",
    "withdraw_figures",
]
