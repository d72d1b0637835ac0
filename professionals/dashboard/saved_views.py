"""Keeping, renaming and deleting views of the worklist."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from config.kernel.errors import DomainError, NotFound
from professionals import services
from professionals.dashboard.pages import caller, page
from professionals.dashboard.worklist_filters import chosen_in, query


@require_POST
@page
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters that are shown, under a name."""
    chosen = chosen_in(request.POST.dict())
    try:
        services.save_view(principal=caller(), name=request.POST.get("name", ""), chosen=chosen)
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect(query(chosen))


@require_POST
@page
def change(request: HttpRequest, view_id: UUID) -> HttpResponse:
    """Another name, or away with it."""
    try:
        if request.POST.get("do") == "delete":
            services.delete_view(principal=caller(), view_id=view_id)
        else:
            services.rename_view(principal=caller(), view_id=view_id, name=request.POST.get("name", ""))
    except NotFound:
        raise
    except DomainError as error:
        messages.error(request, error.detail)
    return redirect("/dashboard/")
