"""What providers call: signed, or nothing is taken from it."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request
from rest_framework.response import Response

from config.kernel.api import ApiView, problem_response, public
from config.kernel.api.json_texts import MAX_BYTES
from config.kernel.auth.principal import ANONYMOUS
from config.kernel.errors import TooLarge
from config.kernel.limits import per_network
from notifications import services


class NoToken(BaseAuthentication):
    """What stands in ``Authorization`` is the provider's, and asked for below."""

    def authenticate(self, request: Request) -> tuple[Any, None]:
        """Nobody is signed in."""
        return ANONYMOUS, None


class Callback(ApiView):
    """Proved by a signature in place of a token."""

    policy = public()
    parser_classes = ()
    shaped_by = "The provider writes address and body, and signs them as it wrote them."
    further_problems = ("403",)
    # A campaign's reports come from few addresses.
    limits = (per_network("callbacks", 12_000, minutes=1),)

    def get_authenticators(self) -> list[BaseAuthentication]:
        """None of the platform's own."""
        return [NoToken()]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """No more than 1 MB is looked at."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MAX_BYTES:
            raise TooLarge("The report is larger than 1 MB.")
        super().initial(request, *args, **kwargs)


class TwilioCallback(Callback):
    """Reports on text messages."""

    @extend_schema(request=None, responses={204: None}, summary="Take a report of Twilio's")
    def post(self, request: Request) -> Response:
        """Signed by Twilio (``X-Twilio-Signature``); in any order, and counted once."""
        services.take_twilio_report(
            query=request.META.get("QUERY_STRING", ""),
            body=request._request.body,
            signature=request.headers.get("X-Twilio-Signature", ""),
        )
        return Response(status=204)


class TwilioReply(Callback):
    """What people answer to text messages."""

    @extend_schema(request=None, responses={204: None}, summary="Take an answer to a text message from Twilio")
    def post(self, request: Request) -> Response:
        """Signed by Twilio. STOP ends text messages to that number, START lifts it; anything else is kept nowhere."""
        services.take_twilio_reply(
            query=request.META.get("QUERY_STRING", ""),
            body=request._request.body,
            signature=request.headers.get("X-Twilio-Signature", ""),
        )
        return Response(status=204)


class EmailCallback(Callback):
    """Reports on mails."""

    @extend_schema(request=None, responses={204: None}, summary="Take a report of a mail provider's")
    def post(self, request: Request, provider: str) -> HttpResponse:
        """Signed as the provider signs, or with the secret of ``ANYMAIL_WEBHOOK_SECRET``; counted once."""
        if provider == "amazon_ses" and not request.headers.get("Authorization"):
            # Amazon sends the secret when it is asked for it, and not before.
            return problem_response(
                401,
                "not_authenticated",
                "Send the callback's name and password (HTTP Basic).",
                headers={"WWW-Authenticate": 'Basic realm="callbacks"'},
            )
        code = services.take_mail_report(provider=provider, request=request._request)
        return Response({"validationResponse": code}) if code else Response(status=204)
