"""The three SDKs over real HTTP: what they send, and what each misbehaviour becomes."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from django.core import checks
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from analysis.adapters.providers import Fault, ProviderFailed, ask_within, configured_providers
from analysis.adapters.providers.configured_providers import every_named_provider_can_be_asked
from analysis.domain.claims import SCHEMA
from analysis.domain.prompt import Prompt
from tests.analysis.stub import NAMES, base_url, configure, path_of, provider, sent_text, serve

PROMPT = Prompt("Read as told.", "The document.", SCHEMA)
EMPTY = '{"claims": []}'
pytestmark = pytest.mark.parametrize("name", NAMES)


def ask(name: str, server: HTTPServer, deadline: float = 20) -> Any:
    return ask_within(provider(name, server), PROMPT, deadline=deadline)


def fault(name: str, server: HTTPServer) -> ProviderFailed:
    with pytest.raises(ProviderFailed) as failed:
        ask(name, server)
    return failed.value


def test_an_answer_comes_back_with_its_token_counts(name: str, httpserver: HTTPServer) -> None:
    serve(name, httpserver, text=EMPTY)
    answer = ask(name, httpserver)
    assert (answer.text, answer.tokens_in, answer.tokens_out) == (EMPTY, 11, 7)


def test_the_question_goes_out_once_with_schema_and_credentials(name: str, httpserver: HTTPServer) -> None:
    seen = serve(name, httpserver, text=EMPTY)
    ask(name, httpserver)
    assert len(seen) == 1
    assert sent_text(name, seen[0]) == "Read as told.The document."
    assert "additionalProperties" in json.dumps(json.loads(seen[0].get_data()))
    assert "secret-key" in str(seen[0].headers)
    assert "secret-key" not in seen[0].url


def test_openai_is_told_to_store_nothing(name: str, httpserver: HTTPServer) -> None:
    seen = serve(name, httpserver, text=EMPTY)
    ask(name, httpserver)
    assert json.loads(seen[0].get_data()).get("store", False) is False
    assert ("store" in json.loads(seen[0].get_data())) is (name == "openai")


@pytest.mark.parametrize(
    ("status", "expected", "passing"),
    [
        (400, Fault.BAD_REQUEST, False),
        (401, Fault.CREDENTIALS, False),
        (429, Fault.RATE_LIMITED, True),
        (500, Fault.SERVER, True),
        (529, Fault.OVERLOADED, True),
    ],
)
def test_an_error_status_is_classified_and_not_tried_again(
    name: str, httpserver: HTTPServer, status: int, expected: Fault, passing: bool
) -> None:
    seen = serve(name, httpserver, status=status)
    failed = fault(name, httpserver)
    assert (failed.fault, failed.status, failed.passing) == (expected, status, passing)
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("ending", "expected"), [("cut_off", Fault.CUT_OFF), ("refused", Fault.REFUSED), ("empty", Fault.EMPTY)]
)
def test_an_unusable_ending_is_a_fault_and_not_an_answer(
    name: str, httpserver: HTTPServer, ending: str, expected: Fault
) -> None:
    serve(name, httpserver, text='{"claims": [{"kind', ending=ending)
    assert fault(name, httpserver).fault is expected


def test_an_answer_of_blanks_is_empty(name: str, httpserver: HTTPServer) -> None:
    serve(name, httpserver, text="  \n ")
    assert fault(name, httpserver).fault is Fault.EMPTY


def test_a_body_that_is_no_json_is_a_fault(name: str, httpserver: HTTPServer) -> None:
    serve(name, httpserver, raw="<html>gateway")
    assert fault(name, httpserver).fault in (Fault.MALFORMED, Fault.UNREACHABLE, Fault.EMPTY)


def test_nobody_listening_is_unreachable(name: str, httpserver: HTTPServer, unused_tcp_port: int) -> None:
    from dataclasses import replace

    there = provider(name, httpserver)
    url = there.access.base_url.replace(str(httpserver.port), str(unused_tcp_port))  # type: ignore[attr-defined]
    nowhere = type(there)(replace(there.access, base_url=url))  # type: ignore[attr-defined]
    with pytest.raises(ProviderFailed) as failed:
        ask_within(nowhere, PROMPT, deadline=20)
    assert failed.value.fault is Fault.UNREACHABLE


@pytest.fixture
def gate() -> Iterator[threading.Event]:
    """Holds the stub's answer back until the test is over."""
    event = threading.Event()
    yield event
    event.set()


def test_a_slow_provider_is_left_at_the_deadline(name: str, httpserver: HTTPServer, gate: threading.Event) -> None:
    def slow(request: Request) -> Response:
        gate.wait(300)
        return Response("{}", content_type="application/json")

    _warm(name, httpserver)
    httpserver.expect_request(path_of(name)).respond_with_handler(slow)
    httpserver.expect_request(path_of(name).replace("/v1/", "/v1beta/")).respond_with_handler(slow)
    with pytest.raises(ProviderFailed) as failed:
        ask(name, httpserver, deadline=0.5)
    assert failed.value.fault is Fault.TIMEOUT
    # It was left, not outlived: the answer is still held back.
    assert not gate.is_set()
    gate.set()


def test_a_dripping_provider_is_left_at_the_deadline_too(
    name: str, httpserver: HTTPServer, gate: threading.Event
) -> None:
    def drip(request: Request) -> Response:
        def pieces() -> Iterator[bytes]:
            while not gate.wait(0.05):
                yield b" "

        return Response(pieces(), content_type="application/json")

    _warm(name, httpserver)
    httpserver.expect_request(path_of(name)).respond_with_handler(drip)
    httpserver.expect_request(path_of(name).replace("/v1/", "/v1beta/")).respond_with_handler(drip)
    with pytest.raises(ProviderFailed) as failed:
        ask(name, httpserver, deadline=0.6)
    assert failed.value.fault is Fault.TIMEOUT
    gate.set()


def test_a_failure_says_nothing_of_what_was_sent(name: str, httpserver: HTTPServer) -> None:
    serve(name, httpserver, status=400)
    failed = fault(name, httpserver)
    assert "document" not in str(failed)
    assert failed.__cause__ is None
    assert "secret-key" not in repr(provider(name, httpserver))


def test_a_provider_counts_only_with_key_and_model(name: str, httpserver: HTTPServer, settings: Any) -> None:
    settings.ANALYSIS_PROVIDERS = ["local", name]
    for key, model in (("", ""), ("secret-key", ""), ("", "m-1")):
        configure(settings, name, key=key, model=model)
        assert configured_providers() == ()
        (fault,) = every_named_provider_can_be_asked()
        assert fault.msg == f"ANALYSIS_PROVIDERS names {name}: set {name.upper()}_API_KEY and {name.upper()}_MODEL too."
    configure(settings, name, url=base_url(name, httpserver))
    assert configured_providers() == (provider(name, httpserver),)
    assert every_named_provider_can_be_asked() == []


def test_a_provider_that_nobody_knows_is_refused_at_the_start(name: str, settings: Any) -> None:
    settings.ANALYSIS_PROVIDERS = ["local", f"{name}-x"]
    assert configured_providers() == ()
    found = [fault.msg for fault in checks.run_checks() if fault.id == "analysis.E001"]
    assert found == [f"ANALYSIS_PROVIDERS names {name}-x; there are {', '.join(('local', *NAMES))}."]


def _warm(name: str, server: HTTPServer) -> None:
    """Importing an SDK takes longer than a short deadline."""
    with pytest.raises(ProviderFailed):
        provider(name, server).ask(PROMPT, timeout=20)
