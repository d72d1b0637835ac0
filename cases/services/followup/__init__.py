"""After delivery: questions, outcome, rating."""

from cases.services.followup.follow_up_questions import (
    FollowUpDTO,
    FollowUpsDTO,
    answer_follow_up,
    ask_follow_up,
    list_follow_ups,
)
from cases.services.followup.outcomes import OutcomeDTO, list_outcomes, record_outcome
from cases.services.followup.service_ratings import RatingDTO, rate_service

__all__ = [
    "FollowUpDTO",
    "FollowUpsDTO",
    "OutcomeDTO",
    "RatingDTO",
    "answer_follow_up",
    "ask_follow_up",
    "list_follow_ups",
    "list_outcomes",
    "rate_service",
    "record_outcome",
]
