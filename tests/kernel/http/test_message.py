"""What is a request, and what is not: everything that two readers could read in two ways is refused."""

import pytest

from config.runtime.http.message import Malformed, Message

POST = b"POST /a%20b?x=1 HTTP/1.1\r\nHost: a\r\n"
BAD = {
    "two lengths": POST + b"Content-Length: 3\r\nContent-Length: 3\r\n\r\nabc",
    "a signed length": POST + b"Content-Length: +3\r\n\r\nabc",
    "a length beside a coding": POST + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a coding beside a length": POST + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n",
    "a coding before chunks": POST + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n",
    "an unknown coding": POST + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n",
    "chunks twice": POST + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "chunks in HTTP/1.0": b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "a blank before a colon": POST + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n",
    "a size that is none": POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n0\r\n\r\n",
    "a size with a sign": POST + b"Transfer-Encoding: chunked\r\n\r\n-3\r\nabc\r\n0\r\n\r\n",
    "a size beyond all": POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nabc",
    "a chunk that goes on": POST + b"Transfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n0\r\n\r\n",
    "bare line feeds": POST + b"Transfer-Encoding: chunked\r\n\r\n3\nabc\n0\n\n",
    "a folded header": POST + b"X: a\r\n b\r\n\r\n",
    "a NUL": POST + b"X: a\x00b\r\n\r\n",
    "two hosts": POST + b"Host: b\r\n\r\n",
    "two tokens": POST + b"Authorization: Bearer a\r\nAuthorization: Bearer b\r\n\r\n",
    "another version": b"GET / HTTP/2.0\r\nHost: a\r\n\r\n",
    "a tunnel": b"CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n",
    "an endless head": POST + b"X: " + b"a" * 70_000,
}


@pytest.mark.parametrize("step", [1, 7, 100_000])
@pytest.mark.parametrize("what", BAD)
def test_what_could_be_read_in_two_ways_is_refused(what: str, step: int) -> None:
    message, data = Message(), BAD[what]
    with pytest.raises(Malformed):
        for start in range(0, len(data), step):
            message.feed(data[start : start + step])


@pytest.mark.parametrize("step", [1, 7, 100_000])
def test_a_request_is_told_to_wsgi_in_any_pieces(step: int) -> None:
    message = Message()
    data = POST + b"X-Two: 1\r\nx-two: 2\r\nX_Two: 3\r\nX-Forwarded-Proto: https\r\nContent-Length: 3\r\n\r\nabc"
    for start in range(0, len(data), step):
        message.feed(data[start : start + step])
    environ = message.environ
    told = (environ["REQUEST_METHOD"], environ["PATH_INFO"], environ["QUERY_STRING"], environ["CONTENT_LENGTH"])
    assert told == ("POST", "/a b", "x=1", "3")
    # A name with "_" could pass for one with "-".
    assert environ["HTTP_X_TWO"] == "1,2"
    assert environ["wsgi.url_scheme"] == "https"
    assert message.spool is not None
    assert message.spool.rewind().read() == b"abc"
    assert message.keeps_connection


def test_a_second_request_is_not_taken_before_the_first_is_answered() -> None:
    message = Message()
    message.feed(POST + b"Content-Length: 3\r\n\r\nabcGET /other HTTP/1.1\r\nHost: a\r\n\r\n")
    assert message.complete
    assert message.environ["PATH_INFO"] == "/a b"
    assert not message.keeps_connection


def test_a_header_after_the_body_changes_nothing() -> None:
    message = Message()
    message.feed(POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nAuthorization: Bearer x\r\n\r\n")
    assert message.complete
    assert "HTTP_AUTHORIZATION" not in message.environ
    assert message.environ["CONTENT_LENGTH"] == "3"
