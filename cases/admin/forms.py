"""The forms with which staff steer a case."""

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from cases.services.assignment import CandidateDTO
from cases.services.intake import triage_choices
from cases.services.workflow import AllowedTransition
from config.kernel.conf import setting
from config.kernel.labels import label

_TRIAGE = {
    "urgency": "Urgency (triage)",
    "specialty": "Specialty (triage)",
    "service_type": "Service type (triage)",
    "red_flag_check": "Red-flag check (triage)",
    "legal_basis": "Legal basis (triage)",
}
_DATA = (
    "urgency",
    "specialty",
    "service_type",
    "red_flag_check",
    "legal_basis",
    "missing_item",
    "could_change",
    "decision",
    "emergency_advice_delivered",
)


def _text(title: str, longest: int) -> forms.CharField:
    return forms.CharField(label=title, max_length=longest, required=False, widget=UnfoldAdminTextInputWidget())


def _choice(title: str) -> forms.ChoiceField:
    return forms.ChoiceField(label=title, required=False, widget=UnfoldAdminSelectWidget())


def step_name(step: AllowedTransition) -> str:
    """A step as staff choose it, by the state that it leads to."""
    return label(step.to)


def _names_of(field: str) -> Callable[[], Mapping[str, str]]:
    return lambda: offered(field)


def offered(field: str) -> dict[str, str]:
    """What triage may choose in ``field``, by name; of services also whether a second specialist reviews them."""
    names = vars(triage_choices())[field]
    reviewed = setting("PEER_REVIEWED_SERVICES") if field == "service_type" else ()
    return {key: f"{name} (with peer review)" if key in reviewed else name for key, name in names.items()}


# The names of what triage chose, for pages; the lists are known once all contexts are loaded.
TRIAGE_NAMES = MappingProxyType({field: _names_of(field) for field in _TRIAGE})


class StepForm(forms.Form):
    """One step, with what its guards ask for."""

    to = forms.ChoiceField(label="Step", widget=UnfoldAdminSelectWidget())
    reason = forms.CharField(max_length=2000, required=False, widget=UnfoldAdminTextareaWidget({"rows": 2}))
    urgency = _choice(_TRIAGE["urgency"])
    specialty = _choice(_TRIAGE["specialty"])
    service_type = _choice(_TRIAGE["service_type"])
    red_flag_check = _choice(_TRIAGE["red_flag_check"])
    legal_basis = _choice(_TRIAGE["legal_basis"])
    missing_item = _text("Record that is missing", 300)
    could_change = _text("What it could change in the answer", 1000)
    decision = _text("Decision (adjudication)", 2000)
    emergency_advice_delivered = forms.BooleanField(label="The emergency advice was given", required=False)
    version = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, steps: Sequence[AllowedTransition], **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["to"]
        choice.choices = [("", "—"), *((step.id, step_name(step)) for step in steps)]
        for name in _TRIAGE:
            field: Any = self.fields[name]
            field.choices = [("", "—"), *offered(name).items()]

    def details(self) -> dict[str, Any]:
        """What goes into the step's data: only what was filled in."""
        return {name: self.cleaned_data[name] for name in _DATA if self.cleaned_data[name]}


class OfferForm(forms.Form):
    """To whom the case is offered."""

    professional_id = forms.ChoiceField(label="Specialist", widget=UnfoldAdminSelectWidget())

    def __init__(self, *args: Any, candidates: Sequence[CandidateDTO], **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["professional_id"]
        choice.choices = [
            (str(c.professional_id), f"{c.display_name} ({c.score:.0f}): {'; '.join(c.reasons)}") for c in candidates
        ]


class WaiveForm(forms.Form):
    """Which record the case goes on without, and why."""

    code = forms.ChoiceField(label="Record", widget=UnfoldAdminSelectWidget())
    reason = forms.CharField(max_length=300, widget=UnfoldAdminTextInputWidget())

    def __init__(self, *args: Any, codes: Sequence[str], **options: Any) -> None:
        super().__init__(*args, **options)
        choice: Any = self.fields["code"]
        choice.choices = [(code, label(code)) for code in codes]


class SettleForm(forms.Form):
    """Whose document it is."""

    belongs = forms.ChoiceField(
        label="Whose is it?",
        choices=[("yes", "this patient's"), ("no", "another person's")],
        widget=UnfoldAdminSelectWidget(),
    )
    reason = forms.CharField(max_length=300, required=False, widget=UnfoldAdminTextInputWidget())


class RecheckForm(forms.Form):
    """Whether a signed report stands."""

    stands = forms.ChoiceField(
        label="Does it stand?",
        choices=[("yes", "it stands"), ("no", "it is to be amended")],
        widget=UnfoldAdminSelectWidget(),
    )
    reason = forms.CharField(max_length=2000, widget=UnfoldAdminTextareaWidget({"rows": 2}))
