"""One request as it comes in: parsed by llhttp, its head made into a WSGI environment, its body spooled."""

import sys
from typing import Any
from urllib.parse import unquote_to_bytes

import httptools

from config.runtime.http.spool import Spool

MAX_HEAD_BYTES = 64 * 1024
# Up to here a body costs less to take than to think about.
SMALL = 64 * 1024
_SINGLE = frozenset({"HTTP_HOST", "CONTENT_TYPE", "CONTENT_LENGTH", "HTTP_TRANSFER_ENCODING", "HTTP_AUTHORIZATION"})
_BASE: dict[str, Any] = {
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": True,
    "wsgi.run_once": False,
    "wsgi.input_terminated": True,
    "SERVER_SOFTWARE": "second-opinion",
    "SCRIPT_NAME": "",
    "wsgi.url_scheme": "http",
    "SERVER_PROTOCOL": "HTTP/1.1",
}
_keys: dict[bytes, str] = {}


class Malformed(Exception):
    """The bytes are no HTTP request that everybody would read in the same way."""


class Message:
    """What has come of one request. ``feed`` takes bytes; the attributes tell what is known so far."""

    __slots__ = (
        "announced", "complete", "continues", "environ", "headed", "left_over", "parser", "size", "spool", "target",
    )  # fmt: skip

    def __init__(self) -> None:
        self.parser = httptools.HttpRequestParser(self)
        self.environ: dict[str, Any] = _BASE.copy()
        self.target = b""
        self.size = 0
        self.headed = self.complete = self.continues = self.left_over = False
        # The announced length; None for a body in chunks.
        self.announced: int | None = 0
        self.spool: Spool | None = None

    def feed(self, data: bytes) -> None:
        """Take bytes from the connection. ``Malformed``; ``OSError`` when there is no room for the body."""
        if not self.headed:
            self.size += len(data)
        try:
            self.parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            # Nothing here changes its protocol: the request is answered as it stands, and the connection ends.
            self.left_over = True
        except httptools.HttpParserError as error:
            if isinstance(error.__context__, OSError | Malformed):
                raise error.__context__ from None
            if not self.complete:
                raise Malformed(str(error)) from None
            self.left_over = True
        if not self.headed and self.size > MAX_HEAD_BYTES:
            raise Malformed("The head is too long.")

    @property
    def keeps_connection(self) -> bool:
        """Whether the next request may come on the same connection."""
        return self.complete and not self.left_over and self.parser.should_keep_alive()

    @property
    def is_large(self) -> bool:
        """Whether the body is, or has become, one that is not taken without asking."""
        if self.announced is not None:
            return self.announced > SMALL
        return self.spool is not None and self.spool.size > SMALL

    def on_message_begin(self) -> None:
        """A second message before the first is answered is not taken: the connection ends after the answer."""
        if self.complete:
            self.left_over = True

    def on_url(self, url: bytes) -> None:
        """A piece of the request's target."""
        if not self.complete:
            self.target += url

    def on_header(self, name: bytes, value: bytes) -> None:
        """A header; those after the body are ignored."""
        if self.headed:
            return
        key = _keys.get(name) or _key(name)
        if not key:
            return
        text = value.decode("latin-1")
        if key in self.environ:
            if key in _SINGLE:
                raise Malformed(f"{key} stands twice.")
            text = f"{self.environ[key]},{text}"
        self.environ[key] = text

    def on_headers_complete(self) -> None:
        """The head is whole."""
        if self.complete:
            return
        environ = self.environ
        self.headed = True
        environ["REQUEST_METHOD"] = self.parser.get_method().decode("ascii")
        environ["SERVER_PROTOCOL"] = f"HTTP/{self.parser.get_http_version()}"
        self._place()
        if environ["SERVER_PROTOCOL"] not in ("HTTP/1.1", "HTTP/1.0"):
            raise Malformed("This is not a version of HTTP/1.")
        coding = environ.pop("HTTP_TRANSFER_ENCODING", None)
        if coding is not None:
            # A length beside it is refused by llhttp. Other codings, and HTTP/1.0, are read differently by others.
            if coding.strip().lower() != "chunked" or environ["SERVER_PROTOCOL"] == "HTTP/1.0":
                raise Malformed("This transfer coding is not understood.")
            self.announced = None
        elif length := environ.get("CONTENT_LENGTH"):
            self.announced = int(length)
        self.continues = environ.pop("HTTP_EXPECT", "").lower() == "100-continue"
        if environ.pop("HTTP_X_FORWARDED_PROTO", "") == "https":
            environ["wsgi.url_scheme"] = "https"

    def on_body(self, body: bytes) -> None:
        """A piece of the body, without its framing."""
        if self.complete:
            return
        if self.spool is None:
            self.spool = Spool()
        self.spool.add(body)

    def on_message_complete(self) -> None:
        """The request is whole."""
        if not self.complete:
            self.complete = True
            if self.announced is None:
                self.environ["CONTENT_LENGTH"] = str(self.spool.size if self.spool else 0)

    def _place(self) -> None:
        target = self.target
        if target[:1] != b"/":
            # http://host/path is what a proxy is asked; "*" and host:port name nothing here.
            before, _, rest = target.partition(b"://")
            if not before or not rest:
                raise Malformed("The target is no path.")
            target = b"/" + rest.partition(b"/")[2]
        path, _, query = target.partition(b"#")[0].partition(b"?")
        environ = self.environ
        environ["RAW_URI"] = self.target.decode("latin-1")
        environ["PATH_INFO"] = (unquote_to_bytes(path) if b"%" in path else path).decode("latin-1")
        environ["QUERY_STRING"] = query.decode("latin-1")


def _key(name: bytes) -> str:
    """The header's name in a WSGI environment; empty for one that could be taken for another."""
    if b"_" in name:
        return ""
    upper = name.decode("ascii").upper().replace("-", "_")
    key = upper if upper in ("CONTENT_TYPE", "CONTENT_LENGTH") else f"HTTP_{upper}"
    if len(_keys) < 500:
        _keys[name] = sys.intern(key)
    return key
