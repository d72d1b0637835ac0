"""The models this installation knows of."""

from __future__ import annotations

from typing import Any

from analysis.domain.knowledge import document
from analysis.models import ModelRecord
from analysis.services.dto import ModelDTO
from config.kernel.conf import setting


def list_models() -> tuple[ModelDTO, ...]:
    """Every known engine and model with its state; what the registry's rows say goes before the release's list."""
    rows = {(row.provider, row.name): _of_row(row) for row in ModelRecord.objects.all()}
    listed = {(model.provider, model.name): model for model in map(_of_release, document("models"))}
    return tuple(sorted({**listed, **rows}.values(), key=lambda model: (model.provider, model.name, model.version)))


def configured_model(provider: str) -> str:
    """The model that settings name for a provider; empty when the provider is not set up."""
    if provider == "local" or provider not in setting("ANALYSIS_PROVIDERS"):
        return ""
    key, name = (str(setting(f"{provider.upper()}_{part}", "")) for part in ("API_KEY", "MODEL"))
    return name if key else ""


def _of_release(entry: dict[str, Any]) -> ModelDTO:
    provider = entry["provider"]
    model = configured_model(provider)
    mine = entry["state"] != "retired"
    return ModelDTO(
        provider=provider,
        name=entry["name"] or model or "(not set)",
        version=entry.get("version", ""),
        state="active" if mine and (model or provider == "local") else entry["state"],
        capabilities=tuple(entry["capabilities"]),
        replaced_by=entry.get("replaced_by", ""),
        note=entry["note"],
        evaluated_at=None,
        configured=mine and (bool(model) or provider == "local"),
    )


def _of_row(row: ModelRecord) -> ModelDTO:
    configured = row.state != ModelRecord.State.RETIRED and configured_model(row.provider) == row.name
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
