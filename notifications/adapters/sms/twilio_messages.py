"""Text messages by Twilio, whose library knows one host alone: ours may be another."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from twilio.base.exceptions import TwilioException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from config.kernel.conf import setting
from notifications.adapters.answers import by_error, by_status
from notifications.adapters.callback_events import ProviderEvent
from notifications.adapters.protocol import Accepted, Delayed, Outward, Refused, Unanswered
from notifications.adapters.sms.questions import Absent, Ambiguous, Question
from notifications.domain.delivery_reports import Happening

TWILIO = "twilio"
CALLBACK = "/api/v1/callbacks/twilio"
# Twilio's own words for its connection to us: five tries, at every failure (https://www.twilio.com/docs/usage/webhooks).
_RETRIED = "#rc=5&rp=all"
STOPPED = 21610
# Of the number or the message, whatever the status beside it; all else goes by the status.
_NEVER = {
    21211: "hard",  # no number
    21214: "hard",  # cannot be reached
    21217: "hard",
    21408: "",  # a country that the account does not send to
    STOPPED: "stop",
    21612: "",  # no way to this network
    21614: "hard",  # a land line
    21617: "",  # too long
}

_MEANS = {
    "sent": Happening.SENT,
    "delivered": Happening.DELIVERED,
    "read": Happening.DELIVERED,
    "undelivered": Happening.UNDELIVERED,
    "failed": Happening.UNDELIVERED,
}
# Of the number, and for ever: no such telephone, a land line.
_BOUNCED = ("30005", "30006", "21211", "21614")
# How far apart the clocks of Twilio and of ours may stand, and how long a message may take to be there.
_EARLIER, _LATER = timedelta(seconds=30), timedelta(minutes=10)


def meaning_of(status: str, code: str) -> Happening | None:
    """What a status of Twilio's, and the code of an error beside it, say of a message; ``None``: nothing new."""
    what = _MEANS.get(status)
    if what is Happening.UNDELIVERED:
        return Happening.STOPPED if code == str(STOPPED) else Happening.BOUNCED if code in _BOUNCED else what
    return what


def report_key(sid: str, status: str) -> str:
    """One status of one message counts once, reported or asked for."""
    return f"{sid}:{status}"[:200]


class _Pointed(TwilioHttpClient):
    """Requests to the scheme and host of ``TWILIO_BASE_URL``; the rest as the library has it."""

    def __init__(self, base: str, **more: Any) -> None:
        super().__init__(**more)
        self._base = base.rstrip("/")
        self.retry_after: str | None = None

    def request(self, method: str, url: str, *rest: Any, **more: Any) -> Any:
        """One request; how long we are to wait is kept, which the library's errors leave out."""
        parts = urlsplit(url)
        target = self._base + parts.path + (f"?{parts.query}" if parts.query else "")
        answer = super().request(method, target, *rest, **more)
        self.retry_after = (answer.headers or {}).get("Retry-After")
        return answer


class TwilioSession:
    """Messages by one account and its messaging service."""

    def __init__(self) -> None:
        self._http = _Pointed(setting("TWILIO_BASE_URL"), timeout=setting("PROVIDER_ANSWER_SECONDS"), max_retries=0)
        self._client = Client(setting("TWILIO_ACCOUNT_SID"), setting("TWILIO_AUTH_TOKEN"), http_client=self._http)

    def send(self, outward: Outward) -> Accepted:
        """One message, on which Twilio reports at ``CALLBACK``."""
        try:
            message = self._client.messages.create(
                to=outward.address,
                messaging_service_sid=setting("TWILIO_MESSAGING_SERVICE"),
                body=outward.text,
                status_callback=callback_url(str(outward.delivery_id)) + _RETRIED,
            )
        # "from None", because the library's errors quote the number, and errors end in logs.
        except TwilioException as error:
            raise self._meaning(error) from None
        except Exception as error:  # the HTTP client's, of whichever library it is
            raise by_error(error) from None
        if not message.sid:
            raise Unanswered("bad_answer")
        return Accepted(provider_id=message.sid)

    def state_of(self, question: Question) -> ProviderEvent | None:
        """How far a message is; ``Absent`` where Twilio has none that it can be; ``None``: nothing new of it."""
        try:
            found = self._found(question)
        except (Absent, Ambiguous):
            raise
        except TwilioException as error:
            raise self._meaning(error) from None
        except Exception as error:  # the HTTP client's, of whichever library it is
            raise by_error(error) from None
        code = str(found.error_code or "")
        # Without a status that means something, that Twilio has it is what we know.
        what = meaning_of(str(found.status), code) or (None if question.provider_id else Happening.SENT)
        if what is None:
            return None
        return ProviderEvent(
            provider=TWILIO,
            provider_id=str(found.sid),
            what=what,
            source_key=report_key(str(found.sid), str(found.status)),
            reason=f"twilio_{code}"[:40] if code.isdecimal() else "",
            delivery_id=question.delivery_id,
        )

    def _found(self, question: Question) -> Any:
        """By its name; without one, the only message of our service to that number at that time."""
        if question.provider_id:
            return self._client.messages(question.provider_id).fetch()
        rows = self._client.messages.list(
            to=question.address,
            date_sent_after=question.asked_at - timedelta(days=1),
            date_sent_before=question.asked_at + timedelta(days=1),
            limit=200,
        )
        service = setting("TWILIO_MESSAGING_SERVICE")
        fitting = [
            one
            for one in rows
            if one.messaging_service_sid == service
            and one.date_created is not None
            and question.asked_at - _EARLIER <= one.date_created <= question.asked_at + _LATER
            and one.sid not in question.known
        ]
        if not fitting:
            raise Absent
        if len(fitting) > 1:
            raise Ambiguous
        return fitting[0]

    def _meaning(self, error: TwilioException) -> Refused | Delayed | Unanswered:
        status, code = getattr(error, "status", None), getattr(error, "code", None)
        if not isinstance(status, int) or status < 300:
            return Unanswered("bad_answer")
        name = f"twilio_{code}" if isinstance(code, int) else f"http_{status}"
        if code in _NEVER:
            return Refused(name, _NEVER[code])
        return by_status(status, self._http.retry_after, code=name)


def callback_url(delivery_id: str) -> str:
    """Where Twilio reports on a message; signed by it with all that stands before the fragment."""
    return f"{setting('PUBLIC_URL').rstrip('/')}{CALLBACK}?{urlencode({'delivery': delivery_id})}"
