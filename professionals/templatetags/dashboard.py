"""Small helpers of the dashboard's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from professionals.dashboard.wording import state, words

register = template.Library()
register.filter(words)
register.filter(state)


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
