"""``manage.py seed_demo``: demonstration accounts for a trial installation."""

import json
import secrets
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError

from config.kernel import clock
from config.kernel.auth import SYSTEM, Principal, acting_as
from config.kernel.conf import setting
from identity import services as identity
from professionals import services as professionals

PASSWORD = "demonstration only 7391"
STAFF = {
    "coordinator": "Clara Ortiz",
    "second_coordinator": "Carl Osei",
    "nurse": "Nora Lindqvist",
    "medical_director": "Dr. Martin Direktor",
    "administrator": "Ada Admin",
    "second_administrator": "Ben Admin",
}
SPECIALISTS = (
    ("specialist.de", "Dr. Sofia Brandt", "internal_medicine", ["de", "en"], "Charité-nahe Praxis", "DE", ""),
    ("specialist.us", "Dr. James Carter", "internal_medicine", ["en", "es"], "Bay Medical Group", "US", "CA"),
)


class Command(BaseCommand):
    """Makes each account once; running it again changes nothing and prints the same logins."""

    help = "Create demonstration accounts (embedded installations only) and print their logins."

    def handle(self, *args: Any, **options: Any) -> None:
        """Known passwords are for trial installations, so anything else is refused."""
        if not setting("EMBEDDED"):
            raise CommandError("Demonstration accounts are for embedded (trial) installations only.")
        path = Path(setting("DEMO_ACCOUNTS_FILE"))
        known: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
        with acting_as(SYSTEM):
            for name, full_name in STAFF.items():
                # A document in doubt is released by two coordinators, credentials by two administrators.
                role = name.removeprefix("second_")
                known[name] = self._account(name, full_name, role, known.get(name, {}))
            for entry in SPECIALISTS:
                known[entry[0]] = self._specialist(entry, known)
            known["patient"] = self._account("patient", "Paula Demo", "patient", known.get("patient", {}))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(known, indent=2))
        path.chmod(0o600)
        self._print(known)

    def _account(self, name: str, full_name: str, role: str, known: dict[str, Any]) -> dict[str, Any]:
        email = f"{name}@demo.example"
        account = identity.find_account(email=email)
        if account is None:
            account = identity.create_account(
                email=email,
                password=PASSWORD,
                full_name=full_name,
                roles=frozenset({role}),
                email_verified=True,
                country="DE",
            )
        return self._login(account, role, known)

    def _login(self, account: identity.AccountDTO, role: str, known: dict[str, Any]) -> dict[str, Any]:
        login = {"email": account.email, "password": PASSWORD, "role": role, "user_id": str(account.id)}
        if role == "patient":
            return login
        secret = known.get("totp") if known.get("user_id") == str(account.id) else None
        if secret is None or not account.mfa_enabled:
            secret = _base32()
            identity.seed_totp(user_id=account.id, secret=secret)
        return login | {"totp": secret}

    def _specialist(self, entry: tuple[Any, ...], known: dict[str, Any]) -> dict[str, Any]:
        name, full_name, specialty, languages, organisation, country, region = entry
        email = f"{name}@demo.example"
        account = identity.find_account(email=email)
        if account is None:
            profile = professionals.register_professional(
                email=email,
                password=PASSWORD,
                full_name=full_name,
                specialty=specialty,
                languages=languages,
                organisation=organisation,
                country=country,
                region=region,
                email_verified=True,
            )
            _verify(profile, country, region, known)
            account = identity.get_account(user_id=profile.user_id)
        profile = professionals.get_by_user(user_id=account.id)
        login = self._login(account, "professional", known.get(name, {}))
        return login | {"professional_id": str(profile.id), "place": f"{country}-{region}" if region else country}

    def _print(self, known: dict[str, Any]) -> None:
        self.stdout.write("Demonstration accounts (password for all: " + PASSWORD + ")")
        for name, login in known.items():
            second = f"   TOTP secret {login['totp']}" if "totp" in login else ""
            self.stdout.write(f"  {name:22} {login['email']:36}{second}")


def _verify(profile: professionals.ProfessionalDTO, country: str, region: str, known: dict[str, Any]) -> None:
    """The real way: the specialist submits, one administrator prepares, another decides."""
    today = clock.now().date()
    licence = professionals.LicenceInput(
        country=country,
        region=region,
        number=f"DEMO-{country}{region}-{profile.id.hex[-6:]}",
        body="Demonstration Medical Board",
        valid_from=today - timedelta(days=700),
        valid_to=today + timedelta(days=1100),
    )
    owner = Principal(user_id=profile.user_id, roles=frozenset({"professional"}))
    first, second = (
        Principal(user_id=UUID(known[name]["user_id"]), roles=frozenset({"administrator"}))
        for name in ("administrator", "second_administrator")
    )
    professionals.submit_credentials(principal=owner, licences=[licence])
    professionals.prepare_verification(
        principal=first, professional_id=profile.id, evidence="Demonstration: board register looked up"
    )
    professionals.decide_verification(principal=second, professional_id=profile.id, approve=True)


def _base32() -> str:
    return "".join(secrets.choice("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") for _ in range(32))
