"""Small helpers of the dashboard's templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils import formats
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from professionals.dashboard.coverage import edges
from professionals.dashboard.plots import day_of
from professionals.dashboard.words import DATE_MEANS, engine, named, state, words

register = template.Library()
register.filter(edges)
register.filter(words)
register.filter(state)
register.filter(named)
register.filter(engine)


@register.filter
def result_day(finding: Any) -> str:
    """When a result was taken, as its sheet says; what is not certain is quoted and no day."""
    found, printed = day_of(finding), str(finding.data.get("date_printed") or "")
    if found is None:
        return gettext("date not certain: “%s”") % printed if printed else gettext("date not printed")
    means = DATE_MEANS.get(str(finding.data.get("date_means") or ""))
    return f"{formats.date_format(found, 'j M Y')} ({means})" if means else formats.date_format(found, "j M Y")


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
