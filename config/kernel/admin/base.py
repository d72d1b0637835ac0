"""The base of every admin page: who may see it is said by role, every view is audited, nothing changes by default."""

from collections.abc import Sequence
from typing import Any, ClassVar
from uuid import UUID

from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from unfold.admin import ModelAdmin, TabularInline

from config.kernel.admin.audited_pages import as_uuid, audited
from config.kernel.admin.bounded_count import BoundedPaginator
from config.kernel.admin.bounds import BoundedChangeList
from config.kernel.admin.code_labels import Labelled, filter_of
from config.kernel.admin.facets import begins_with, facet_of, is_coded
from config.kernel.admin.index_orders import leads
from config.kernel.auth import STAFF_ROLES, current_principal


def short_id(value: UUID | None) -> str:
    """The last block of an id: enough to tell rows apart in a list."""
    return f"…{str(value)[-12:]}" if value else "—"


class PlatformModelAdmin(Labelled, ModelAdmin):
    """Read-only, for the roles in ``view_roles``; acting needs one of ``act_roles`` and a fresh-enough session.

    Search is by whole ids (``id_search``) or by the start of coded fields (``code_search``), as they are stored or as
    they are shown: never by a person's name. Codes are shown by their labels (``Labelled``).
    """

    view_roles: ClassVar[frozenset[str]] = STAFF_ROLES
    act_roles: ClassVar[frozenset[str]] = frozenset({"administrator"})
    id_search: ClassVar[Sequence[str]] = ()
    code_search: ClassVar[Sequence[str]] = ()
    patient_field: ClassVar[str] = ""

    show_full_result_count = False
    paginator = BoundedPaginator
    list_per_page = 50
    list_filter_submit = False
    actions_on_bottom = False

    def __init__(self, model: type[Model], admin_site: Any) -> None:
        super().__init__(model, admin_site)
        # The search box appears only where search_fields is set; what it finds is decided below.
        self.search_fields = (*self.id_search, *self.code_search)

    @property
    def context_label(self) -> str:
        """The context whose schema holds the rows, and so their audit rows (Django's own tables: identity)."""
        from config.kernel.db import context_labels

        label = self.model._meta.app_label
        return label if label in context_labels() else "identity"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """By role."""
        return current_principal().has(*self.view_roles)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """By role."""
        return self.has_view_permission(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come from services, not from forms."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changes are actions that call services."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted by hand."""
        return False

    def has_act_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Whether the caller may use the page's actions (``@action(permissions=["act"])``)."""
        return current_principal().has(*self.act_roles)

    def get_list_filter(self, request: HttpRequest) -> Sequence[Any]:
        """The page's filters, by label, with values that are found without reading every row."""
        facets = [facet_of(self.model, named) for named in super().get_list_filter(request)]
        return [self._filter(facet) for facet in facets]

    def _filter(self, facet: Any) -> Any:
        name = facet[0] if isinstance(facet, tuple) else facet
        written = not isinstance(name, str) or name in self.as_written
        return facet if written else filter_of(self.model, facet, self.labels_of(name))

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        """By whole id, or by the start of a coded field; a wrong id finds nothing and breaks nothing."""
        if not search_term.strip():
            return queryset, False
        return queryset.filter(self._found(search_term.strip(), self.id_search, self.code_search)), False

    def search_by_index(self, queryset: QuerySet[Any], search_term: str) -> tuple[QuerySet[Any], bool]:
        """The rows of a search that indexes lead to, and whether these are all that it can find."""
        term = search_term.strip()
        asked = self.id_search if as_uuid(term) else ()
        ids = [name for name in asked if leads(self.model, self.model._meta.get_field(name).name, term)]
        codes = [name for name in self.code_search if is_coded(self.model, name)]
        is_all = (len(ids), len(codes)) == (len(asked), len(self.code_search))
        return queryset.filter(self._found(term, ids, codes)), is_all

    def _found(self, term: str, ids: Sequence[str], codes: Sequence[str]) -> Q:
        identifier, found = as_uuid(term), Q(pk__in=[])
        if identifier:
            for name in ids:
                found |= Q(**{name: identifier})
        for name in codes:
            found |= begins_with(self.model, name, term, self.labels_of(name))
        return found

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[BoundedChangeList]:
        """Lists whose pages cost the same however long they are."""
        return BoundedChangeList

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:
        """The list, audited."""
        if self.has_view_permission(request):
            audited(self.context_label, "list", self.opts.model_name or "")
        return super().changelist_view(request, extra_context)

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        """One row's page, audited with the patient it is about."""
        if object_id is not None and self.has_view_permission(request):
            row = self.get_object(request, object_id) if self.patient_field else None
            patient = as_uuid(getattr(row, self.patient_field, None)) if row is not None else None
            audited(self.context_label, "read", self.opts.model_name or "", object_id, patient_id=patient)
        return super().changeform_view(request, object_id, form_url, extra_context)


class PlatformTabularInline(Labelled, TabularInline):
    """Rows under another row's page: seen by whoever sees that page, changed by nobody."""

    extra = 0
    max_num = 0
    can_delete = False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """As the page around it."""
        return True

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Rows come from services."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Changes are actions that call services."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted by hand."""
        return False
