"""Runs, insights, decisions and the list of models."""

from dataclasses import asdict
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from analysis import services
from analysis.api.serializers import ChangeOut, DecisionIn, FindingOut, InsightsOut, ModelsOut, RequestIn, RunOut
from analysis.domain.state_machines import OPEN_RUNS
from config.kernel.api import ETAG, IF_MATCH, ApiView, etag_for, expected_version, idempotent, roles, signed_in


class AnalyseDocument(ApiView):
    """Asking for an analysis."""

    policy = roles(
        "patient", "professional", "coordinator", "nurse", "medical_director", "privacy_officer", "administrator"
    )

    @extend_schema(request=RequestIn, responses={202: RunOut}, summary="Analyse a document")
    @idempotent("analysis")
    def post(self, request: Request) -> Response:
        """The run works in the background; follow ``Location``. Answers 409 without the patient's consent."""
        run = services.request_analysis(principal=self.principal, **self.body(RequestIn))
        return Response(run, status=202, headers={"Location": f"/api/v1/analysis/{run.id}", "Retry-After": "1"})


class RunDetail(ApiView):
    """A run."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: RunOut}, summary="Read an analysis")
    def get(self, request: Request, run_id: UUID) -> Response:
        """A specialist gets 423 before the own first read is stored."""
        run = services.get_run(principal=self.principal, run_id=run_id)
        headers = {"Retry-After": "1"} if run.state in OPEN_RUNS else {}
        return Response(run, headers=headers)


class Insights(ApiView):
    """Everything found in a case."""

    policy = signed_in()
    policies = {"GET": signed_in(keys=True)}

    @extend_schema(responses={200: InsightsOut}, summary="Read what was found in a case")
    def get(self, request: Request, case_id: UUID) -> Response:
        """The patient sees what a professional released."""
        return Response(services.insights_for_case(principal=self.principal, case_id=case_id))


class Changes(ApiView):
    """What a newer reading says otherwise."""

    policy = signed_in()

    @extend_schema(responses={200: ChangeOut(many=True)}, summary="Read what a newer reading of a case changed")
    def get(self, request: Request, case_id: UUID) -> Response:
        """New, changed and vanished findings; what waits for a decision again comes first."""
        return Response(services.changes_of_case(principal=self.principal, case_id=case_id))


class Decision(ApiView):
    """A decision on a finding."""

    policy = signed_in()

    @extend_schema(
        request=DecisionIn,
        responses={200: FindingOut},
        parameters=[IF_MATCH, ETAG],
        summary="Accept, edit or reject a finding",
    )
    @idempotent("analysis")
    def post(self, request: Request, finding_id: UUID) -> Response:
        """The assigned specialist's; it may be changed while the case is in review.

        If-Match names the finding's ``version``, which comes with it wherever findings are listed.
        """
        finding = services.decide_finding(
            principal=self.principal,
            finding_id=finding_id,
            expected_version=expected_version(request._request),
            **self.body(DecisionIn),
        )
        return Response(finding, headers={"ETag": etag_for(finding.version)})


class Models(ApiView):
    """Engines and models."""

    policy = signed_in()

    @extend_schema(responses={200: ModelsOut}, summary="List engines and models with their state")
    def get(self, request: Request) -> Response:
        """Retired ones stay listed with their replacement."""
        return Response({"models": [asdict(model) for model in services.list_models()]})
