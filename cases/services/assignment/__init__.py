"""Who gets the case: candidates, offers, and looking again at who is eligible."""

from cases.services.assignment.dto import CandidateDTO, ExclusionDTO, MatchingDTO, ObstacleDTO, OfferDTO
from cases.services.assignment.offers import accept_offer, candidates, decline_offer, offer_case

__all__ = [
    "CandidateDTO",
    "ExclusionDTO",
    "MatchingDTO",
    "ObstacleDTO",
    "OfferDTO",
    "accept_offer",
    "candidates",
    "decline_offer",
    "offer_case",
]
