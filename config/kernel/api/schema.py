"""OpenAPI: every operation documents the problem documents that it may answer."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from rest_framework import serializers


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
    errors = FieldProblem(many=True, required=False)


_DESCRIPTIONS = {
    "400": "The request is not valid",
    "401": "Not signed in",
    "403": "Not allowed",
    "404": "Absent, or not yours",
    "409": "Not possible in the present state",
    "412": "Changed in the meantime",
    "413": "Too large",
    "415": "Media type not taken",
    "422": "Contradicts an earlier request",
    "423": "Locked",
    "428": "Version required",
    "429": "Too many requests",
    "503": "Unavailable for now",
}


class ProblemAutoSchema(AutoSchema):
    """Adds the problem answers that follow from policy, method and path."""

    def get_operation(self, *args: Any, **kwargs: Any) -> Any:
        """The operation, with its problem answers."""
        operation = super().get_operation(*args, **kwargs)
        if operation is None:
            return None
        reference = {"$ref": "#/components/schemas/Problem"}
        self.resolve_serializer(Problem, "response")
        for status in self._problem_statuses():
            operation["responses"].setdefault(
                status,
                {
                    "description": _DESCRIPTIONS[status],
                    "content": {"application/problem+json": {"schema": reference}},
                },
            )
        policy = getattr(self.view, "policy", None)
        if policy is not None and self.view.policy_for(self.method).anonymous:
            operation["security"] = [{}]
        return operation

    def _problem_statuses(self) -> list[str]:
        statuses = ["400", "429", "503"]
        policy = getattr(self.view, "policy", None)
        if policy is None or not self.view.policy_for(self.method).anonymous:
            statuses += ["401", "403"]
        if "{" in self.path:
            statuses.append("404")
        if self.method in ("POST", "PUT", "PATCH", "DELETE"):
            statuses += ["404", "409", "412", "413", "415", "422", "423", "428"]
        return sorted(set(statuses))
