"""``python -m config.runtime.serving.preparation``: checks, database, static files, demo accounts, in one process.

One process because loading the project costs more than any of the steps when nothing is to be done.
"""

import argparse
import sys
import time

import django
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command
from django.core.management.base import SystemCheckError

from config.runtime.serving.start_requirements import refuse_unfit_servers


def main() -> None:
    """Carry out the steps asked for, in order, saying what each took."""
    parser = argparse.ArgumentParser(description=__doc__)
    for step in ("migrate", "standing", "static", "seed"):
        parser.add_argument(f"--{step}", action="store_true")
    wanted = parser.parse_args()
    django.setup()
    _refuse_failed_checks()
    if wanted.migrate:
        _step("migrations", "migrate_all", verbosity=0)
    if wanted.standing:
        _refuse_unfit_servers()
    if wanted.static:
        _step("static files", "collectstatic", interactive=False, verbosity=0)
    if wanted.seed:
        _step("demo accounts", "seed_demo")


def _refuse_failed_checks() -> None:
    """A command that is called, not typed, runs no system checks: nothing below would."""
    try:
        call_command("check", verbosity=0)
    except SystemCheckError as refusal:
        sys.exit(str(refusal))


def _refuse_unfit_servers() -> None:
    try:
        refuse_unfit_servers()
    except ImproperlyConfigured as refusal:
        sys.exit(str(refusal))


def _step(name: str, command: str, **options: object) -> None:
    begun = time.monotonic()
    call_command(command, **options)
    sys.stdout.write(f"{name}: done in {time.monotonic() - begun:.1f} s\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
