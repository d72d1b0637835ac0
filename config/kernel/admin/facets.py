"""The values that a list can be filtered by: each found by one step in the column's index."""

from typing import Any

from django.contrib.admin import AllValuesFieldListFilter
from django.db import connections, models

from config.kernel.db.router import alias_of
from config.kernel.labels import NONE, Labels, label

MAX_VALUES = 200


def leads_an_index(model: type[models.Model], field: Any) -> bool:
    """Whether rows are found by this column alone."""
    meta = model._meta
    whole = [index.fields for index in meta.indexes if index.fields and index.condition is None]
    unique = [one.fields for one in meta.constraints if isinstance(one, models.UniqueConstraint) and not one.condition]
    leaders = {fields[0].removeprefix("-") for fields in (*whole, *unique) if fields}
    return bool(field.db_index or field.unique or field.name in leaders)


def values_in(model: type[models.Model], field: Any) -> list[Any]:
    """The values of an indexed column, in order; as many steps as there are values, not as rows."""
    table, column = model._meta.db_table, field.column
    statement = (
        f'WITH RECURSIVE found AS ((SELECT min("{column}") AS value FROM "{table}") UNION ALL'
        f' (SELECT (SELECT min("{column}") FROM "{table}" WHERE "{column}" > found.value) FROM found'
        f" WHERE found.value IS NOT NULL)) SELECT value FROM found WHERE value IS NOT NULL LIMIT {MAX_VALUES}"
    )
    with connections[alias_of(model._meta.app_label)].cursor() as cursor:
        cursor.execute(statement)
        return [value for (value,) in cursor.fetchall()]


def is_coded(model: type[models.Model], name: str) -> bool:
    """Whether an index finds the rows whose column begins with some letters."""
    field = model._meta.get_field(name)
    return bool(getattr(field, "unique", False)) or leads_an_index(model, field)


def begins_with(model: type[models.Model], name: str, term: str, labels: Labels = NONE) -> models.Q:
    """The rows whose coded column begins with ``term``, as it is stored or shown, in small letters or large ones.

    They are found as the column's index finds them.
    """
    field = model._meta.get_field(name)
    if getattr(field, "unique", False):
        return models.Q(**{f"{name}__startswith": term}) | models.Q(**{f"{name}__startswith": term.upper()})
    known = values_in(model, field) if is_coded(model, name) else []
    if 0 < len(known) < MAX_VALUES:
        return models.Q(**{f"{name}__in": [one for one in known if _begins(one, term.lower(), labels)]})
    # ``Offer made`` is offer_made.
    stored = models.Q(**{f"{name}__istartswith": term.replace(" ", "_")}) if " " in term else models.Q()
    return models.Q(**{f"{name}__istartswith": term}) | stored


def _begins(value: Any, term: str, labels: Labels) -> bool:
    return str(value).lower().startswith(term) or label(value, labels).lower().startswith(term)


class IndexedValuesFilter(AllValuesFieldListFilter):
    """As Django's filter by all values, which reads every row to find them."""

    def __init__(self, field: Any, request: Any, params: Any, model: Any, model_admin: Any, field_path: str) -> None:
        super().__init__(field, request, params, model, model_admin, field_path=field_path)
        if field.model is model and not field.null and leads_an_index(model, field):
            self.lookup_choices = values_in(model, field)  # type: ignore[assignment]  # only ever walked through


def known_values(*values: str) -> type[AllValuesFieldListFilter]:
    """A filter by values that are known beforehand, for columns whose index would cost every writer."""

    class KnownValuesFilter(AllValuesFieldListFilter):
        """By these values."""

        def __init__(self, *given: Any, **named: Any) -> None:
            super().__init__(*given, **named)
            self.lookup_choices = values  # type: ignore[assignment]  # only ever walked through

    return KnownValuesFilter


def facet_of(model: type[models.Model], named: Any) -> Any:
    """The filter for an entry of ``list_filter``: a field whose values are not known beforehand gets ours."""
    if not isinstance(named, str) or "__" in named:
        return named
    field = model._meta.get_field(named)
    if isinstance(field, models.CharField | models.IntegerField) and not field.choices:
        return (named, IndexedValuesFilter)
    return named
