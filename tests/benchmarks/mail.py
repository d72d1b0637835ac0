"""What a mail of a campaign costs beside the bytes themselves: ``make bench W=mail``.

One process serves a campaign from turns to the last mail, against the same bytes on one pipelined connection to the
same server, which takes them and keeps nothing. ``SOP_PROFILE=1`` prints where the time of one mail goes.
"""

from __future__ import annotations

import cProfile
import os
import pstats
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import UUID

PEOPLE, ROUNDS, LIMIT = int(os.environ.get("SOP_MAIL_PEOPLE", "1000")), 3, 0.4
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


def main() -> int:
    """Prints the table; the status says whether the target is met."""
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
    _campaign(people[:100])  # by now everything is loaded and every statement prepared
    ours, bare, spent = [], [], []
    for _ in range(ROUNDS):
        rate, processor = _campaign(people)
        ours.append(rate)
        spent.append(processor)
        bare.append(_pipelined(port))
    if os.environ.get("SOP_PROFILE"):
        profile = cProfile.Profile()
        profile.runcall(_campaign, people)
        pstats.Stats(profile, stream=sys.stdout).sort_stats(os.environ["SOP_PROFILE"]).print_stats(70)
    share = statistics.median(ours) / statistics.median(bare)
    sys.stdout.write(f"| {PEOPLE:,} people, {ROUNDS} rounds by turns | mails/s | × the limit | |\n|---|---|---|---|\n")
    sys.stdout.write(f"| pipelined connection, same bytes | {statistics.median(bare):,.0f} | 1 | |\n")
    verdict = "met" if share >= LIMIT else "missed"
    sys.stdout.write(f"| campaign, one process | {statistics.median(ours):,.0f} | {share:.2f} | {verdict} |\n")
    sys.stdout.write(f"| processor time of it, ms a mail | {statistics.median(spent):.1f} | | |\n")
    sys.stdout.write(f"| target | | ≥ {LIMIT} | load {os.getloadavg()[0]:.1f} |\n")
    return 0 if share >= LIMIT else 1


def _campaign(people: list[UUID]) -> tuple[float, float]:
    """Mails a second, from the first turn to the last mail that the server took, with every row that stands for it;
    and the processor's milliseconds that this process spent on one.
    """
    from config.kernel import clock
    from config.kernel.jobs.execution import run_dispatched
    from notifications.models import Delivery, Job
    from notifications.services.campaigns.turns import give_turns
    from tests.factories.notifications import CampaignFactory, CampaignRecipientFactory
    from tests.notifications.templates_in_force import VALUES

    campaign = CampaignFactory(running=True, people=len(people), values=VALUES, per_minute=10**7)
    for number, user_id in enumerate(people):
        CampaignRecipientFactory(campaign=campaign, user_id=user_id, position=number)
    begun, spent = time.perf_counter(), time.process_time()
    while give_turns(campaign.id):
        continue
    while due := Job.objects.filter(state="QUEUED", run_after__lte=clock.now()).values_list("id", "queue").first():
        run_dispatched("notifications", *due)
    seconds, spent = time.perf_counter() - begun, time.process_time() - spent
    sent = Delivery.objects.filter(campaign_id=campaign.id, state="SENT").count()
    assert sent == len(people), f"{sent} of {len(people)} were sent"
    return len(people) / seconds, spent * 1000 / len(people)


def _pipelined(port: int) -> float:
    """The limit: nothing but bytes, three commands in one write."""
    body = _bytes_of_a_mail()
    line = socket.create_connection(("127.0.0.1", port))
    line.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    answers = line.makefile("rb")
    answers.readline()
    line.sendall(b"EHLO bench\r\n")
    while answers.readline()[3:4] == b"-":
        continue
    begun = time.perf_counter()
    for number in range(PEOPLE):
        line.sendall(b"MAIL FROM:<a@x.example>\r\nRCPT TO:<p%d@x.example>\r\nDATA\r\n" % number)
        for _ in range(3):
            answers.readline()
        line.sendall(body)
        assert answers.readline().startswith(b"250")
    seconds = time.perf_counter() - begun
    line.close()
    return PEOPLE / seconds


def _bytes_of_a_mail() -> bytes:
    from notifications.adapters.email.message_content import posting_of
    from tests.notifications.provider_cases import MAILBOX, outward

    return posting_of(outward(MAILBOX)).content


if __name__ == "__main__":
    sys.exit(main())
