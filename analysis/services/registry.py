"""The models this installation knows of."""

from __future__ import annotations

from typing import Any

from analysis.adapters.providers import KINDS, LOCAL, access_to
from analysis.domain.knowledge import document
from analysis.domain.state_machines import ModelState
from analysis.models import ModelRecord
from analysis.services.dto import ModelDTO

# What providers' answers are checked for; nothing else is taken from them.
_ASKED = ("laboratory", "medicine", "red_flag")


def list_models() -> tuple[ModelDTO, ...]:
    """Every known engine and model with its state; what the registry's rows say goes before the release's list."""
    rows = {(row.provider, row.name): _of_row(row) for row in ModelRecord.objects.all()}
    known = (*map(_of_release, document("models")), *map(_of_kind, KINDS))
    listed = {(model.provider, model.name): model for model in known}
    return tuple(sorted({**listed, **rows}.values(), key=lambda model: (model.provider, model.name, model.version)))


def configured_model(provider: str) -> str:
    """The model that settings name for a provider; empty when the provider is not set up."""
    access = access_to(provider)
    return access.model if access else ""


def _of_release(entry: dict[str, Any]) -> ModelDTO:
    return ModelDTO(
        provider=entry["provider"],
        name=entry["name"],
        version=entry.get("version", ""),
        state=entry["state"],
        capabilities=tuple(entry["capabilities"]),
        replaced_by=entry.get("replaced_by", ""),
        note=entry["note"],
        evaluated_at=None,
        configured=entry["provider"] == LOCAL,
    )


def _of_kind(provider: str) -> ModelDTO:
    model, prefix = configured_model(provider), provider.upper()
    return ModelDTO(
        provider=provider,
        name=model or "(not set)",
        version="",
        state=ModelState.ACTIVE if model else ModelState.CANDIDATE,
        capabilities=_ASKED,
        replaced_by="",
        note=f"Set {prefix}_API_KEY and {prefix}_MODEL; {KINDS[provider].note}",
        evaluated_at=None,
        configured=bool(model),
    )


def _of_row(row: ModelRecord) -> ModelDTO:
    configured = row.state != ModelState.RETIRED and configured_model(row.provider) == row.name
    return ModelDTO(
        provider=row.provider,
        name=row.name,
        version=row.version,
        state=row.state,
        capabilities=tuple(row.capabilities),
        replaced_by=row.replaced_by,
        note=row.note,
        evaluated_at=row.evaluated_at,
        configured=configured and bool(row.name),
    )
