"""How long identity keeps what (see ``manage.py retention``)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.sessions.models import Session as PageSession
from django.db.models import Q, QuerySet

from config.kernel.privacy.retention import Rule
from identity.domain.state_machines import MergeState
from identity.models import (
    EmailChange,
    EmailToken,
    LegalHold,
    MailRequest,
    PasskeyChallenge,
    PatientMerge,
    PhoneVerification,
    RefreshToken,
    Session,
    User,
)
from identity.services.privacy.erasure import begin_erasure

Rows = QuerySet[Any]


def _links(before: datetime) -> Rows:
    return EmailToken.objects.filter(expires_at__lt=before)


def _address_changes(before: datetime) -> Rows:
    return EmailChange.objects.filter(created_at__lt=before)


def _phone_verifications(before: datetime) -> Rows:
    return PhoneVerification.objects.filter(created_at__lt=before).filter(active_for=None)


def _mail_requests(before: datetime) -> Rows:
    return MailRequest.objects.filter(created_at__lt=before)


def _challenges(before: datetime) -> Rows:
    return PasskeyChallenge.objects.filter(expires_at__lt=before)


def _refresh_tokens(before: datetime) -> Rows:
    return RefreshToken.objects.filter(expires_at__lt=before)


def _sessions(before: datetime) -> Rows:
    return Session.objects.filter(created_at__lt=before)


def _page_sessions(before: datetime) -> Rows:
    return PageSession.objects.filter(expire_date__lt=before)


def _erase(user_id: UUID) -> None:
    begin_erasure(user_id=user_id, asked_by=user_id)


def _unconfirmed(before: datetime) -> Rows:
    never = User.objects.filter(email_verified_at=None, created_at__lt=before, erasure=None, is_staff=False)
    held = LegalHold.objects.filter(ended_at=None).values("user_id")
    return never.exclude(role_grants__role="professional").exclude(id__in=held)


RULES = (
    Rule(
        name="identity.links",
        days=7,
        basis="ended links of mails: long enough to answer a question about one",
        find=_links,
    ),
    Rule(name="identity.address_changes", days=7, basis="as links", find=_address_changes),
    Rule(
        name="identity.phone_verifications",
        days=7,
        basis="numbers that were not proved, or given up; those that are in use stay",
        find=_phone_verifications,
    ),
    Rule(name="identity.mail_requests", days=7, basis="as links", find=_mail_requests),
    Rule(name="identity.passkey_challenges", days=1, basis="used or ended", find=_challenges),
    Rule(
        name="identity.refresh_tokens",
        days=7,
        basis="to recognise a stolen one that comes back after its session",
        find=_refresh_tokens,
    ),
    Rule(name="identity.sessions", days=90, basis="people look up where they were signed in", find=_sessions),
    Rule(name="identity.page_sessions", days=1, basis="ended cookies", find=_page_sessions),
    Rule(
        name="identity.unconfirmed",
        days=30,
        basis="the address was never confirmed: nobody may be its owner",
        remove=_erase,
        find=_unconfirmed,
    ),
)


def held_people() -> frozenset[UUID]:
    """Everybody of whom nothing may be deleted now; a hold on one of two joined accounts holds both."""
    held = set(LegalHold.objects.filter(ended_at=None).values_list("user_id", flat=True))
    joined = PatientMerge.objects.filter(Q(survivor_id__in=held) | Q(alias_id__in=held), state=MergeState.MERGED)
    return frozenset(held.union(*joined.values_list("survivor_id", "alias_id")))
