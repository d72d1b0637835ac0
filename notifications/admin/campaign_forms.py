"""The form on which a campaign is planned."""

from datetime import datetime
from typing import Any

from django import forms
from unfold.widgets import (
    UnfoldAdminSelectWidget,
    UnfoldAdminTextareaWidget,
    UnfoldAdminTextInputWidget,
    UnfoldBooleanWidget,
)

from config.kernel.auth import ROLES
from config.kernel.errors import DomainError, Invalid, Unprocessable
from config.kernel.labels import label, lowered
from notifications import services
from notifications.domain.categories import ChannelName

_LINE = UnfoldAdminTextInputWidget
_ANY = [("", "Whether or not they have one"), ("yes", "With an open case"), ("no", "Without an open case")]
_TIME = r"^([01]\d|2[0-3]):[0-5]\d$"


def _list(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


class PlanForm(forms.Form):
    """One text for everybody of an audience; what compares several texts is planned over the API."""

    name = forms.CharField(max_length=80, widget=_LINE(), help_text="For the staff; nobody else reads it.")
    template = forms.CharField(max_length=80, widget=_LINE(), help_text="The code of a published template.")
    values = forms.CharField(
        required=False,
        widget=UnfoldAdminTextareaWidget({"rows": 2}),
        help_text="What is filled in, one a line: count: 3",
    )
    roles = forms.CharField(
        required=False, widget=_LINE(), help_text=f"Of {', '.join(lowered(one) for one in sorted(ROLES))}; with commas."
    )
    locales = forms.CharField(required=False, widget=_LINE(), label="Languages", help_text="en, de, es")
    countries = forms.CharField(required=False, widget=_LINE(), help_text="DE, AT")
    zones = forms.CharField(required=False, widget=_LINE(), help_text="Europe/Berlin")
    specialties = forms.CharField(required=False, widget=_LINE(), help_text="Of specialists: cardiology")
    has_open_case = forms.ChoiceField(required=False, choices=_ANY, widget=UnfoldAdminSelectWidget(), label="Open case")
    starts_at = forms.CharField(max_length=16, widget=_LINE(), label="Begins at", help_text="2026-12-01T09:00")
    zone = forms.CharField(
        max_length=64, widget=_LINE(), initial="recipient", help_text='"recipient": by the clock where each of them is.'
    )
    window_from = forms.RegexField(_TIME, required=False, widget=_LINE(), label="Sent from", help_text="09:00")
    window_to = forms.RegexField(_TIME, required=False, widget=_LINE(), label="Sent until", help_text="18:00")
    per_minute = forms.IntegerField(
        min_value=1, max_value=10_000, initial=600, widget=_LINE({"inputmode": "numeric"}), label="Messages a minute"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for channel in ChannelName:
            self.fields[f"by_{channel}"] = forms.BooleanField(
                required=False,
                label=f"By {label(channel).lower()}",
                initial=channel is ChannelName.EMAIL,
                widget=UnfoldBooleanWidget(),
            )

    def clean_starts_at(self) -> datetime:
        """A wall time."""
        try:
            return datetime.strptime(self.cleaned_data["starts_at"], "%Y-%m-%dT%H:%M")  # noqa: DTZ007  a zone stands beside it
        except ValueError:
            raise forms.ValidationError("Write it like 2026-12-01T09:00, without a zone.") from None

    def plan(self) -> services.CampaignPlan:
        """What was asked for."""
        said = self.cleaned_data
        audience: dict[str, Any] = {
            name: list(_list(said[name])) for name in ("roles", "locales", "countries", "zones", "specialties")
        }
        # Medical director is medical_director: the page names roles in words.
        audience["roles"] = [role.lower().replace(" ", "_") for role in audience["roles"]]
        audience = {name: value for name, value in audience.items() if value}
        if said["has_open_case"]:
            audience["has_open_case"] = said["has_open_case"] == "yes"
        return services.CampaignPlan(
            name=said["name"],
            template=said["template"].strip(),
            channels=tuple(channel.value for channel in ChannelName if said[f"by_{channel}"]),
            values=_values(said["values"]),
            audience=audience,
            starts_at=said["starts_at"],
            zone=said["zone"].strip(),
            per_minute=said["per_minute"],
            window_from=said["window_from"],
            window_to=said["window_to"],
        )

    def take(self, refusal: DomainError) -> None:
        """Say what the service refused at the fields that it is about."""
        faults = refusal.errors if isinstance(refusal, Invalid | Unprocessable) else ()
        for fault in faults:
            parts = [part for part in fault.pointer.removeprefix("#/").split("/") if part in self.fields]
            self.add_error(parts[-1] if parts else None, fault.detail)
        if not faults:
            self.add_error(None, refusal.detail)


def _values(written: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for line in written.splitlines():
        name, colon, value = (part.strip() for part in line.partition(":"))
        if colon:
            found[name] = int(value) if value.isdecimal() else value
    return found
