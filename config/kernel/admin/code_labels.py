"""What the admin shows of coded columns: their labels, in lists, filters and rows' pages alike.

A page says nothing for this. ``labels`` names the codes of a column that have names of their own; ``as_written`` are
the columns that hold people's words, names, hashes and what operators look for in logs: these are never touched.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from functools import update_wrapper
from typing import Any, ClassVar

from django.contrib.admin import AllValuesFieldListFilter, ChoicesFieldListFilter, FieldListFilter
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.http import HttpRequest

from config.kernel.labels import NONE, Labels, label, names_of, told

_EMPTY = "—"


class Labelled:
    """For pages and inlines: mixed in before Django's own classes."""

    model: type[models.Model]
    labels: ClassVar[Mapping[str, Labels]] = {}
    as_written: ClassVar[frozenset[str]] = frozenset()

    def labels_of(self, name: str) -> Labels:
        """The names of a column's codes."""
        return self.labels.get(name, NONE)

    def get_list_display(self, request: HttpRequest) -> Sequence[Any]:
        """Every column that may hold codes, in words."""
        return [self._shown(name) for name in super().get_list_display(request)]  # type: ignore[misc]  # mixed in

    def get_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        """As in lists."""
        return [self._shown(name) for name in super().get_fields(request, obj)]  # type: ignore[misc]  # mixed in

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Sequence[Any]:
        """As in lists."""
        return [self._shown(name) for name in super().get_readonly_fields(request, obj)]  # type: ignore[misc]  # as above

    def _shown(self, name: Any) -> Any:
        """The column itself where nothing is to be put into words; else a function that shows it, always the same."""
        if not isinstance(name, str) or name.startswith("__") or name in self.as_written:
            return name
        known: dict[str, Any] = self.__dict__.setdefault("_columns", {})
        if name not in known:
            known[name] = self._column(name)
        return known[name]

    def _column(self, name: str) -> Any:
        field = _field(self.model, name)
        if field is None:
            return self._of_method(name)
        if isinstance(field, models.CharField | models.TextField):
            return _column(name, field, lambda row: said(field, getattr(row, name), self.labels_of(name)))
        if isinstance(field, models.JSONField | ArrayField):
            return _column(name, field, lambda row: told(getattr(row, name), self.labels_of(name)))
        if isinstance(field, models.DateTimeField):
            return _column(name, field, lambda row: instant(getattr(row, name)))
        return name

    def _of_method(self, name: str) -> Any:
        """A method of the page: the text that it gives is put into words too."""
        method = getattr(self, name, None)
        if not callable(method) or getattr(method, "boolean", False):
            return name

        def shown(row: Any) -> Any:
            value = method(row)
            if isinstance(value, datetime):
                return instant(value)
            return label(value, self.labels_of(name)) if type(value) is str else value

        return update_wrapper(shown, method)


def instant(value: Any) -> str:
    """When, with the zone: staff sit in several."""
    return f"{value.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if value is not None else _EMPTY


def said(field: Any, value: Any, labels: Labels = NONE) -> str:
    """A code of ``field``: by the page's names, else by those of its choices, else spelled out."""
    if value is None or value == "":
        return _EMPTY
    named = names_of(labels).get(str(value)) or dict(field.flatchoices).get(value)
    # Choices that are shown as they are stored are codes too.
    return str(named) if named and str(named) != str(value) else label(value)


def in_words(base: type[FieldListFilter], labels: Labels = NONE) -> type[FieldListFilter]:
    """``base`` with labels for its values."""

    class LabelledFilter(base):  # type: ignore[valid-type,misc]  # the class is known at run time
        """Its choices are chosen by label."""

        def choices(self, changelist: Any) -> Iterator[dict[str, Any]]:
            """As those of the filter beneath, in words."""
            codes = {str(title): code for code, title in self.field.flatchoices}
            for one in super().choices(changelist):
                shown = str(one["display"])
                yield {**one, "display": said(self.field, codes.get(shown, shown), labels)}

    return LabelledFilter


def filter_of(model: type[models.Model], named: Any, labels: Labels) -> Any:
    """The filter of a column that may hold codes, with labels; any other as it is."""
    name, base = named if isinstance(named, tuple) else (named, None)
    field = _field(model, name) if isinstance(name, str) else None
    if not isinstance(field, models.CharField):
        return named
    chosen = base or (ChoicesFieldListFilter if field.choices else AllValuesFieldListFilter)
    return (name, in_words(chosen, labels)) if issubclass(chosen, FieldListFilter) else named


def _column(name: str, field: Any, show: Callable[[Any], str]) -> Callable[[Any], str]:
    show.__name__ = name
    show.short_description = field.verbose_name  # type: ignore[attr-defined]  # read by Django's admin
    show.admin_order_field = name  # type: ignore[attr-defined]  # read by Django's admin
    return show


def _field(model: type[models.Model], name: str) -> Any:
    """The column of that name; rows that refer to the model are none, and a method of the page may be called so."""
    try:
        found = model._meta.get_field(name)
    except FieldDoesNotExist:
        return None
    return found if getattr(found, "column", None) else None
