"""django-post-office (MIT) as it comes, for ``make bench W=mail``: the same words to as many people, rows kept.

A program of its own, in an environment of its own: each line of its input is a number of mails, each line of its output
the seconds that they took from the first row to the last mail, and the processor's. Told by the environment:
``PEER_DATABASE`` (JSON), ``PEER_PORT`` of the mail server, ``PEER_WORDS`` (JSON: subject, text, html).
"""

import json
import logging
import os
import sys
import tempfile
import time

import django
from django.conf import settings

WORDS = json.loads(os.environ["PEER_WORDS"])
settings.configure(
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", **json.loads(os.environ["PEER_DATABASE"])}},
    INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "post_office"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True}],
    EMAIL_BACKEND="post_office.EmailBackend",
    EMAIL_HOST="127.0.0.1",
    EMAIL_PORT=int(os.environ["PEER_PORT"]),
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
    SECRET_KEY=os.urandom(16).hex(),
    USE_TZ=True,
)
# Its lines for every batch are nobody's here.
logging.disable(logging.INFO)
django.setup()


def main() -> None:
    """Serve until the input ends."""
    from django.core.management import call_command
    from post_office.models import EmailTemplate

    call_command("migrate", verbosity=0)
    template = EmailTemplate(
        name="campaign", subject=WORDS["subject"], content=WORDS["text"], html_content=WORDS["html"]
    )
    template.save()
    for line in sys.stdin:
        print(json.dumps(_send(template, int(line))), flush=True)


def _send(template: object, people: int) -> list[float]:
    from post_office import mail
    from post_office.models import STATUS, Email

    lock = tempfile.mktemp(prefix="post-office-")
    begun, spent, before = time.perf_counter(), time.process_time(), Email.objects.filter(status=STATUS.sent).count()
    mail.send_many(
        [
            {
                "recipients": f"person{number}@example.org",
                "sender": "Second Opinion <no-reply@example.org>",
                "template": template,
                "context": {"stop": f"https://x.example/u/{number:044}"},
            }
            for number in range(people)
        ]
    )
    mail.send_queued_mail_until_done(lock, processes=1)
    took = [time.perf_counter() - begun, time.process_time() - spent]
    assert Email.objects.filter(status=STATUS.sent).count() - before == people
    return took


if __name__ == "__main__":
    main()
