"""Sensitive acts: whoever does one has proved within the last five minutes that it is still them."""

from uuid import UUID

from config.kernel.auth.principal import Principal
from config.kernel.errors import Forbidden


def fresh_second_factor(principal: Principal) -> UUID:
    """The id of a caller whose proof is fresh; ``Forbidden`` (``step_up_required``) with what to do for any other.

    A second factor is such a proof; where none is set up (patients may go without), the password given again.
    ``Unauthenticated`` for callers who are no person.
    """
    user_id = principal.require_user_id()
    if not principal.stepped_up():
        raise Forbidden(
            "Prove again that it is you, by POST /api/v1/auth/step-up with the code of your second factor (or with"
            " your password, where none is set up); then repeat this with the new access token.",
            code="step_up_required",
        )
    return user_id
