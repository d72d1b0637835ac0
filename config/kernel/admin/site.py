"""The admin site: staff only, with a second factor, by a session that can be ended from elsewhere."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.core.exceptions import ImproperlyConfigured
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from unfold.sites import UnfoldAdminSite

from config.kernel.admin.base import PlatformModelAdmin
from config.kernel.admin.forms import SecondFactorForm
from config.kernel.admin.home import figures_for, queues_for
from config.kernel.auth import STAFF_ROLES, current_principal
from config.kernel.db import context_labels
from config.kernel.errors import DomainError, Unavailable
from config.kernel.ports import BROWSER_SIGN_IN, BROWSER_SIGN_OUT, PASSKEY_FORM

View = Callable[..., HttpResponseBase]


class PlatformAdminSite(UnfoldAdminSite):
    """Signs in by the ports ``BROWSER_SIGN_IN``, ``BROWSER_SIGN_OUT`` and ``PASSKEY_FORM``."""

    login_form = SecondFactorForm
    login_template = "kernel/admin_login.html"
    index_template = "kernel/admin_home.html"

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Only audited pages: a library's own page (TOTP secrets, groups) stays out, a context's is an error."""
        if admin_class is not None and issubclass(admin_class, PlatformModelAdmin):
            super().register(model_or_iterable, admin_class, **options)
            return
        models: list[Any] = [model_or_iterable] if isinstance(model_or_iterable, type) else list(model_or_iterable)
        ours = [model._meta.label for model in models if model._meta.app_label in context_labels()]
        if ours:
            raise ImproperlyConfigured(
                f"{', '.join(ours)}: derive the page from config.kernel.admin.PlatformModelAdmin."
            )

    def has_permission(self, request: HttpRequest) -> bool:
        """Staff whose session was opened with a second factor and has not ended."""
        principal = current_principal()
        return principal.is_staff_member and principal.mfa_at is not None

    def admin_view(self, view: View, cacheable: bool = False) -> View:
        """A refusal by a service is told on the page it was tried on; a page that cannot be audited is not shown."""
        inner = super().admin_view(view, cacheable)

        @wraps(inner)
        def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            try:
                return inner(request, *args, **kwargs)
            except Unavailable:
                return HttpResponse(render_to_string("kernel/503.html"), status=503, headers={"Retry-After": "5"})
            except DomainError as error:
                if request.method != "POST":
                    raise
                messages.error(request, error.detail)
                return HttpResponseRedirect(request.get_full_path())

        return answer

    @method_decorator(never_cache)
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """What waits for the caller, and figures; then the pages."""
        roles = current_principal().roles
        home = {"queues": queues_for(roles), "figures": figures_for(roles)}
        return super().index(request, home | (extra_context or {}))

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The sign-in page."""
        if self.has_permission(request):
            return HttpResponseRedirect(self._destination(request))
        form = SecondFactorForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                BROWSER_SIGN_IN.ask(request=request, **form.cleaned_data, any_of=STAFF_ROLES)
                return HttpResponseRedirect(self._destination(request))
            except DomainError as error:
                form.add_error(None, error.detail)
        context = {
            **self.each_context(request),
            "title": "Sign in",
            "subtitle": None,
            "app_path": request.get_full_path(),
            "form": form,
            "passkey_form": PASSKEY_FORM.ask,
            **(extra_context or {}),
        }
        return TemplateResponse(request, self.login_template, context)

    @method_decorator(never_cache)
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """End the session here and in the session list."""
        if request.method == "POST":
            BROWSER_SIGN_OUT.ask(request=request)
        return HttpResponseRedirect(reverse("admin:login", current_app=self.name))

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Not here: passwords are changed by a mailed link, under the platform's own rules."""
        raise Http404

    def _destination(self, request: HttpRequest) -> str:
        target = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
        safe = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
        return target if safe and "/login" not in target else reverse("admin:index", current_app=self.name)
