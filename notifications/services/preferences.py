"""What people want to be told, by which channel and at what hours, as they change it themselves."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from config.kernel.audit import record
from config.kernel.auth import Principal
from config.kernel.errors import FieldError, Invalid, PreconditionFailed, UnknownChoice
from config.kernel.time_zones import zone_names
from identity import services as identity
from notifications.db import atomic
from notifications.domain.categories import Choice
from notifications.domain.preference_changes import PreferenceChanges, form_changes, read_changes
from notifications.domain.preferences import Preferences, email_choices, grid, is_fixed
from notifications.models import ChannelPreference, DeliverySettings
from notifications.services.choices import choices_of
from notifications.services.waiting.held_deliveries import release_of_person

# Why mails of a kind end that a link in one of them ended.
BY_LINK = "unsubscribe_link"
# What the zone of an account is called while nobody has said it.
UNKNOWN = "UTC"


@dataclass(frozen=True, kw_only=True)
class PreferencesDTO:
    """All that holds for one person. ``email``: whether mails come beside those that always do."""

    email: bool
    choices: Mapping[str, Mapping[str, str]]
    quiet_hours: Mapping[str, str] | None
    digest_at: str
    time_zone: str | None
    version: int


def get_preferences(*, user_id: UUID) -> PreferencesDTO:
    """All that holds for one person."""
    return _dto(choices_of(user_ids=[user_id])[user_id], _zone(user_id))


def set_preferences(*, principal: Principal, changes: Any, expected_version: int | None = None) -> PreferencesDTO:
    """Change one's own; what is not named stays. ``UnknownChoice`` names everything that is wrong or unknown."""
    if not isinstance(changes, Mapping):
        raise Invalid("Send one JSON object.", errors=[FieldError("#", "invalid", "Send one JSON object.")])
    user_id = principal.require_user_id()
    zone = _zone(user_id)
    wanted = _read(changes, zone)
    return _dto(change_preferences(user_id=user_id, wanted=wanted, expected_version=expected_version), zone)


def set_preferences_by_form(*, principal: Principal, form: Mapping[str, str]) -> PreferencesDTO:
    """As ``set_preferences``, from a page that was shown at the version that it names; it may name the zone as well."""
    version, user_id = form.get("version", ""), principal.require_user_id()
    zone = _chosen_zone(form.get("time_zone", ""), _zone(user_id))
    wanted = _read(form_changes(form, shown=grid(choices_of(user_ids=[user_id])[user_id])), zone)
    expected = int(version) if version.isdecimal() and len(version) < 10 else None
    held = change_preferences(user_id=user_id, wanted=wanted, expected_version=expected)
    if zone != _zone(user_id):
        identity.update_profile(user_id=user_id, changes={"time_zone": zone or UNKNOWN})
        with atomic():
            release_of_person(user_id=user_id)
    return _dto(held, zone)


def change_preferences(
    *, user_id: UUID, wanted: PreferenceChanges, expected_version: int | None = None, why: str = "own"
) -> Preferences:
    """Write what differs, with its audit row; what waited by the former choice is looked at again."""
    with atomic():
        DeliverySettings.objects.get_or_create(user_id=user_id, defaults={"version": 0})
        row = DeliverySettings.objects.select_for_update().get(user_id=user_id)
        before = choices_of(user_ids=[user_id])[user_id]
        if expected_version is not None and expected_version != before.version:
            raise PreconditionFailed("Your preferences changed in the meantime; read them again.")
        chosen = _differing(before, wanted)
        hours = _hours(before, wanted)
        if not chosen and not hours:
            return before
        ChannelPreference.objects.bulk_create(
            (
                ChannelPreference(
                    user_id=user_id,
                    category=category,
                    channel=channel,
                    choice=value,
                    former=before.choice(category, channel),
                    by_link=why == BY_LINK,
                )
                for (category, channel), value in chosen.items()
            ),
            update_conflicts=True,
            unique_fields=["user_id", "category", "channel"],
            update_fields=["choice", "former", "by_link"],
        )
        for name, value in hours.items():
            setattr(row, name, value)
        row.version += 1
        row.save()
        record(
            context="notifications",
            action="preferences.change",
            patient_id=user_id,
            object_type="preferences",
            object_id=user_id,
            detail=_told(why, chosen, hours),
        )
        release_of_person(user_id=user_id)
        return choices_of(user_ids=[user_id])[user_id]


def set_email_preference(*, user_id: UUID, email: bool) -> None:
    """Whether mails come at all, beside those that always do."""
    change_preferences(user_id=user_id, wanted=PreferenceChanges(email=email))


def email_preference(*, user_id: UUID) -> bool:
    """Whether mails come at all, beside those that always do."""
    return choices_of(user_ids=[user_id])[user_id].email


def _differing(before: Preferences, wanted: PreferenceChanges) -> dict[tuple[str, str], Choice]:
    switched = {} if wanted.email is None else email_choices(before, wanted=wanted.email)
    asked = switched | dict(wanted.choices)
    return {
        place: value
        for place, value in asked.items()
        if before.choices.get(place) is not value and not is_fixed(*place)
    }


def _hours(before: Preferences, wanted: PreferenceChanges) -> dict[str, time | None]:
    after: dict[str, time | None] = {}
    if wanted.quiet_hours is not None:
        after["quiet_from"], after["quiet_to"] = wanted.quiet_hours or (None, None)
    if wanted.digest_at is not None:
        after["digest_at"] = wanted.digest_at
    return {name: value for name, value in after.items() if getattr(before, name) != value}


def _told(
    why: str, chosen: Mapping[tuple[str, str], Choice], hours: Mapping[str, time | None]
) -> dict[str, str | None]:
    """A change as the audit keeps it: codes and hours."""
    told: dict[str, str | None] = {"by": why}
    told |= {f"{category}.{channel}": value.value for (category, channel), value in chosen.items()}
    return told | {name: f"{value:%H:%M}" if value else None for name, value in hours.items()}


def _read(changes: Mapping[str, Any], zone: str | None) -> PreferenceChanges:
    wanted, faults = read_changes(changes, zone=zone)
    if faults:
        raise UnknownChoice(
            f"{faults[0].pointer}: {faults[0].advice}",
            code=faults[0].code,
            errors=[FieldError(one.pointer, one.code, one.advice) for one in faults],
        )
    return wanted


def _chosen_zone(chosen: str, before: str | None) -> str | None:
    """What a form says of the zone; without a word it stays."""
    if not chosen:
        return before
    if chosen not in zone_names():
        advice = "Choose a zone of the list."
        raise UnknownChoice(advice, errors=[FieldError("#/time_zone", "unknown_zone", advice)])
    return None if chosen == UNKNOWN else chosen


def _zone(user_id: UUID) -> str | None:
    contact = identity.contacts(user_ids=[user_id]).get(user_id)
    return contact.zone if contact else None


def _dto(held: Preferences, zone: str | None) -> PreferencesDTO:
    quiet = None
    if held.quiet_from is not None and held.quiet_to is not None:
        quiet = {"from": f"{held.quiet_from:%H:%M}", "to": f"{held.quiet_to:%H:%M}"}
    return PreferencesDTO(
        email=held.email,
        choices=grid(held),
        quiet_hours=quiet,
        digest_at=f"{held.digest_at:%H:%M}",
        time_zone=zone,
        version=held.version,
    )
