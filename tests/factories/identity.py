"""Rows of identity, for what no service makes: somebody else's, broken, left over."""

import factory
from django.contrib.sessions.models import Session as PageSession
from factory.django import DjangoModelFactory

from identity.models import (
    DestroyedKey,
    Erasure,
    Export,
    Job,
    Passkey,
    PatientMerge,
    Proxy,
    Rectification,
    RefreshToken,
    RoleGrant,
    ServiceKey,
    Session,
    User,
)
from tests.factories.values import from_now, other_id


class UserFactory(DjangoModelFactory[User]):
    """An account that nobody can sign in to."""

    class Meta:
        model = User

    email = factory.Sequence("nobody-{}@example.org".format)
    password = "!"


class JobFactory(DjangoModelFactory[Job]):
    """A job that waits."""

    class Meta:
        model = Job

    class Params:
        dead = factory.Trait(state="DEAD", tries=3, last_error="X")
        done = factory.Trait(state="DONE", tries=1)

    kind = "identity.sample"
    subject_id = other_id("subject of a job")


class SessionFactory(DjangoModelFactory[Session]):
    """A session of ``user``, as valid as the account is now."""

    class Meta:
        model = Session

    version = factory.LazyAttribute(lambda row: row.user.session_version)


class RefreshTokenFactory(DjangoModelFactory[RefreshToken]):
    """A token that nobody holds, of ``session``."""

    class Meta:
        model = RefreshToken

    token_hash = factory.Sequence(lambda number: f"token {number}".encode())
    expires_at = from_now(hours=9)


class PageSessionFactory(DjangoModelFactory[PageSession]):
    """A session of Django's own table, which has ended."""

    class Meta:
        model = PageSession

    session_key = factory.Sequence(lambda number: f"ended-{number}")
    session_data = ""
    expire_date = from_now(days=-1)


class ServiceKeyFactory(DjangoModelFactory[ServiceKey]):
    """A key of the account ``owner_id``, from anywhere."""

    class Meta:
        model = ServiceKey

    name = hint = "x"
    secret_hash = factory.Sequence(lambda number: f"secret {number}".encode())
    scopes = factory.List(["notify"])
    networks = factory.List(["0.0.0.0/0"])
    created_by = factory.SelfAttribute("owner_id")
    expires_at = from_now(days=9)


class PasskeyFactory(DjangoModelFactory[Passkey]):
    """A passkey of ``user_id`` that no authenticator has."""

    class Meta:
        model = Passkey

    credential_id = factory.Sequence(lambda number: f"credential {number}".encode())
    credential_data = b""


class RoleGrantFactory(DjangoModelFactory[RoleGrant]):
    """``role`` of ``user_id``, without the two administrators that giving it takes."""

    class Meta:
        model = RoleGrant


class ErasureFactory(DjangoModelFactory[Erasure]):
    """``user`` is to be erased, and cases have not answered."""

    class Meta:
        model = Erasure

    requested_by = other_id("who asked for an erasure")
    asked_at = from_now()
    waiting_for = factory.List(["cases"])


class ExportFactory(DjangoModelFactory[Export]):
    """An export for ``user`` that nobody has begun."""

    class Meta:
        model = Export


class RectificationFactory(DjangoModelFactory[Rectification]):
    """What ``user`` says is wrong; due now."""

    class Meta:
        model = Rectification

    claim_sealed = b"sealed"
    due_at = from_now()


class ProxyFactory(DjangoModelFactory[Proxy]):
    """An offer of ``patient`` to let somebody read for a day."""

    class Meta:
        model = Proxy

    address_hash = b"hash"
    scopes = "read"
    ends_at = from_now(days=1)


class PatientMergeFactory(DjangoModelFactory[PatientMerge]):
    """Two accounts that one person may have, as two others see it."""

    class Meta:
        model = PatientMerge

    survivor = factory.SubFactory(UserFactory)
    alias = factory.SubFactory(UserFactory)
    likeness = factory.Dict({})
    proposed_by = other_id("who proposed a merge")
    decided_by = other_id("who decides on a merge")
    expires_at = from_now(days=1)


class DestroyedKeyFactory(DjangoModelFactory[DestroyedKey]):
    """The word that the key of ``subject_id`` is destroyed."""

    class Meta:
        model = DestroyedKey

    versions = 1
