"""Every provider by its real library against a local server: each way in which a message ends, and no address told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs

import orjson
import pytest

from notifications.adapters.protocol import Delayed, Refused, Unanswered
from tests.notifications.provider_cases import (
    CASES,
    DELIVERY,
    MAILBOX,
    NUMBER,
    TOKEN,
    Case,
    fails,
    send,
    use_anymail,
    use_azure,
    use_fcm,
    use_sns,
    use_twilio,
)
from tests.notifications.provider_server import HUNG_UP, SILENT, ProviderServer, answer, stuck_port

# Of the libraries: apps of today register by token, and one provider is theirs no longer.
pytestmark = [
    pytest.mark.django_db,
    pytest.mark.filterwarnings("ignore:Message.token is deprecated"),
    pytest.mark.filterwarnings("ignore:django-anymail has dropped official support"),
]


@pytest.fixture(autouse=True)
def _here(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.PUBLIC_URL = "https://x.example"
    for name, value in {
        "AWS_ACCESS_KEY_ID": "a",
        "AWS_SECRET_ACCESS_KEY": "b",
        "AWS_EC2_METADATA_DISABLED": "1",
    }.items():
        monkeypatch.setenv(name, value)


@pytest.fixture
def impatient(settings: Any) -> None:
    settings.PROVIDER_CONNECT_SECONDS = settings.PROVIDER_ANSWER_SECONDS = 0.1


@pytest.fixture
def server() -> Iterator[ProviderServer]:
    one = ProviderServer()
    yield one
    one.close()


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> Case:
    return CASES[request.param]


def test_a_message_is_accepted_under_the_providers_own_name(case, server, settings):
    case.use(settings, server.url)
    server.says = case.accepts
    accepted = send(case)
    # Some providers let us give the name.
    assert accepted.provider_id == (case.name or accepted.provider_id)
    assert accepted.provider_id
    assert len(server.taken) == 1


def test_a_refusal_for_good_is_one(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(400, {"message": f"no such address {MAILBOX} {NUMBER} {TOKEN}"})
    error = fails(case, Refused)
    assert error.suppress in ("", "hard")
    assert len(server.taken) == 1


def test_a_provider_that_is_busy_is_asked_later_and_by_us_alone(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(503, {"message": f"later {MAILBOX}"})
    fails(case, Delayed)
    # No library tries again by itself: what may have left would leave twice.
    assert len(server.taken) == 1


def test_a_limit_says_how_long_to_wait(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(429, {"code": 20429, "message": "Too many", "status": 429}, Retry_After="7")
    assert fails(case, Delayed).retry_after == timedelta(seconds=7)
    assert len(server.taken) == 1


def test_what_is_behind_a_gateway_may_have_it(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(504, {"message": "gateway"})
    fails(case, Unanswered)


def test_nothing_left_when_the_provider_is_not_reached(case, settings, impatient):
    with stuck_port() as port:
        case.use(settings, f"http://127.0.0.1:{port}")
        assert fails(case, Delayed).code == "unreachable"


@pytest.mark.parametrize("how", [SILENT, HUNG_UP])
def test_nobody_knows_when_the_bytes_are_gone_and_no_answer_comes(case, server, settings, impatient, how):
    case.use(settings, server.url)
    server.says = how
    fails(case, Unanswered)
    assert server.received.wait(600)
    assert len(server.taken) == 1


def test_our_own_credentials_say_nothing_about_the_message(case, server, settings):
    case.use(settings, server.url)
    server.says = case.says(403, {"message": "forbidden"})
    fails(case, Delayed)


def test_twilio_is_told_where_to_report_and_a_stop_is_kept(server, settings):
    use_twilio(settings, server.url)
    server.says = CASES["twilio"].accepts
    send(CASES["twilio"])
    path, headers, body = server.taken[0]
    fields = parse_qs(body.decode())
    assert path.endswith("/Messages.json")
    assert headers["authorization"].startswith("Basic ")
    assert fields["StatusCallback"] == [f"https://x.example/api/v1/callbacks/twilio?delivery={DELIVERY}#rc=5&rp=all"]
    assert (fields["To"], fields["Body"]) == ([NUMBER], ["Sign in to read it:\nhttps://x.example/n"])
    server.says = answer(400, {"code": 21610, "message": f"unsubscribed {NUMBER}", "more_info": "", "status": 400})
    error = fails(CASES["twilio"], Refused)
    assert (error.code, error.suppress) == ("twilio_21610", "stop")


def test_sns_hears_that_a_number_has_said_stop(server, settings):
    use_sns(settings, server.url)
    server.says = answer(
        400,
        b"<ErrorResponse><Error><Type>Sender</Type><Code>InvalidParameter</Code>"
        b"<Message>Phone number is opted out</Message></Error></ErrorResponse>",
        content_type="text/xml",
    )
    assert fails(CASES["sns"], Refused).suppress == "stop"


def test_an_app_that_is_gone_is_told_no_more(server, settings):
    use_fcm(settings, server.url)
    details = [{"@type": "type.googleapis.com/google.firebase.fcm.v1.FcmError", "errorCode": "UNREGISTERED"}]
    server.says = answer(404, {"error": {"code": 404, "status": "NOT_FOUND", "message": "x", "details": details}})
    assert fails(CASES["fcm"], Refused).suppress == "gone"


def test_a_push_message_holds_its_words_its_link_and_nothing_else(server, settings):
    use_fcm(settings, server.url)
    server.says = CASES["fcm"].accepts
    send(CASES["fcm"])
    path, _, body = server.taken[0]
    message = orjson.loads(body)["message"]
    assert path == "/v1/projects/p/messages:send"
    assert message["data"] == {"link": "https://x.example/n", "category": "case"}
    assert set(message) == {"notification", "data", "android", "token"}


def test_mail_providers_are_told_the_delivery_and_not_to_track(server, settings):
    use_anymail("mailgun")(settings, server.url)
    server.says = CASES["mailgun"].accepts
    send(CASES["mailgun"])
    body = server.taken[0][2].decode()
    fields = parse_qs(body)
    assert fields["v:delivery"] == [str(DELIVERY)]
    assert fields["o:tracking-opens"] == fields["o:tracking-clicks"] == ["no"]
    assert fields["h:Message-Id"] == [f"<{DELIVERY}@x.example>"]
    assert fields["h:List-Unsubscribe-Post"] == ["List-Unsubscribe=One-Click"]


def test_azure_mail_goes_under_our_own_name_and_untracked(server, settings):
    use_azure(settings, server.url)
    server.says = CASES["azure mail"].accepts
    send(CASES["azure mail"])
    _, headers, body = server.taken[0]
    assert headers["operation-id"] == str(DELIVERY)
    assert orjson.loads(body)["userEngagementTrackingDisabled"] is True
