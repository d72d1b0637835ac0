"""The desk of a version: write, check, compare, preview, publish, retire. One page for every kind of content."""

from collections.abc import Callable, Mapping
from typing import Any, ClassVar
from uuid import UUID

from django.apps import apps
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.html import format_html_join
from unfold.decorators import action

from config.kernel import editions
from config.kernel.admin.audited_pages import audited
from config.kernel.admin.base import PlatformModelAdmin, short_id
from config.kernel.admin.edition_forms import BeginForm, DraftForm, RetireForm
from config.kernel.admin.refusals import tell_refusal
from config.kernel.auth import STAFF_ROLES, current_principal
from config.kernel.editions import Body, Kind
from config.kernel.editions.kinds import STAFF_WRITERS
from config.kernel.editions.states import EditionState
from config.kernel.editions.versions_in_force import before, written
from config.kernel.errors import DomainError
from config.kernel.labels import label

_DONE = {
    "save": "The draft is kept. A second person publishes it.",
    "publish": "It is in force.",
    "retire": "It is out of force.",
    "discard": "The draft was given up; it stays readable.",
}


class EditionAdmin(PlatformModelAdmin):
    """Versions of what staff write for everybody."""

    view_roles = STAFF_ROLES
    act_roles = STAFF_WRITERS
    kinds: ClassVar[Mapping[str, Kind]] = {}
    id_search = ("id",)
    code_search = ("code",)
    as_written = frozenset({"note", "sha256", "writers", "retired_because", "content"})
    list_display = ("code", "kind", "number", "state", "written_at", "publisher", "published_at")
    list_filter = ("kind", "state")
    fields = readonly_fields = (
        "kind",
        "code",
        "number",
        "state",
        "note",
        "sha256",
        "writers",
        "written_at",
        "published_by",
        "published_at",
        "retired_by",
        "retired_at",
        "retired_because",
        "content",
    )
    actions_list = ("begin",)
    actions_detail = ("desk",)

    @admin.display(description="Published by")
    def publisher(self, row: Any) -> str:
        """The id's end."""
        return short_id(row.published_by)

    @admin.display(description="Content")
    def content(self, row: Any) -> str:
        """Field by field; the desk shows what differs and a preview."""
        kind = self.kinds.get(row.kind)
        lines = in_words(kind, row.code, row.body) if kind else written(row.body).splitlines()
        return format_html_join("", '<p class="whitespace-pre-wrap break-words">{}</p>', ((line,) for line in lines))

    @action(description="Write a new version…", url_path="begin", permissions=["act"])
    def begin(self, request: HttpRequest) -> HttpResponse:
        """Choose what to write a new version of."""
        form = BeginForm(request.POST or None, kinds=self.kinds)
        if request.method == "POST" and form.is_valid():
            kind, code = form.chosen()
            try:
                row = editions.start(kind=kind, principal=current_principal(), code=code)
                return HttpResponseRedirect(f"../{row}/desk/")
            except DomainError as refusal:
                messages.error(request, refusal.detail)
        audited(self.context_label, "list", "edition")
        return self._page(request, "begin", {"title": "Write a new version", "form": form})

    @action(description="Write, compare, publish…", url_path="desk", permissions=["act"])
    def desk(self, request: HttpRequest, object_id: str) -> HttpResponse:
        """The page of one version."""
        row = self.get_object(request, object_id)
        if row is None or row.kind not in self.kinds:
            messages.error(request, "There is no such version.")
            return HttpResponseRedirect("../../")
        kind = self.kinds[row.kind]
        draft = DraftForm(_sent(request, "save"), kind=kind, row=row)
        forms: dict[str, Any] = {"save": draft} if row.state == EditionState.DRAFT else {}
        retire = RetireForm(_sent(request, "retire"))
        if row.state == EditionState.PUBLISHED:
            forms["retire"] = retire
        if request.method == "POST" and _act(request, kind, row, draft, retire):
            return HttpResponseRedirect(request.get_full_path())
        audited(self.context_label, "read", "edition", row.id)
        return self._page(request, "desk", _content(kind, row) | {"forms": forms, "row": row, "kind": kind})

    def _page(self, request: HttpRequest, name: str, content: dict[str, Any]) -> HttpResponse:
        context = {**self.admin_site.each_context(request), **content}
        return TemplateResponse(request, f"kernel/editions/{name}.html", context)


