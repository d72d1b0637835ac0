"""Serializers of answers that are derived from the records of the services, so that each field is said once."""

from dataclasses import is_dataclass
from types import GenericAlias
from typing import Any, ClassVar, TypeVar, get_args

from drf_spectacular.extensions import OpenApiSerializerExtension
from drf_spectacular.openapi import AutoSchema
from rest_framework.fields import Field
from rest_framework_dataclasses.field_utils import TypeInfo
from rest_framework_dataclasses.serializers import DataclassSerializer
from rest_framework_dataclasses.types import Dataclass

T = TypeVar("T", bound=Dataclass)


class DTOSerializer(DataclassSerializer[T]):
    """What an end point answers: the fields of the record that it is made for; declared is what a type does not say.

    An answer has each of its fields, so none is optional, whether the record has a default for it or not. A record
    within a record is declared by its own serializer, which names it in the documentation. ``Meta.help_texts`` is read
    as by Django's model forms. Where not everybody may see a record whole, ``Meta.fields`` lists what is shown.
    """

    Meta: ClassVar[type]

    def __class_getitem__(cls, *args: Any, **kwargs: Any) -> Any:
        """Keeps the parameter, which the framework's fields drop."""
        return GenericAlias(cls, args)

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """The type parameter is the record; a class below another keeps that one's."""
        super().__init_subclass__(**kwargs)
        meta = vars(cls).get("Meta", object)
        for base in vars(cls).get("__orig_bases__", ()):
            if is_dataclass(record := next(iter(get_args(base)), None)):
                cls.Meta = type("Meta", (meta,), {"dataclass": record})

    def get_extra_kwargs(self) -> dict[str, Any]:
        """As the library, with the help texts."""
        given: dict[str, Any] = super().get_extra_kwargs()
        for name, text in getattr(self.Meta, "help_texts", {}).items():
            given.setdefault(name, {})["help_text"] = text
        return given

    def build_typed_field(
        self, field_name: str, type_info: TypeInfo, extra_kwargs: dict[str, Any]
    ) -> tuple[type[Field[Any, Any, Any, Any]], dict[str, Any]]:
        """As the library, but always there."""
        made, given = super().build_typed_field(field_name, type_info, extra_kwargs)
        given.pop("required", None)
        return made, given

    def build_dataclass_field(self, field_name: str, type_info: TypeInfo) -> Any:
        """Refused: a nameless serializer would be named after a class of the inside."""
        raise TypeError(f"{type(self).__name__}.{field_name} is a record of its own: declare its serializer.")


class DTOSerializerNames(OpenApiSerializerExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How the documentation names such a serializer: by its own name, as every other one."""

    target_class = "config.kernel.api.dto_serializers.DTOSerializer"
    match_subclasses = True
    priority = 1

    def map_serializer(self, auto_schema: AutoSchema, direction: Any) -> dict[str, Any]:
        """The fields, and the description only of a class that has one itself."""
        schema: dict[str, Any] = auto_schema._map_serializer(self.target, direction, bypass_extensions=True)  # type: ignore[no-untyped-call]  # the library's
        if type(self.target).__doc__ is None:
            schema.pop("description", None)
        return schema
