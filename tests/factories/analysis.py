"""Rows of analysis, for what no run makes in a test: failed ones, many findings, calls to others."""

import factory
from factory.django import DjangoModelFactory

from analysis.models import AnalysisRun, Finding, FindingChange, ModelRecord, ProviderCall
from config.kernel.db import uuid7
from tests.factories.values import other_id


class AnalysisRunFactory(DjangoModelFactory[AnalysisRun]):
    """A run that waits."""

    class Meta:
        model = AnalysisRun

    class Params:
        failed = factory.Trait(state="FAILED")
        completed = factory.Trait(state="COMPLETED", knowledge_release="1", engine_version="1")

    case_id = other_id("case of a run")
    document_id = other_id("document of a run")
    patient_id = other_id("patient of a run")


class FindingFactory(DjangoModelFactory[Finding]):
    """A laboratory finding of ``run``, about the same case, document and patient."""

    class Meta:
        model = Finding

    id = factory.LazyFunction(uuid7)
    case_id = factory.SelfAttribute("run.case_id")
    document_id = factory.SelfAttribute("run.document_id")
    patient_id = factory.SelfAttribute("run.patient_id")
    position = factory.Sequence(int)
    kind = engine = "laboratory"
    severity = "moderate"
    knowledge_release = "1"
    content_sealed = b""


class FindingChangeFactory(DjangoModelFactory[FindingChange]):
    """What ``run`` says otherwise than the one before."""

    class Meta:
        model = FindingChange

    case_id = factory.SelfAttribute("run.case_id")
    document_id = factory.SelfAttribute("run.document_id")
    patient_id = factory.SelfAttribute("run.patient_id")
    what, critical = "changed", False


class ModelRecordFactory(DjangoModelFactory[ModelRecord]):
    """A row of the registry of models."""

    class Meta:
        model = ModelRecord

    provider, name = "google", "medgemma"


class ProviderCallFactory(DjangoModelFactory[ProviderCall]):
    """What ``run`` asked of somebody else."""

    class Meta:
        model = ProviderCall

    provider = "openai"
    latency_ms = 1
