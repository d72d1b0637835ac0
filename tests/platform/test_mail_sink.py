"""The mailbox that keeps every mail and sends none."""

import email
import os
import signal
import smtplib
import subprocess
import sys
from collections.abc import Iterator
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest

from config.runtime.embedded.process import free_port
from tests.platform.waiting import until

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def sink(tmp_path: Path) -> Iterator[tuple[int, Path]]:
    port, folder = free_port(), tmp_path / "mail"
    command = [sys.executable, "-m", "config.runtime.embedded.mail_sink", "--port", str(port), "--folder", str(folder)]
    with subprocess.Popen(command, cwd=ROOT) as process:
        until(lambda: answers(port), "the mailbox answers")
        yield port, folder
        process.terminate()
        assert process.wait(300) == 0


def answers(port: int) -> bool:
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=20):
            return True
    except OSError:
        return False


def send(port: int, subject: str, body: str = "Dear Zoë") -> None:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "a@example.org", "b@example.org", subject
    message.set_content(body)
    with smtplib.SMTP("127.0.0.1", port, timeout=60) as connection:
        connection.send_message(message)


def test_each_mail_is_one_file_in_order_of_arrival(sink: tuple[int, Path]) -> None:
    port, folder = sink
    for number in range(5):
        send(port, f"Mail {number}")
    kept = sorted(folder.glob("*.eml"))
    mails = [email.message_from_bytes(path.read_bytes(), policy=policy.default) for path in kept]
    assert [mail["Subject"] for mail in mails] == [f"Mail {number}" for number in range(5)]
    assert mails[0].get_content().strip() == "Dear Zoë"
    assert mails[0]["X-Envelope-To"] == "b@example.org"


def test_a_mail_is_readable_by_its_owner_alone(sink: tuple[int, Path]) -> None:
    port, folder = sink
    send(port, "Secret link")
    assert [path.stat().st_mode & 0o077 for path in folder.glob("*.eml")] == [0]
    assert folder.stat().st_mode & 0o077 == 0


def test_an_interrupt_ends_it_without_a_trace(tmp_path: Path) -> None:
    port = free_port()
    arguments = ["--port", str(port), "--folder", str(tmp_path)]
    command = [sys.executable, "-m", "config.runtime.embedded.mail_sink", *arguments]
    process = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    until(lambda: answers(port), "the mailbox answers")
    os.kill(process.pid, signal.SIGINT)
    assert process.communicate(timeout=600)[1] == ""
    assert process.returncode == 0
