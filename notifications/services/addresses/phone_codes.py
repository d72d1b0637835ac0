"""The code by which somebody proves a telephone number: one message, and never a second one of the same request."""

from __future__ import annotations

from typing import Final
from uuid import UUID

import structlog

from config.kernel.audit import record
from config.kernel.conf import setting
from config.kernel.jobs import JobRun, enqueue
from identity import services as identity
from notifications.adapters.protocol import SMS, Delayed, Outward, Refused, Unanswered, channel
from notifications.db import atomic
from notifications.domain.categories import Category
from notifications.domain.deciding import SuppressionReason
from notifications.domain.phone_code_texts import phone_code_text
from notifications.services.addresses.suppressions import lift, suppress

PHONE_CODE_KIND: Final = "notifications.send_phone_code"
log = structlog.get_logger(__name__)


def queue_phone_code(*, request_id: UUID) -> None:
    """One job for each request, however often it is told of; call it inside ``atomic()``."""
    enqueue(
        context="notifications",
        kind=PHONE_CODE_KIND,
        subject_id=request_id,
        queue="interactive",
        key=f"phone-code:{request_id}",
    )


def send_phone_code(run: JobRun) -> None:
    """The job. The code is made now; whoever gets none asks anew, which is cheaper than a second message."""
    code = identity.issue_phone_code(request_id=run.subject_id) if run.tries == 1 else None
    if code is None:
        return
    outcome, reason = "success", ""
    try:
        with channel(SMS).session() as session:
            session.send(_outward(run.subject_id, code))
    except Refused as error:
        outcome, reason = "failure", error.code
        if error.suppress:
            with atomic():
                suppress(
                    channel=SMS,
                    reason=SuppressionReason(error.suppress),
                    address=code.number,
                    user_id=code.user_id,
                )
    except (Delayed, Unanswered) as error:
        outcome, reason = "failure", error.code
    if reason:
        log.warning("phone_code_not_sent", code=reason)
    with atomic():
        record(
            context="notifications",
            action="phone_code.send",
            patient_id=code.user_id,
            object_type="phone",
            object_id=run.subject_id,
            outcome=outcome,
        )
        run.complete()


def number_proved(*, user_id: UUID) -> None:
    """Whoever proves a number anew wants messages there again. Inside ``atomic()``."""
    number = identity.verified_phones(user_ids=[user_id]).get(user_id)
    if number:
        lift(channel=SMS, address=number)


def _outward(request_id: UUID, code: identity.PhoneCode) -> Outward:
    return Outward(
        delivery_id=request_id,
        message_id=str(request_id),
        address=code.number,
        subject="",
        text=phone_code_text(code.code, code.locale),
        link=setting("PUBLIC_URL"),
        category=Category.SECURITY,
        language=code.locale,
    )
