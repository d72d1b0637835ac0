"""A specialist's own figures, and whether they are shown to others."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from config.kernel.auth import Principal
from config.kernel.errors import DomainError
from professionals import services
from professionals.dashboard import charts
from professionals.dashboard.pages import caller, page, show_page, status_of
from professionals.domain.publication_machines import PublicationState

HOME = "/dashboard/practice/statistics"
PUBLICATION = {
    "NONE": gettext_lazy("Only you and the medical director see these figures."),
    PublicationState.PROPOSED: gettext_lazy("You agreed to show figures; the medical director has not decided yet."),
    PublicationState.PUBLISHED: gettext_lazy("The figures that you agreed to are shown with your profile."),
    PublicationState.REJECTED: gettext_lazy("The medical director did not let the figures through; nothing is shown."),
    PublicationState.WITHDRAWN: gettext_lazy("You withdrew the figures; nothing is shown."),
}
NAMES = {
    "signed": gettext_lazy("Signed opinions"),
    "turnaround_days": gettext_lazy("Days from acceptance to signature"),
    "amendment_rate": gettext_lazy("Share that was amended"),
    "agreement_rate": gettext_lazy("Share that agrees with the diagnosis"),
    "service_score": gettext_lazy("Rating of the service, 1 to 5"),
    "brier": gettext_lazy("Brier score of the confidence"),
}


@require_GET
@page
def statistics(request: HttpRequest) -> HttpResponse:
    """The page."""
    return _show(request)


@require_POST
@page
def propose(request: HttpRequest) -> HttpResponse:
    """Agree to show them."""
    return _done(request, services.propose_figures)


@require_POST
@page
def withdraw(request: HttpRequest) -> HttpResponse:
    """Show them no more."""
    return _done(request, services.withdraw_figures)


def _done(request: HttpRequest, act: Callable[..., services.PublicationDTO]) -> HttpResponse:
    who: Principal = caller()
    try:
        act(principal=who)
    except DomainError as refusal:
        return _show(request, refusal)
    messages.success(request, _("Saved."))
    return redirect(HOME)


def _show(request: HttpRequest, refusal: DomainError | None = None) -> HttpResponse:
    who = caller()
    profile = services.get_by_user(user_id=who.require_user_id())
    held = services.get_statistics(principal=who, professional_id=profile.id)
    publication = services.get_publication(principal=who)
    context = {
        "figures": held,
        "publication": publication,
        "stands": PUBLICATION[publication.state],
        "shown": [(NAMES[name], value) for name, value in publication.figures.items()],
        "could_show": [NAMES[name] for name in publication.could_show],
        "line": charts.turnaround(held["months"]),
        "diagnosis": charts.bars(held["diagnosis_agreement"]),
        "treatment": charts.bars(held["treatment_agreement"]),
        "dots": charts.calibration(held["calibration"]),
        "size": {"width": charts.WIDTH, "height": charts.HEIGHT, "side": charts.SIDE, "bar": charts.BAR},
        "refusal": refusal,
    }
    return show_page(request, "dashboard/statistics.html", context, status=status_of(refusal) if refusal else 200)
