"""Documents that a newer reader read again, and signed reports that rest on what it reads otherwise."""

from uuid import UUID

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request

from cases.api.casefile.serializers import ConfirmIn
from cases.domain.workflow.state_machines import RecheckState, RereadingState
from cases.services import workflow
from config.kernel.api import ApiView, json_response, signed_in
from config.kernel.api.dto_serializers import DTOSerializer
from config.kernel.api.strict_bodies import StrictSerializer


class RereadingOut(DTOSerializer[workflow.RereadingDTO]):
    state = serializers.ChoiceField([state.value for state in RereadingState])


class RecheckOut(DTOSerializer[workflow.RecheckDTO]):
    state = serializers.ChoiceField([state.value for state in RecheckState])


class RecheckIn(StrictSerializer):
    stands = serializers.BooleanField()
    reason = serializers.CharField(max_length=2000)


class Rereadings(ApiView):
    """What became of a case's documents when a newer reader read them."""

    policy = signed_in()

    @extend_schema(responses={200: RereadingOut(many=True)}, summary="List the documents that were read again")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """The newest re-reading of each document; for the case's specialist and for staff."""
        return json_response(workflow.list_rereadings(principal=self.principal, case_id=case_id))


class RereadingAnswer(ApiView):
    """Whose a document is that looks like another's now."""

    policy = signed_in()

    @extend_schema(request=ConfirmIn, responses={200: RereadingOut}, summary="Say whose a document is, read again")
    def post(self, request: Request, rereading_id: UUID) -> HttpResponse:
        """For coordinators: two of them where something speaks against the patient, one to refuse it."""
        answered = workflow.answer_rereading(
            principal=self.principal, rereading_id=rereading_id, **self.body(ConfirmIn)
        )
        return json_response(answered)


class Rechecks(ApiView):
    """Signed reports at which the medical director looks again."""

    policy = signed_in()

    @extend_schema(responses={200: RecheckOut(many=True)}, summary="List the rechecks of a signed report")
    def get(self, request: Request, case_id: UUID) -> HttpResponse:
        """Newest first; for the medical director."""
        return json_response(workflow.list_rechecks(principal=self.principal, case_id=case_id))


class RecheckDetail(ApiView):
    """One of them."""

    policy = signed_in()

    @extend_schema(request=RecheckIn, responses={200: RecheckOut}, summary="Say whether a signed report stands")
    def post(self, request: Request, recheck_id: UUID) -> HttpResponse:
        """A report that does not stand is amended: its case goes to AMENDING."""
        return json_response(
            workflow.settle_recheck(principal=self.principal, recheck_id=recheck_id, **self.body(RecheckIn))
        )
