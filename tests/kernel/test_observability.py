"""Logs carry an allow-list of fields, and errors without their messages."""

import json
import logging
from typing import Any

import pytest
import structlog
from django.test import RequestFactory
from structlog.testing import capture_logs

from config.kernel.api.middleware import address_of
from config.kernel.observability.correlation import accepted_or_new, correlated
from config.kernel.observability.logs import json_formatter
from config.kernel.observability.metrics import LATENCY, REQUESTS, observe_request


@pytest.fixture
def lines() -> Any:
    out: list[str] = []
    formatter = json_formatter()

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            out.append(formatter.format(record))

    handler, root = Collect(), logging.getLogger()
    root.addHandler(handler)
    yield out
    root.removeHandler(handler)


def test_fields_outside_the_allow_list_never_reach_a_log_line(lines: list[str]) -> None:
    structlog.get_logger("sample").error("saved", case_id="c-1", diagnosis="glioblastoma", body={"name": "Maria"})
    line = json.loads(lines[-1])
    assert line["case_id"] == "c-1"
    assert "glioblastoma" not in lines[-1]
    assert "Maria" not in lines[-1]


def test_an_error_is_logged_by_type_and_place_without_its_message(lines: list[str]) -> None:
    try:
        raise ValueError("Maria Keller, born 1961")
    except ValueError as error:
        structlog.get_logger("sample").error("failed", exc_info=error)
    line = json.loads(lines[-1])
    assert line["error"] == "ValueError"
    assert "test_observability.py" in line["exception"][-1]
    assert "Keller" not in lines[-1]


def test_a_logger_that_wrote_before_logging_was_set_up_again_is_still_reached() -> None:
    json_formatter()
    early = structlog.get_logger("early")
    early.info("first")
    json_formatter()
    with capture_logs() as seen:
        early.info("second")
    assert [line["event"] for line in seen] == ["second"]


def test_other_libraries_records_pass_the_same_filter(lines: list[str]) -> None:
    logging.getLogger("celery.worker").error("Task %s failed", "Maria", extra={"patient": "Maria"})
    assert json.loads(lines[-1])["event"] == "Task … failed"
    assert "Maria" not in lines[-1]


def test_what_an_unknown_library_says_is_named_by_its_place_only(lines: list[str]) -> None:
    logging.getLogger("pdf.reader").warning(f"cannot read the object 'Maria Keller', {1}")
    line = json.loads(lines[-1])
    assert line["event"] == "library_message"
    assert line["logger"] == "pdf.reader"
    assert line["path"].startswith("test_observability:")
    assert "Maria" not in lines[-1]


def test_an_injected_line_break_stays_inside_one_line(lines: list[str]) -> None:
    structlog.get_logger("sample").error("bad", reason='x\n{"event":"forged"}')
    assert "\n" not in lines[-1]


def test_a_line_carries_the_request_id(lines: list[str]) -> None:
    with correlated("abc-12345678"):
        structlog.get_logger("sample").error("here")
    assert json.loads(lines[-1])["request_id"] == "abc-12345678"


@pytest.mark.parametrize(
    "offered", [None, "", "short", "a b c d e f g h", "a" * 65, "ümlaut-ümlaut", "Maria-Keller-born-1961"]
)
def test_an_unusable_request_id_is_replaced(offered: str | None) -> None:
    assert accepted_or_new(offered) != offered


@pytest.mark.parametrize(
    ("forwarded", "proxies", "address"),
    [
        ("", 1, "10.0.0.1"),
        ("203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9", 1, "203.0.113.9"),
        ("198.51.100.1, 203.0.113.9, 10.0.0.2", 2, "203.0.113.9"),
        ("203.0.113.9", 0, "10.0.0.1"),
        ("203.0.113.9", 2, "10.0.0.1"),
        ("198.51.100.1, 203.0.113.9:4711", 1, "203.0.113.9"),
        ("[2001:db8::1]:4711", 1, "2001:db8::1"),
        ("rubbish", 1, None),
        ("2001:db8::1", 1, "2001:db8::1"),
    ],
)
def test_the_clients_address_is_the_one_our_own_proxy_wrote(forwarded: str, proxies: int, address: str | None) -> None:
    request = RequestFactory().get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR=forwarded)
    assert address_of(request, proxies) == address


def test_metrics_are_labelled_by_route_and_known_method_only() -> None:
    observe_request("BREW", "api/v1/cases/<uuid:case_id>", 200, 0.01)
    labels = {tuple(sample.labels.values()) for metric in REQUESTS.collect() for sample in metric.samples}
    assert ("other", "api/v1/cases/<uuid:case_id>", "200") in labels
    assert LATENCY.collect()
