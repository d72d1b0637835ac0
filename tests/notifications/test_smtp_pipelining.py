"""Mails over one SMTP connection: what is written together, what is in doubt when it breaks, and whose a refusal is."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from config.kernel import clock
from config.kernel.due_work import drain
from notifications import services
from notifications.adapters.email import smtp as dialogue
from notifications.adapters.email.channel import SmtpSession
from notifications.adapters.email.mail import post
from notifications.adapters.email.message_content import posting_of
from notifications.adapters.email.message_parts import mail_of
from notifications.adapters.protocol import Delayed, Outward, Refused, Unanswered
from notifications.models import Delivery
from tests.factories import make_account
from tests.notifications.provider_cases import MAILBOX, outward
from tests.notifications.support import MailServer

OFFERED = "250-sink\r\n250 PIPELINING\r\n"


class Line:
    """The server's end of one connection. ``commands`` are heard before anything is answered."""

    def __init__(self, connection: socket.socket, offers: str) -> None:
        connection.settimeout(5)
        self.socket, self._bytes = connection, connection.makefile("rb")
        self.say("220 sink")
        self.hear(1)
        connection.sendall(offers.encode())

    def hear(self, count: int) -> list[str]:
        return [self._bytes.readline().decode().strip() for _ in range(count)]

    def hear_mail(self) -> str:
        lines = []
        while (line := self._bytes.readline()) not in (b".\r\n", b""):
            lines.append(line)
        return b"".join(lines).decode()

    def say(self, *answers: str) -> None:
        self.socket.sendall("".join(f"{answer}\r\n" for answer in answers).encode())

    def is_silent(self) -> bool:
        """Whether the client has written nothing that was not read: it waits for an answer."""
        self.socket.setblocking(False)
        try:
            return not self._bytes.peek(1)  # type: ignore[attr-defined]  # a buffered reader, which the stub calls BinaryIO
        except BlockingIOError:
            return True
        finally:
            self.socket.settimeout(5)


@pytest.fixture
def serving(request: Any) -> Callable[..., Any]:
    """Serve connections one after the other, each by a script; yields what the scripts gave back."""
    settings = request.getfixturevalue("settings")
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "127.0.0.1", "", ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 2

    @contextmanager
    def serve(*scripts: Callable[[Line], Any], offers: str = OFFERED) -> Iterator[list[Any]]:
        told: list[Any] = []
        with socket.create_server(("127.0.0.1", 0)) as server:
            settings.EMAIL_PORT = server.getsockname()[1]
            server.settimeout(5)

            def run() -> None:
                for script in scripts:
                    connection, _ = server.accept()
                    with connection:
                        told.append(script(Line(connection, offers)))

            thread = threading.Thread(target=run, daemon=True)
            thread.start()
            yield told
            thread.join(10)

    return serve


def _letters(count: int) -> list[Outward]:
    return [outward(f"person{number}@example.org", delivery_id=uuid4()) for number in range(count)]


def _sent(outwards: list[Outward]) -> list[str]:
    """What became of each, over one session that knows what follows."""
    ends = []
    with post() as connection:
        session = SmtpSession(connection)
        session.follow(outwards)
        for one in outwards:
            try:
                session.send(one)
                ends.append("sent")
            except (Delayed, Refused, Unanswered) as error:
                ends.append(error.code)
    return ends


def test_the_commands_of_a_mail_are_one_write_and_those_of_the_next_follow_its_last_byte(serving):
    def script(line: Line) -> list[str]:
        heard = line.hear(3)
        line.say("250 ok", "250 ok", "354 go on")
        line.hear_mail()
        # Nothing is said to the first mail before the second one's commands are here.
        heard += line.hear(3)
        line.say("250 taken", "250 ok", "250 ok", "354 go on")
        line.hear_mail()
        line.say("250 taken")
        return [*heard, *line.hear(1)]

    with serving(script) as told:
        assert _sent(_letters(2)) == ["sent", "sent"]
    words = [command.split()[0] for command in told[0]]
    assert words == ["MAIL", "RCPT", "DATA", "MAIL", "RCPT", "DATA", "quit"]
    assert [command for command in told[0] if "person" in command] == [
        "RCPT TO:<person0@example.org>",
        "RCPT TO:<person1@example.org>",
    ]


def test_a_server_that_does_not_offer_it_hears_one_command_at_a_time(serving):
    def script(line: Line) -> bool:
        waits = True
        for _ in range(2):
            for answer in ("250 ok", "250 ok", "354 go on"):
                line.hear(1)
                waits = waits and line.is_silent()
                line.say(answer)
            line.hear_mail()
            waits = waits and line.is_silent()
            line.say("250 taken")
        return waits

    with serving(script, offers="250 sink\r\n") as told:
        assert _sent(_letters(2)) == ["sent", "sent"]
    assert told == [True]


def test_of_a_connection_that_dies_the_mail_whose_bytes_are_gone_is_in_doubt_and_no_other(serving):
    def dies(line: Line) -> str:
        line.hear(3)
        line.say("250 ok", "250 ok", "354 go on")
        mail = line.hear_mail()
        line.hear(3)
        return mail

    def goes_on(line: Line) -> str:
        recipient = line.hear(3)[1]
        line.say("250 ok", "250 ok", "354 go on")
        line.hear_mail()
        line.say("250 taken")
        return recipient

    with serving(dies, goes_on) as told:
        assert _sent(_letters(2)) == ["SMTPServerDisconnected", "sent"]
    assert told[1] == "RCPT TO:<person1@example.org>"


