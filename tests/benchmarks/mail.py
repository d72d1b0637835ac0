"""What a mail of a campaign costs beside the bytes themselves: ``make bench W=mail``.

One process serves a campaign from turns to the last mail; by turns with it, against the same server, which takes mails
and keeps nothing: the limit, which only renders the same mails (Jinja, MIME made before) and writes them to one
pipelined connection, and django-post-office, which keeps its rows too. ``SOP_PROFILE=tottime`` prints where the time of
a mail goes, ``SOP_MAIL_PEOPLE`` says to how many.
"""

from __future__ import annotations

import cProfile
import json
import os
import pstats
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final
from uuid import UUID, uuid4

PEOPLE, ROUNDS = int(os.environ.get("SOP_MAIL_PEOPLE", "1000")), 5
# Of the limit, and times django-post-office.
SHARE, TIMES = 0.4, 2.5
PEERS: Final = Path(__file__).with_name("peers")
PEER_ENVIRONMENT: Final = Path(__file__).resolve().parents[2] / ".local" / "peers" / "post_office"
# The other side, in a process of its own: as little of SMTP as a client needs, PIPELINING among it.
SINK = """
import asyncio
async def serve(reader, writer):
    writer.write(b"220 sink\\r\\n")
    while line := await reader.readline():
        word = line[:4].upper()
        if word == b"EHLO":
            writer.write(b"250-sink\\r\\n250-PIPELINING\\r\\n250 8BITMIME\\r\\n")
        elif word == b"DATA":
            writer.write(b"354 go on\\r\\n")
            await reader.readuntil(b"\\r\\n.\\r\\n")
            writer.write(b"250 taken\\r\\n")
        elif word == b"QUIT":
            break
        else:
            writer.write(b"250 ok\\r\\n")
    writer.close()
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=2**20)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""
# Seconds by the clock on the wall, and the processor's of the process that sends.
Spent = tuple[float, float]


def main() -> int:
    """Prints the table; the status says whether both targets are met."""
    sink = subprocess.Popen([sys.executable, "-c", SINK], stdout=subprocess.PIPE, text=True)
    assert sink.stdout is not None
    port = int(sink.stdout.readline())
    with tempfile.TemporaryDirectory(prefix="sop-mail-") as folder:
        os.environ |= {"SOP_DATA_DIR": folder, "SOP_EMBEDDED": "1", "LOG_LEVEL": "CRITICAL"}
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings.dev", "EMAIL_URL": f"smtp://127.0.0.1:{port}"}
        os.environ |= {"RATE_LIMITS_SCALE": "1000000"}
        for name in ("DATABASE_URL", "REDIS_URL", "SOP_TEST_SUFFIX"):
            os.environ.pop(name, None)
        from config.runtime.embedded import Stack, database_url, redis_url

        os.environ["DATABASE_URL"], os.environ["REDIS_URL"] = database_url(), redis_url()
        try:
            import django
            from django.core.management import call_command

            django.setup()
            call_command("migrate_all", verbosity=0)
            return _measure(port)
        finally:
            from django.db import connections

            connections.close_all()
            Stack(Path(folder)).stop()
            sink.kill()


def _measure(port: int) -> int:
    from tests.factories import make_account
    from tests.notifications.templates_in_force import publish_template

    publish_template()
    people = [make_account("patient").id for _ in range(PEOPLE)]
    # By now everything is loaded and every statement prepared.
    _campaign(people[:100])
    with _post_office(port) as peer:
        _beside(peer, 100)
        rounds = [(_pipelined(port), _campaign(people), _beside(peer, PEOPLE)) for _ in range(ROUNDS)]
    if os.environ.get("SOP_PROFILE"):
        profile = cProfile.Profile(time.process_time)  # waits are others' work
        _campaign(people, profile)
        pstats.Stats(profile, stream=sys.stdout).sort_stats(os.environ["SOP_PROFILE"]).print_stats(70)
    bare, ours, theirs = zip(*rounds, strict=True)
    share = [limit[0] / mine[0] for limit, mine, _ in rounds]
    times = [other[0] / mine[0] for _, mine, other in rounds]
    cores = [other[1] / mine[1] for _, mine, other in rounds]
    met = statistics.median(share) >= SHARE, statistics.median(times) >= TIMES
    sys.stdout.write(
        f"| {PEOPLE:,} people, {ROUNDS} rounds by turns | mails/s | processor ms a mail |\n|---|---|---|\n"
    )
    for name, side in (("the pipelined limit", bare), ("campaign, one process", ours), ("django-post-office", theirs)):
        rate, cost = PEOPLE / statistics.median(one[0] for one in side), statistics.median(one[1] for one in side)
        sys.stdout.write(f"| {name} | {rate:,.0f} | {cost * 1000 / PEOPLE:.2f} |\n")
    sys.stdout.write(f"| × the limit (≥ {SHARE}) | {_spread(share)} | {'met' if met[0] else 'missed'} |\n")
    sys.stdout.write(f"| × django-post-office (≥ {TIMES}) | {_spread(times)} | {'met' if met[1] else 'missed'} |\n")
    sys.stdout.write(f"| × its processor time | {_spread(cores)} | load {os.getloadavg()[0]:.1f} |\n")
    return 0 if all(met) else 1


def _spread(found: list[float]) -> str:
    return f"{statistics.median(found):.2f} ({min(found):.2f} to {max(found):.2f})"


def _campaign(people: list[UUID], profile: cProfile.Profile | None = None) -> Spent:
    """From the first turn to the last mail that the server took, with every row that stands for it."""
    from config.kernel import clock
    from config.kernel.jobs.execution import run_dispatched
    from notifications.models import CampaignRecipient, Delivery, Job
    from notifications.services.campaigns.turns import give_turns
    from tests.factories.notifications import CampaignFactory, CampaignRecipientFactory
    from tests.notifications.templates_in_force import VALUES

    # Nobody waits for the pace here: what is measured is the work.
    campaign = CampaignFactory(running=True, people=len(people), values=VALUES, per_minute=10**7)
    CampaignRecipient.objects.bulk_create(
        CampaignRecipientFactory.build(campaign=campaign, user_id=user_id, position=number)
        for number, user_id in enumerate(people)
    )
    if profile:
        profile.enable()
    begun, spent = time.perf_counter(), time.process_time()
    while give_turns(campaign.id):
        continue
    while due := Job.objects.filter(state="QUEUED", run_after__lte=clock.now()).values_list("id", "queue").first():
        run_dispatched("notifications", *due)
    took = time.perf_counter() - begun, time.process_time() - spent
    if profile:
        profile.disable()
    sent = Delivery.objects.filter(campaign_id=campaign.id, state="SENT").count()
    assert sent == len(people), f"{sent} of {len(people)} were sent"
    return took


def _pipelined(port: int) -> Spent:
    """The limit: each mail rendered and written, its commands behind the last byte of the one before."""
    from jinja2 import Environment

    jinja = Environment(autoescape=False, newline_sequence="\r\n", keep_trailing_newline=True)
    template = jinja.from_string(_mail_as_template())
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answers = line.makefile("rb")
    answers.readline()
    line.sendall(b"EHLO bench\r\n")
    while answers.readline()[3:4] == b"-":
        continue
    begun, spent = time.perf_counter(), time.process_time()
    more = b"MAIL FROM:<a@x.example>\r\nRCPT TO:<p%d@x.example>\r\nDATA\r\n"
    line.sendall(more % 0)
    for number in range(PEOPLE):
        key = str(uuid4())
        mail = template.render(address=f"p{number}@x.example", key=key, stop=f"https://x.example/u/{key}")
        for _ in range(3):
            answers.readline()
        line.sendall(mail.encode() + (more % (number + 1) if number + 1 < PEOPLE else b""))
        assert answers.readline().startswith(b"250")
    took = time.perf_counter() - begun, time.process_time() - spent
    line.close()
    return took


def _mail_as_template() -> str:
    """A campaign's mail as it goes over the wire, with places for what is each person's own."""
    from dataclasses import replace

    from notifications.adapters.email.message_content import posting_of

    mail = replace(
        _outward(), address="ADDRESS@x.example", message_id="KEY", unsubscribe_url="https://x.example/u/STOP"
    )
    text = posting_of(mail).content.decode()
    places = {"ADDRESS@x.example": "{{ address }}", "KEY": "{{ key }}", "https://x.example/u/STOP": "{{ stop }}"}
    for mark, place in places.items():
        text = text.replace(mark, place)
    return text


def _outward() -> Any:
    """What the campaign says to one person."""
    from notifications.models import Delivery
    from notifications.services.deciding import facts_for
    from notifications.services.rendering import write

    row = Delivery.objects.select_related("notice").exclude(campaign_id=None).latest("id")
    return write(facts_for([row])[row.id]).outwards[0]


@contextmanager
def _post_office(port: int) -> Iterator[subprocess.Popen[str]]:
    """The peer's program, beside the same database server, with the words of the campaign."""
    from django.db import connections

    if not PEER_ENVIRONMENT.exists():
        venv.create(PEER_ENVIRONMENT, with_pip=True)
    pip = [PEER_ENVIRONMENT / "bin" / "pip", "install", "-q", "--require-hashes", "-r", PEERS / "post_office.txt"]
    subprocess.run(pip, check=True)
    held: Any = connections["default"].settings_dict
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE DATABASE post_office_peer")
    database = {name: held[name] for name in ("HOST", "PORT", "USER", "PASSWORD")} | {"NAME": "post_office_peer"}
    mail = _outward()
    words = {
        "subject": mail.subject,
        "text": mail.text.replace(mail.unsubscribe_url, "{{ stop }}"),
        "html": mail.html.replace(mail.unsubscribe_url, "{{ stop }}"),
    }
    given = {"PEER_DATABASE": json.dumps(database), "PEER_PORT": str(port), "PEER_WORDS": json.dumps(words)}
    command = [PEER_ENVIRONMENT / "bin" / "python", PEERS / "post_office_mails.py"]
    environment = {**os.environ, **given}
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=environment) as peer:
        assert peer.stdin is not None
        yield peer
        peer.stdin.close()


def _beside(peer: subprocess.Popen[str], people: int) -> Spent:
    assert peer.stdin is not None
    assert peer.stdout is not None
    peer.stdin.write(f"{people}\n")
    peer.stdin.flush()
    seconds, spent = json.loads(peer.stdout.readline())
    return seconds, spent


if __name__ == "__main__":
    sys.exit(main())
