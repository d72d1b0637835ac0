"""What a client's program cannot do by the API: it asks for it by lines of JSON, and waits for the answer."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.core import mail

from config.kernel.auth import Principal
from config.kernel.due_work import drain
from identity import services as identity
from tests.cases.support import make_specialist, profile_id
from tests.factories import PASSWORD, make_person, totp_code, with_totp


class Backstage:
    """The people who are there already, the background work, the mailbox and the authenticators."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self._people = {
            "specialist": make_specialist(specialty="internal_medicine"),
            "nurse": make_person("nurse"),
            "coordinator": make_person("coordinator"),
        }
        for who in self._people.values():
            with_totp(who)

    def run(self, command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> None:
        """Run a client's program to its end; ``AssertionError`` with its words when it failed."""
        with (
            (folder / "errors.txt").open("w+") as errors,
            subprocess.Popen(
                command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors, text=True, env=environment
            ) as program,
        ):
            assert program.stdin
            assert program.stdout
            for line in program.stdout:
                program.stdin.write(json.dumps(self._answer(*json.loads(line))) + "\n")
                program.stdin.flush()
            status = program.wait()
            errors.seek(0)
            assert status == 0, f"after {self.steps}: {errors.read()[-4000:]}"

    def _answer(self, order: str, word: str = "") -> Any:
        match order:
            case "people":
                return {name: self._login(who) for name, who in self._people.items()}
            case "work":
                return drain()
            case "token":
                drain()
                return self._mailed_token(word)
            case "code":
                return totp_code()
            case "done":
                return self.steps.append(word)
        raise AssertionError(f"the client asks for {order}")

    def _login(self, who: Principal) -> dict[str, str]:
        assert who.user_id
        email = identity.get_account(user_id=who.user_id).email
        professional = {"professional_id": str(profile_id(who))} if "professional" in who.roles else {}
        return {"email": email, "password": PASSWORD, **professional}

    def _mailed_token(self, address: str) -> str:
        text = next(str(one.body) for one in reversed(mail.outbox) if address in one.to)
        found = re.search(r"#token=([\w-]+)", text)
        assert found, text
        return found[1]