def test_a_connection_that_dies_before_the_bytes_are_asked_for_leaves_no_mail_in_doubt(serving):
    def dies(line: Line) -> None:
        line.hear(3)
        line.say("250 ok", "250 ok", "354 go on")
        line.hear_mail()
        line.hear(3)
        line.say("250 taken")

    with serving(dies) as told:
        first, second = _letters(2)
        with post() as connection:
            session = SmtpSession(connection)
            session.follow([first, second])
            session.send(first)
            with pytest.raises(Delayed):
                session.send(second)
    assert told == [None]


@pytest.mark.parametrize("to_data", ["503 nobody to send to", "354 go on"])
def test_a_recipient_that_is_refused_gets_no_bytes_and_the_next_one_the_same_connection(serving, to_data):
    def script(line: Line) -> list[str]:
        line.hear(3)
        line.say("250 ok", "550 5.1.1 no such user", to_data)
        heard = []
        if to_data.startswith("354"):
            heard.append(line.hear_mail())
            line.say("554 no recipients")
        heard += line.hear(4)
        line.say("250 reset", "250 ok", "250 ok", "354 go on")
        line.hear_mail()
        line.say("250 taken")
        return heard

    with serving(script) as told:
        assert _sent(_letters(2)) == ["smtp_550", "sent"]
    words = [command.split()[0] for command in told[0] if command]
    assert words == ["RSET", "MAIL", "RCPT", "DATA"]
    assert "person1" in told[0][-2]


def test_no_good_bye_is_said_into_the_middle_of_a_mail(serving):
    def script(line: Line) -> list[str]:
        line.hear(3)
        line.say("250 ok", "250 ok", "354 go on")
        line.hear_mail()
        line.hear(3)
        line.say("250 taken", "250 ok", "250 ok", "354 go on")
        return line.hear(1)

    with serving(script) as told, post() as connection:
        session = SmtpSession(connection)
        first, second = _letters(2)
        session.follow([first, second])
        session.send(first)
        # Nobody sends the second one.
    assert told == [[""]]


@pytest.mark.django_db
def test_of_a_window_each_refusal_is_its_own_rows_and_all_go_over_one_connection(smtp: MailServer):
    said = ["", "550 5.1.1 no such user", "451 later", "", "552 full", "", "452 busy", ""]
    smtp.answers, smtp.data_answers = list(said), ["250 kept", "554 no"]
    people = [make_account("patient") for _ in said]
    for person in people:
        services.notify(user_id=person.id, kind="report_ready", event_key=str(uuid4()))
    opened: list[Any] = []
    real = dialogue.SmtpBackend.open

    def count(self: Any) -> Any:
        new = real(self)
        opened.extend([new] if new else [])
        return new

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(dialogue.SmtpBackend, "open", count)
        drain("notifications")
    rows = {row.user_id: (row.state, row.reason) for row in Delivery.objects.all()}
    by_try = {address: rows[person.id] for person in people for address in [person.email]}
    assert [by_try[address] for address in smtp.tried[: len(said)]] == [
        ("SENT", ""),
        ("FAILED", "smtp_550"),
        ("QUEUED", "smtp_451"),
        ("FAILED", "smtp_554"),
        ("FAILED", "smtp_552"),
        ("SENT", ""),
        ("QUEUED", "smtp_452"),
        ("SENT", ""),
    ]
    assert len(opened) == 1


_TEXTS = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters="\n\t"), min_size=1, max_size=400)


@settings(max_examples=60, deadline=None)
@given(
    subject=st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")), min_size=1, max_size=120),
    text=_TEXTS,
    html=_TEXTS,
    address=st.sampled_from([MAILBOX, "o'hara+a=b@example.org", "a@bücher.example", '"a b"@example.org']),
    sender=st.sampled_from(["", "Dr. Müller & Söhne", "The team"]),
    stop=st.sampled_from(["", "https://x.example/unsubscribe/" + "A_-" * 16]),
)
def test_a_mails_own_bytes_say_what_djangos_message_says(subject, text, html, address, sender, stop):
    mail = outward(address, subject=subject, text=text, html=html, sender_name=sender, unsubscribe_url=stop)
    wire = posting_of(mail).content
    assert wire.isascii()
    assert wire.endswith(b"\r\n.\r\n")
    assert b"\r\n.\r\n" not in wire[:-5]
    assert max(len(line) for line in wire.split(b"\r\n")) <= 998
    ours = message_from_bytes(wire.removesuffix(b".\r\n").replace(b"\r\n..", b"\r\n."), policy=policy.default)
    django = message_from_bytes(mail_of(mail, None).message().as_bytes(linesep="\r\n"), policy=policy.default)
    for name in ("Subject", "From", "To", "Message-ID", "Auto-Submitted", "List-Unsubscribe", "List-Unsubscribe-Post"):
        # Python's own folding puts a blank before a long value.
        assert str(ours[name]).strip() == str(django[name]).strip()
    assert ours["Date"].datetime.year == clock.now().year
    assert [_words(ours, kind) for kind in ("plain", "html")] == [text.removesuffix("\n"), html.removesuffix("\n")]


def _words(message: Any, kind: str) -> str:
    said: str = message.get_body((kind,)).get_content()
    return said.replace("\r\n", "\n").removesuffix("\n")


@pytest.mark.parametrize("field", ["subject", "address", "unsubscribe_url", "sender_name"])
@pytest.mark.parametrize("end", ["\n", "\r", "\r\n", "\r\n Bcc: x@example.org\r\n\r\n"])
def test_a_line_break_in_any_header_is_refused(field, end):
    broken = {"address": f"a{end}@example.org"} if field == "address" else {field: f"https://x{end}y"}
    with pytest.raises(ValueError, match=r"one line|newlines|Invalid"):
        posting_of(outward(**({"address": MAILBOX} | broken)))
