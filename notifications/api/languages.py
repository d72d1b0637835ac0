"""The language that a request asks for."""

from django.http import HttpRequest
from django.utils.translation.trans_real import parse_accept_lang_header
from rest_framework.request import Request

from notifications.domain.mail_texts import LANGUAGES


def asked_language(request: HttpRequest | Request) -> str:
    """The first of ours in ``Accept-Language``; empty where it names none: then the account's counts."""
    named = parse_accept_lang_header(request.headers.get("Accept-Language", "").lower())
    return next((code for tag, _ in named if (code := tag.split("-")[0]) in LANGUAGES), "")
