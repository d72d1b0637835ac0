"""Limits on how often something may be tried, counted in Valkey by one atomic operation."""

from config.kernel.limits.networks import network_of
from config.kernel.limits.rules import Counter, Limit, per_account, per_network, per_subject
from config.kernel.limits.spending import give_back, give_back_for_failure, spend
from config.kernel.limits.standing import Standing, limit_headers, standings, starting

__all__ = [
    "Counter",
    "Limit",
    "Standing",
    "give_back",
    "give_back_for_failure",
    "limit_headers",
    "network_of",
    "per_account",
    "per_network",
    "per_subject",
    "spend",
    "standings",
    "starting",
]
