"""What holds for every provider: limits, lengths, what is off, what is half set up, and what costs nothing unused."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from typing import Any

import anymail.backends
import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.kernel.limits import store
from config.kernel.phone_numbers import country_of, e164
from notifications.adapters.channel_checks import every_channel_is_whole
from notifications.adapters.email.anymail_mail import PROVIDERS, SWITCHES_TRACKING, TAKES_METADATA
from notifications.adapters.protocol import Delayed, Refused, channel, channels_on
from notifications.domain.text_segments import segments
from tests.architecture.tree import ROOT
from tests.notifications.provider_cases import NUMBER, outward

pytestmark = pytest.mark.django_db


@pytest.fixture
def sink(settings: Any, tmp_path) -> Any:
    settings.MESSAGE_SINK_DIR = str(tmp_path / "messages")
    return lambda name: [
        orjson.loads(line) for line in (tmp_path / "messages" / f"{name}.jsonl").read_bytes().splitlines()
    ]


def _ends(number: str = NUMBER, **more: Any) -> str:
    try:
        with channel("sms").session() as session:
            session.send(outward(number, **more))
    except (Delayed, Refused) as error:
        return error.code
    return "sent"


def test_of_a_thousand_messages_to_one_number_three_leave(sink):
    ends = [_ends() for _ in range(1000)]
    assert ends[:3] == ["sent"] * 3
    assert set(ends[3:]) == {"recipient_limit"}
    assert len(sink("sms")) == 3


def test_a_country_has_so_many_messages_in_a_day(sink, settings):
    settings.SMS_PER_COUNTRY_AND_DAY, settings.SMS_COUNTRY_CAPS = 2, {"US": 0, "CH": 3}
    german, swiss = ([f"{prefix}{n:02}" for n in range(10)] for prefix in ("+4915112345", "+41791234"))
    ends = [_ends(f"{number}0") for number in german]
    assert ends == ["sent"] * 2 + ["country_limit"] * 8
    assert [_ends(f"{number}5") for number in swiss].count("sent") == 3
    assert _ends("+12125550123") == _ends("+999123") == "country_off"
    # What the country did not get is the number's again.
    settings.SMS_PER_COUNTRY_AND_DAY = 1000
    assert [_ends(f"{german[9]}0") for _ in range(4)] == ["sent"] * 3 + ["recipient_limit"]


def test_while_nobody_can_count_no_message_leaves(sink, monkeypatch):
    def down(*_: Any) -> Any:
        raise store.StoreDown

    monkeypatch.setattr(store, "count", down)
    assert _ends() == "limits_unavailable"


def test_more_than_three_segments_are_refused(sink):
    assert _ends(text="a" * 459) == "sent"
    assert _ends("+4915112345679", text="a" * 460) == "too_long"
    assert _ends("+4915112345679", text="á" * 202) == "too_long"
    assert _ends("+4915112345679", text="á" * 201) == "sent"


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1),
        ("a" * 160, 1),
        ("a" * 161, 2),
        ("a" * 306, 2),
        ("a" * 307, 3),
        # ñ, é, ü and ¿ are of the alphabet; á, í, ó and ú are not, and bring the whole text to 70.
        ("ñéü¿" * 40, 1),
        ("á" * 70, 1),
        ("á" * 71, 2),
        ("a" * 70 + "ó", 2),
        ("á" * 134, 2),
        ("á" * 135, 3),
        # The euro takes two places, and is not cut in two: 76 of them leave one of a part's 153 empty.
        ("€" * 80, 1),
        ("€" * 81, 2),
        ("€" * 152, 2),
        ("€" * 153, 3),
        # So does what lies beyond the first plane.
        ("😀" * 35, 1),
        ("😀" * 36, 2),
        ("😀" * 66, 2),
        ("😀" * 67, 3),
        ("\n" * 160, 1),
        ("`" * 70, 1),
        ("`" * 71, 2),
    ],
)
def test_segments_are_counted_as_operators_do(text, count):
    assert segments(text) == count


@given(st.text(max_size=700))
def test_segments_never_shrink_when_a_text_grows(text):
    assert segments(text) <= segments(text + "a")


@pytest.mark.parametrize(
    ("text", "region", "number"),
    [
        ("+49 151 12345678", "", "+4915112345678"),
        ("0151 12345678", "DE", "+4915112345678"),
        ("0151 12345678", "", None),
        ("+49 30 1234567", "", None),
        ("+49 900 1234567", "", None),
        ("110", "DE", None),
        ("+1 212 555 0123", "", "+12125550123"),
        ("", "DE", None),
        ("+49151abc", "", None),
        ("+4915112345678;ext=3", "", "+4915112345678"),
        ("+34 612 34 56 78", "", "+34612345678"),
    ],
)
def test_numbers_are_those_that_take_messages(text, region, number):
    assert e164(text, region=region) == number


def test_a_number_says_its_country():
    assert [country_of(one) for one in (NUMBER, "+41791234567", "+999", "x")] == ["DE", "CH", "ZZ", "ZZ"]


def test_what_is_not_set_up_is_off_and_says_so():
    assert channels_on() == ("email",)
    for name in ("sms", "push"):
        with pytest.raises(Delayed, match="channel_off"), channel(name).session():
            pass


def test_development_writes_messages_into_files(sink):
    assert channels_on() == ("email", "push", "sms")
    assert _ends() == "sent"
    with channel("push").session() as session:
        session.send(outward("fcm:token"))
    assert [(line["to"], line["link"]) for line in sink("sms") + sink("push")] == [
        (NUMBER, "https://x.example/n"),
        ("fcm:token", "https://x.example/n"),
    ]


def _faults() -> str:
    return "\n".join(problem.msg for problem in every_channel_is_whole())


def test_text_messages_that_are_half_set_up_are_named(settings):
    settings.TWILIO_ACCOUNT_SID = "AC1"
    assert "SMS_PROVIDER is empty" in _faults()
    settings.SMS_PROVIDER = "twilio"
    assert "TWILIO_AUTH_TOKEN and TWILIO_MESSAGING_SERVICE" in _faults()
    settings.SMS_PROVIDER = "sns"
    assert "SNS_REGION" in _faults()
    settings.SMS_PROVIDER, settings.AZURE_SMS_FROM = "azure", "+1"
    assert "set AZURE_COMMUNICATION too" in _faults()
    settings.SMS_PROVIDER = "pigeon"
    assert "SMS_PROVIDER names pigeon" in _faults()
    assert channels_on() == ("email",)


def test_mail_providers_that_are_half_set_up_are_named(settings):
    settings.EMAIL_PROVIDER = "azure"
    assert "AZURE_COMMUNICATION" in _faults()
    settings.EMAIL_PROVIDER = "pigeon"
    assert "EMAIL_PROVIDER names pigeon" in _faults()
    settings.EMAIL_PROVIDER = "mailgun"
    assert "MAILGUN_API_KEY" in _faults()
    settings.EMAIL_PROVIDER, settings.ANYMAIL = "postmark", {"POSTMARK_SERVER_TOKEN": "k"}
    assert "WEBHOOK_SECRET" in _faults()
    settings.ANYMAIL = {"POSTMARK_SERVER_TOKEN": "k", "WEBHOOK_SECRET": "a:b"}
    assert _faults() == ""


def test_push_that_is_half_set_up_is_named(settings):
    settings.VAPID_SUBJECT = "mailto:a@x.example"
    assert "set VAPID_PRIVATE_KEY too" in _faults()
    settings.VAPID_PRIVATE_KEY = "short"
    assert "VAPID_PRIVATE_KEY: The key" in _faults()
    settings.VAPID_PRIVATE_KEY, settings.VAPID_SUBJECT = "B" * 43, ""
    assert "set VAPID_SUBJECT too" in _faults()
    settings.VAPID_SUBJECT, settings.FCM_CREDENTIALS = "mailto:a@x.example", "/nowhere.json"
    assert "FCM_CREDENTIALS" in _faults()
    settings.FCM_CREDENTIALS = '{"type": "user"}'
    assert "FCM_CREDENTIALS" in _faults()


def test_an_installation_without_channels_is_whole():
    assert every_channel_is_whole() == []


@pytest.mark.parametrize("provider", PROVIDERS)
def test_what_we_know_of_anymails_providers_is_so(provider):
    module = import_module(f"anymail.backends.{provider}")
    own = [one for one in vars(module).values() if inspect.isclass(one) and one.__module__ == module.__name__]
    written = {name for one in own for name in vars(one)}
    assert ("set_track_opens" in written and "set_track_clicks" in written) == (provider in SWITCHES_TRACKING)
    assert ("set_metadata" in written) == (provider in TAKES_METADATA)


def test_every_provider_of_anymail_is_known():
    here = {path.stem for path in (ROOT / anymail.backends.__path__[0]).glob("*.py")}
    # Bases, the two for tests, and an older name of Brevo's.
    assert here - {"__init__", "base", "base_requests", "console", "test", "sendinblue"} == set(PROVIDERS)


def test_no_providers_library_is_loaded_before_it_is_used():
    """A program that sends nothing is as quick to start as before: counted in modules, not in seconds."""
    code = (
        "import django, sys; django.setup(); from notifications.adapters.protocol import channels_on; channels_on();"
        "import config.urls; print([one for one in "
        "('anymail', 'twilio', 'boto3', 'botocore', 'azure', 'firebase_admin', 'webpush', 'phonenumbers', 'pydantic')"
        " if one in sys.modules])"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"
