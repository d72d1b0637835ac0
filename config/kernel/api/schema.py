"""OpenAPI: every operation documents the problem documents that it may answer."""

import re
from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import EndpointEnumerator, SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from config.kernel.api.idempotency import KEY_PATTERN
from config.kernel.api.views import ApiView


class FieldProblem(serializers.Serializer[Any]):
    """One wrong input."""

    pointer = serializers.CharField()
    code = serializers.CharField()
    detail = serializers.CharField()


class Problem(serializers.Serializer[Any]):
    """RFC 9457 problem document."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    code = serializers.CharField()
    detail = serializers.CharField()
    request_id = serializers.CharField()
    errors = FieldProblem(many=True, required=False)  # type: ignore[assignment]  # the field is named by RFC 9457
    error_count = serializers.IntegerField(required=False, help_text="How many there are, when not all are named.")


_DESCRIPTIONS = {
    "400": "The request is not valid",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "Absent, or not yours",
    "409": "Not possible in the present state",
    "410": "Erased for good",
    "412": "Changed in the meantime",
    "413": "Too large",
    "415": "Unsupported media type",
    "422": "Cannot be carried out as asked",
    "423": "Locked",
    "428": "Version required",
    "429": "Too many requests",
    "503": "Unavailable for now",
}


class BearerScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # registers itself
    """How the documentation names our authentication."""

    target_class = "config.kernel.api.authentication.BearerAuthentication"
    name = "bearer"

    def get_security_definition(self, auto_schema: AutoSchema) -> dict[str, str]:
        """A JWT in the Authorization header."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}


class ProblemAutoSchema(AutoSchema):
    """Adds the problem answers that follow from policy, method and path."""

    def get_operation_id(self) -> str:
        """Method and path: unique, and stable while the address is."""
        words = re.findall(r"[a-z0-9]+", self.path.removeprefix("/api/v1").lower().replace("{", "by_"))
        return "_".join((self.method.lower(), *words))

    def get_override_parameters(self) -> Any:
        """Those that the view names, and ``Idempotency-Key`` where it is taken."""
        taken = getattr(getattr(self.view, self.method.lower(), None), "idempotency_key", None)
        return [*super().get_override_parameters(), *([_idempotency_key(taken == "required")] if taken else ())]

    def get_request_serializer(self) -> Any:
        """None, where none is declared: nothing is guessed."""
        return None

    def get_auth(self) -> list[Any]:
        """No token where anybody may come, whatever else proves who it is (a provider's signature)."""
        return [] if self._open_to_all() else super().get_auth()

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation, with its problem answers."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        reference = {"$ref": "#/components/schemas/Problem"}
        self.resolve_serializer(Problem, "response")
        for status in self._problem_statuses(operation):
            operation["responses"].setdefault(
                status,
                {
                    "description": _DESCRIPTIONS[status],
                    "content": {"application/problem+json": {"schema": reference}},
                },
            )
        if (body := operation.get("requestBody")) and self._is_asked(body):
            body["required"] = True
        if self._open_to_all():
            # Not [{}], which means the same, and which generators take for a token that is wanted.
            operation["security"] = []
        return operation

    def _problem_statuses(self, operation: dict[str, Any]) -> list[str]:
        # A token that has ended is refused at open addresses too, and so are wrong credentials.
        statuses = ["400", "401", "429", "503"]
        if not self._open_to_all():
            statuses += ["403", "410"]
        # An id in the path or in the query may name what is absent, or somebody else's.
        if "{" in self.path or any(_is_id(one) for one in operation.get("parameters", ())):
            statuses.append("404")
        # A cursor may be of another list.
        if any(one["name"] == "cursor" for one in operation.get("parameters", ())):
            statuses.append("409")
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            statuses += ["404", "409", "412", "413", "415", "422", "423", "428"]
        if isinstance(self.view, ApiView):
            statuses += self.view.further_problems
        return sorted(set(statuses))

    def _is_asked(self, body: dict[str, Any]) -> bool:
        """Whether a body has to come: a file, or one of which something is asked; the rest may be left out whole."""
        asked = getattr(self.get_request_serializer(), "rule", None)
        return bool(asked) or "application/json" not in body["content"]

    def _open_to_all(self) -> bool:
        return isinstance(self.view, ApiView) and self.view.policy_for(self.method).anonymous


def _idempotency_key(required: bool) -> OpenApiParameter:
    return OpenApiParameter(
        "Idempotency-Key",
        {"type": "string", "minLength": 1, "maxLength": 255, "pattern": KEY_PATTERN},
        OpenApiParameter.HEADER,
        required=required,
        description="A new one for each thing that you want done once, and the same when you send it again: what was"
        " done is then not done twice, and the first answer comes back (for 24 hours, the same body).",
    )


class Endpoints(EndpointEnumerator):
    """The addresses as they are: FHIR's operations begin with a dollar sign, which is no end of an address."""

    def get_path_from_regex(self, path_regex: str) -> str:
        """As the library, which takes it for one."""
        path: str = super().get_path_from_regex(path_regex.replace("/$", r"/\$"))  # type: ignore[no-untyped-call]  # the library's
        return path


class Generator(SchemaGenerator):
    """The documentation's maker."""

    endpoint_inspector_cls = Endpoints


def _is_id(parameter: dict[str, Any]) -> bool:
    return parameter.get("schema", {}).get("format") == "uuid"