def register_editions(context: str, *kinds: Kind) -> None:
    """Give the context's table of versions its page."""
    page = type("EditionAdmin", (EditionAdmin,), {"kinds": {kind.name: kind for kind in kinds}})
    admin.site.register(apps.get_model(context, "Edition"), page)


def _content(kind: Kind, row: Any) -> dict[str, Any]:
    draft = row.state == EditionState.DRAFT
    problems = tuple(kind.check(row.code, row.body)) if draft else ()
    older = before(kind, row.code) if draft else _followed(kind, row)
    me = str(current_principal().user_id)
    named = {one.name: one.label for one in kind.fields(row.code)}
    return {
        "title": f"{kind.title}: {label(row.code)}, version {row.number} · {label(row.state)}",
        "problems": [(named.get(one.where, one.where), one.advice) for one in problems],
        "differences": editions.differences(older, row.body, show=lambda body: in_words(kind, row.code, body)),
        "shown": () if problems else tuple(kind.preview(row.code, row.body)),
        "mine": me in row.writers,
        "may_publish": draft and not problems and me not in row.writers,
    }


def in_words(kind: Kind, code: str, body: Body) -> list[str]:
    """A body line by line, each with the name of its field; as JSON where the kind has no fields."""
    fields = kind.fields(code)
    if not fields:
        return written(body).splitlines()
    found = []
    for one in fields:
        value = body.get(one.name)
        said = dict(one.choices).get(str(value), str(value)) if value not in (None, "") else ""
        found += [f"{one.label}: {line}" for line in said.splitlines()]
    return found


def _followed(kind: Kind, row: Any) -> dict[str, Any] | None:
    """What a published version replaced: the published one before it, else the release's."""
    older = type(row).objects.filter(kind=row.kind, code=row.code, number__lt=row.number, state=EditionState.RETIRED)
    last = older.order_by("-number").first()
    return last.body if last else kind.shipped(row.code)


def _sent(request: HttpRequest, name: str) -> Any:
    return request.POST if request.method == "POST" and request.POST.get("form") == name else None


def _act(request: HttpRequest, kind: Kind, row: Any, draft: DraftForm, retire: RetireForm) -> bool:
    who: dict[str, Any] = {"kind": kind, "principal": current_principal(), "edition_id": UUID(str(row.id))}
    form = request.POST.get("form", "")
    version = int(request.POST.get("version") or 0) if request.POST.get("version", "").isdigit() else 0
    acts: dict[str, Callable[[], None]] = {
        "publish": lambda: editions.publish(**who, version=version),
        "discard": lambda: editions.discard(**who),
    }
    if draft.is_bound and draft.is_valid():
        acts["save"] = lambda: editions.save(**who, version=version, body=draft.body(), note=draft.cleaned_data["note"])
    if retire.is_bound and retire.is_valid():
        acts["retire"] = lambda: editions.retire(**who, reason=retire.cleaned_data["reason"])
    if form == "discard" and request.POST.get("sure") != "1":
        messages.error(request, "Say that you mean it: a draft that was given up is not written on.")
        return False
    if form not in acts:
        return False
    try:
        acts[form]()
    except DomainError as refusal:
        tell_refusal(request, refusal)
        return False
    _tell(request, kind, row, form)
    return True


def _tell(request: HttpRequest, kind: Kind, row: Any, form: str) -> None:
    """What was done; a draft that still has faults is no success to be shown in green."""
    if form == "save":
        row.refresh_from_db()
        if problems := len(tuple(kind.check(row.code, row.body))):
            messages.warning(request, f"The draft is kept. {problems} problem(s) stand against publishing it.")
            return
    messages.success(request, _DONE[form])
