"""The sign-in form of the staff's admin."""

from typing import Any

from django import forms
from unfold.widgets import BASE_INPUT_CLASSES

_CLASS = " ".join(BASE_INPUT_CLASSES)


class CodeInput(forms.TextInput):
    """Never shows what was typed before: a code is used once."""

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """Without the value."""
        return super().get_context(name, None, attrs)


class SecondFactorForm(forms.Form):
    """Address, password and second factor in one step, so that no answer tells which of them was wrong."""

    email = forms.EmailField(
        label="E-mail address",
        max_length=254,
        widget=forms.EmailInput(attrs={"class": _CLASS, "autocomplete": "username", "autofocus": True}),
    )
    password = forms.CharField(
        max_length=512,
        strip=False,
        widget=forms.PasswordInput(attrs={"class": _CLASS, "autocomplete": "current-password"}),
    )
    code = forms.CharField(
        label="Code of the authenticator app, or a recovery code",
        max_length=40,
        widget=CodeInput(attrs={"class": _CLASS, "autocomplete": "one-time-code"}),
    )
