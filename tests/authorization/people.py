"""The people of the matrix and what hangs on their accounts, each made when a row asks for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cached_property
from typing import Any
from uuid import UUID

from config.kernel.auth import Principal
from identity import services as identity
from tests.cases.support import by, make_specialist
from tests.factories import TOTP_SECRET, make_patient, make_person
from tests.factories.identity import ErasureFactory, PasskeyFactory


class People:
    """PO, PA, PR and the others; ``id_…`` names what paths and bodies refer to."""

    @cached_property
    def owner(self) -> Principal:
        return make_patient()

    @cached_property
    def author(self) -> Principal:
        return make_specialist()

    @cached_property
    def outsider(self) -> Principal:
        return make_specialist()

    @cached_property
    def peer(self) -> Principal:
        return make_specialist()

    def person(self, role: str) -> Principal | None:
        """Who stands for a column; ``AN`` is nobody."""
        makers: dict[str, Any] = {
            "AN": lambda: None,
            "PO": lambda: self.owner,
            "OP": make_patient,
            "PU": lambda: self.outsider,
            "PA": lambda: self.author,
            "PR": lambda: self.peer,
            "SS": lambda: make_person("coordinator"),
            "SA": lambda: make_person("administrator"),
        }
        who = makers[role]()
        return _with_session(who) if who else None

    def __getitem__(self, name: str) -> Any:
        """The id that a path or a body names, so that ``"{c}".format_map(world)`` works."""
        return getattr(self, f"id_{name}")

    @cached_property
    def id_po(self) -> UUID:
        return self.owner.require_user_id()

    @cached_property
    def id_guarded(self) -> UUID:
        """PO, with a second factor."""
        identity.seed_totp(user_id=self.owner.require_user_id(), secret=TOTP_SECRET)
        return self.owner.require_user_id()

    @cached_property
    def id_passkey(self) -> UUID:
        """A passkey of PO's."""
        return PasskeyFactory(user_id=self.owner.user_id).id

    @cached_property
    def id_challenge(self) -> UUID:
        """What PO was asked when a passkey of theirs was to be made."""
        return identity.begin_passkey(principal=self.owner).challenge_id

    @cached_property
    def id_lost(self) -> UUID:
        """PO, whose second factor an administrator has asked to remove."""
        opener = make_person("administrator")
        identity.remove_second_factor(principal=opener, user_id=self.id_guarded, reason="The phone is lost.")
        return self.id_guarded

    @cached_property
    def id_kept(self) -> UUID:
        """PO, with a legal hold."""
        officer = make_person("privacy_officer")
        with by(officer):
            identity.place_legal_hold(principal=officer, user_id=self.id_po, reason="A dispute.")
        return self.id_po

    @cached_property
    def id_erased(self) -> UUID:
        """PO, whose erasure has begun (and whose token a test keeps)."""
        ErasureFactory(user_id=self.id_po, requested_by=self.id_po)
        return self.id_po

    @cached_property
    def id_claim(self) -> UUID:
        """PO says that something is wrong."""
        with by(self.owner):
            return identity.request_rectification(
                principal=self.owner, user_id=self.id_po, about="document", wrong="left", right="right"
            ).id

    @cached_property
    def id_session(self) -> UUID:
        return identity.open_session(user_id=self.id_po, device="phone").session_id


def _with_session(who: Principal) -> Principal:
    opened = identity.open_session(user_id=who.require_user_id(), device="test", mfa_at=who.mfa_at)
    return replace(who, session_id=opened.session_id)
