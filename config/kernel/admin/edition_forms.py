"""The forms of the versions' pages."""

from collections.abc import Mapping
from typing import Any

import orjson
from django import forms
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextareaWidget, UnfoldAdminTextInputWidget

from config.kernel.editions import Body, EditionField, Kind
from config.kernel.editions.versions_in_force import written
from config.kernel.labels import label


class BeginForm(forms.Form):
    """Of what a new version is begun: one that is there, or a new code of a kind that takes new ones."""

    what = forms.ChoiceField(label="What", widget=UnfoldAdminSelectWidget())
    code = forms.CharField(
        label="Code of something new", max_length=80, required=False, widget=UnfoldAdminTextInputWidget()
    )

    def __init__(self, *args: Any, kinds: Mapping[str, Kind], **options: Any) -> None:
        super().__init__(*args, **options)
        self.kinds = kinds
        what: Any = self.fields["what"]
        what.choices = [(kind.title, self._of(kind)) for kind in kinds.values()]
        self.fields["code"].help_text = " ".join(kind.code_help for kind in kinds.values() if kind.code_help)
        if not any(kind.code_help for kind in kinds.values()):
            del self.fields["code"]

    def _of(self, kind: Kind) -> list[tuple[str, str]]:
        found = [(f"{kind.name} {code}", label(code)) for code in kind.codes()]
        return [*found, (f"{kind.name} ", "something new (give its code)")] if kind.code_help else found

    def chosen(self) -> tuple[Kind, str]:
        """The kind and the code."""
        name, _, code = self.cleaned_data["what"].partition(" ")
        return self.kinds[name], code or self.cleaned_data.get("code", "")


class DraftForm(forms.Form):
    """The content: a field for each part, or the whole as JSON."""

    note = forms.CharField(
        label="What is new, and why", max_length=300, required=False, widget=UnfoldAdminTextInputWidget()
    )

    def __init__(self, data: Any, *, kind: Kind, row: Any) -> None:
        parts = kind.fields(row.code)
        initial: dict[str, Any] = {"note": row.note, **{one.name: row.body.get(one.name, "") for one in parts}}
        if not parts:
            initial["body"] = written(row.body)
        super().__init__(data, initial=initial)
        self.parts = parts
        for one in parts:
            self.fields[one.name] = _field(one)
        if not parts:
            area = UnfoldAdminTextareaWidget({"rows": 30, "spellcheck": "false"})
            self.fields["body"] = forms.CharField(label="Content (JSON)", strip=False, widget=area)

    def clean_body(self) -> Body:
        """The JSON, or where it breaks."""
        try:
            read = orjson.loads(self.cleaned_data["body"])
        except orjson.JSONDecodeError as error:
            raise forms.ValidationError(f"Line {error.lineno}, column {error.colno}: {error.msg}.") from None
        if not isinstance(read, dict):
            raise forms.ValidationError("Write one JSON object: { … }.")
        return read

    def body(self) -> Body:
        """What was written."""
        if not self.parts:
            whole: Body = self.cleaned_data["body"]
            return whole
        # Browsers end the lines of a text area with CR LF; a version that differs in that alone is the same.
        return {one.name: self.cleaned_data[one.name].replace("\r\n", "\n") for one in self.parts}


class RetireForm(forms.Form):
    """Why it counts no longer."""

    reason = forms.CharField(label="Why it is retired", max_length=300, widget=UnfoldAdminTextInputWidget())


def _field(one: EditionField) -> forms.Field:
    common: dict[str, Any] = {"label": one.label, "required": False, "help_text": one.help}
    if one.choices:
        return forms.ChoiceField(choices=one.choices, widget=UnfoldAdminSelectWidget(), **common)
    widget = UnfoldAdminTextareaWidget({"rows": one.rows}) if one.rows > 1 else UnfoldAdminTextInputWidget()
    return forms.CharField(max_length=one.longest, widget=widget, **common)
