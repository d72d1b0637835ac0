"""Small helpers of the dashboard's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

register = template.Library()
_STATES = {
    "MATCHING": _("on offer"),
    "IN_REVIEW": _("in review"),
    "CLARIFICATION": _("waits for the patient"),
    "PEER_REVIEW": _("in peer review"),
    "ADJUDICATION": _("with the medical director"),
    "READY_TO_SIGN": _("ready to sign"),
    "SIGNED": _("signed"),
    "DELIVERED": _("delivered"),
    "FOLLOW_UP": _("in follow-up"),
    "COLLECTING_RECORDS": _("waits for records"),
}


@register.filter
def words(code: Any) -> str:
    """``internal_medicine`` → ``internal medicine``."""
    return gettext(str(code).replace("_", " ").lower())


@register.filter
def state(code: str) -> str:
    """A case state as people say it."""
    return str(_STATES[code]) if code in _STATES else words(code)


@register.filter
def percent(share: float) -> str:
    """0.85 → ``85 %``."""
    return f"{share * 100:.0f} %"


@register.simple_tag
def field(name: str, label: str, draft: Mapping[str, Any], rows: int) -> SafeString:
    """One labelled text area of the opinion form."""
    return format_html(
        '<div class="field"><label for="{0}">{1}</label><textarea id="{0}" name="{0}" rows="{2}">{3}</textarea></div>',
        name,
        label,
        rows,
        draft.get(name) or "",
    )
