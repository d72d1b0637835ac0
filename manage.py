#!/usr/bin/env python
"""The project's command line."""

import os
import sys

# Django's commands that ask no server.
_SERVERLESS = ("check", "collectstatic", "compilemessages", "help", "makemessages", "spectacular", "version")


def main() -> int:
    """Run a command. Those before the settings need no database and no secret."""
    if sys.argv[1:2] == ["services"]:
        from config.runtime.embedded.command import main as services

        return services(sys.argv[2:])
    if sys.argv[1:2] == ["serve"]:
        from config.runtime.serving.command import main as serve

        return serve(sys.argv[2:])
    if sys.argv[1:2] == ["make_secrets"]:
        from config.kernel.management.make_secrets import main as make_secrets

        return make_secrets(sys.argv[2:])
    if sys.argv[1:2] == ["verify_report"]:
        from cases.management.verify_report import main as verify_report

        return verify_report(sys.argv[2:])
    settings = os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings.dev")
    if not set(sys.argv[1:2]) <= {*_SERVERLESS, "--help", "--version"}:
        from config.runtime.embedded import start_missing

        start_missing(settings)
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)
    return 0


if __name__ == "__main__":
    sys.exit(main())
