"""First read, opinion, its versions, peer review, and what patient and specialist ask each other."""

from cases.services.opinion.clarifications import answer, ask, list_clarifications
from cases.services.opinion.dto import ClarificationDTO, MessageDTO, NoteDTO, OpinionDTO, TalkDTO
from cases.services.opinion.first_opinion import first_opinion
from cases.services.opinion.messages import add_note, list_notes, read_messages, send_message, unread_messages
from cases.services.opinion.opinion_versions import compare_versions, drift_of, get_version, list_versions
from cases.services.opinion.opinions import (
    get_draft,
    get_opinion,
    refuse_change,
    save_draft,
    seal_first_read,
    sign_opinion,
    submit_opinion,
)
from cases.services.opinion.peer_review import assign_peer, opinion_for_review, review_opinion
from cases.services.opinion.presence import join_talk, still_in_talk
from cases.services.opinion.review_outcomes import Judgement, judgements
from cases.services.opinion.version_dto import OpinionDiff, OpinionDrift, OpinionVersionDTO

__all__ = [
    "ClarificationDTO",
    "Judgement",
    "MessageDTO",
    "NoteDTO",
    "OpinionDTO",
    "OpinionDiff",
    "OpinionDrift",
    "OpinionVersionDTO",
    "TalkDTO",
    "add_note",
    "answer",
    "ask",
    "assign_peer",
    "compare_versions",
    "drift_of",
    "first_opinion",
    "get_draft",
    "get_opinion",
    "get_version",
    "join_talk",
    "judgements",
    "list_clarifications",
    "list_notes",
    "list_versions",
    "opinion_for_review",
    "read_messages",
    "refuse_change",
    "review_opinion",
    "save_draft",
    "seal_first_read",
    "send_message",
    "sign_opinion",
    "still_in_talk",
    "submit_opinion",
    "unread_messages",
]
