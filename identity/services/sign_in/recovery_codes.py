"""Recovery codes: ten, 125 random bits each, stored as hashes, each good for one sign-in."""

import base64
import secrets
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal, fresh_second_factor
from config.kernel.errors import Conflict
from config.kernel.outbox import publish
from identity.db import atomic
from identity.domain.recovery_code_hash import code_hash
from identity.events import SecondFactorChanged
from identity.models import RecoveryCode, RecoveryDevice, User
from identity.queries import users_with_second_factor

CODES = 10
NAME = "Recovery codes"
FEW = 3


def regenerate_recovery_codes(*, principal: Principal) -> tuple[str, ...]:
    """Ten new codes, shown this once; the old ones end. Fresh proof needed; ``Conflict`` without a second factor."""
    user_id = fresh_second_factor(principal)
    with atomic():
        User.objects.select_for_update().only("id").get(id=user_id)
        if user_id not in users_with_second_factor([user_id]):
            raise Conflict("Set up a second factor first.", code="second_factor_missing")
        codes = new_recovery_codes(user_id)
        _tell(user_id, "recovery_codes_renewed")
    return codes


def recovery_codes_left(*, user_id: UUID) -> int:
    """How many codes are unused."""
    return RecoveryCode.objects.filter(device__user_id=user_id, used_at=None).count()


def new_recovery_codes(user_id: UUID) -> tuple[str, ...]:
    """Replace the user's codes. Call it inside ``atomic()``."""
    codes = tuple(base64.b32encode(secrets.token_bytes(16)).decode()[:25] for _ in range(CODES))
    RecoveryDevice.objects.filter(user_id=user_id).delete()
    device = RecoveryDevice.objects.create(user_id=user_id, name=NAME)
    RecoveryCode.objects.bulk_create(RecoveryCode(device=device, code_hash=code_hash(code)) for code in codes)
    return tuple("-".join(code[i : i + 5] for i in range(0, 25, 5)) for code in codes)


def tell_code_used(user_id: UUID) -> None:
    """Have the owner told, and how few are left. Call it inside the transaction that used a code up."""
    few = recovery_codes_left(user_id=user_id) <= FEW
    _tell(user_id, "recovery_codes_low" if few else "recovery_code_used")


def _tell(user_id: UUID, change: str) -> None:
    record(context="identity", action=f"second_factor.{change}", object_type="user", object_id=user_id)
    publish(SecondFactorChanged(aggregate_id=user_id, change=change))
