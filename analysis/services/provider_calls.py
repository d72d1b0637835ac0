"""Asking outside providers: masked text only, and their claims only beside what the local engine found."""

from __future__ import annotations

import hashlib
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

import structlog

from analysis.adapters.providers import Answer, Provider, ProviderFailed, ask_within, configured_providers
from analysis.db import atomic
from analysis.domain.claims import BadAnswer, Checked, check_answer, merge
from analysis.domain.findings import Finding
from analysis.domain.prompt import TEMPLATE_VERSION, Prompt, prompt_for
from analysis.domain.spans import SourcePage
from analysis.models import ProviderCall
from config.kernel.bounded_work import in_child
from config.kernel.conf import setting
from config.kernel.privacy.deidentification import Identifiers, NotDeidentified, masked_text

MASKING_SECONDS = 30
log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True, slots=True)
class Consultation:
    """Local findings with what was added; ``degraded`` when a provider was to be asked and none answered usably."""

    findings: tuple[Finding, ...]
    degraded: bool = False
    dropped: int = 0


def consult(
    *,
    run_id: UUID,
    pages: Sequence[SourcePage],
    copy: Sequence[str | None],
    partial: bool,
    local: Sequence[Finding],
    identifiers: Callable[[], Identifiers],
    release: str,
) -> Consultation:
    """Ask the configured providers in order until one answers usably; without any, the local findings stand.

    ``copy`` is what is kept of each page without names. It is masked once more by what is known by now: of a case that
    was assigned since, for one, also the specialist.
    """
    providers = configured_providers()
    if not providers:
        return Consultation(findings=tuple(local))
    try:
        known = identifiers()
        masked = in_child(MASKING_SECONDS, _masked, pages, copy, known)
    except NotDeidentified as left:
        log.warning("analysis_not_deidentified", run_id=str(run_id), left=str(left))
        return Consultation(findings=tuple(local), degraded=True)
    prompt = prompt_for(masked, local, fence=secrets.token_hex(12), partial=partial)
    for provider in providers:
        checked = _ask(run_id, provider, prompt, masked=masked, original=pages, local=local, release=release)
        if checked is not None:
            return Consultation(findings=merge(local, checked.findings), dropped=checked.dropped_count)
    return Consultation(findings=tuple(local), degraded=True)


def _masked(pages: Sequence[SourcePage], copy: Sequence[str | None], known: Identifiers) -> tuple[SourcePage, ...]:
    return tuple(replace(page, text=masked_text(_kept(text), known)) for page, text in zip(pages, copy, strict=True))


def _kept(text: str | None) -> str:
    if text is None:
        raise NotDeidentified("withheld")
    return text


def _ask(
    run_id: UUID,
    provider: Provider,
    prompt: Prompt,
    *,
    masked: Sequence[SourcePage],
    original: Sequence[SourcePage],
    local: Sequence[Finding],
    release: str,
) -> Checked | None:
    begun = time.monotonic()
    answer, checked, outcome, status = None, None, "ok", None
    try:
        answer = ask_within(provider, prompt, deadline=float(setting("ANALYSIS_DEADLINE_SECONDS")))
        checked = check_answer(
            answer.text,
            masked=masked,
            original=original,
            local=local,
            engine=f"{provider.name}:{provider.model}"[:60],
            release=release,
        )
    except ProviderFailed as failed:
        outcome, status = failed.fault.value, failed.status
    except BadAnswer:
        outcome = "malformed"
    _note(run_id, provider, prompt, answer, checked, outcome=outcome, status=status, seconds=time.monotonic() - begun)
    return checked


def _note(
    run_id: UUID,
    provider: Provider,
    prompt: Prompt,
    answer: Answer | None,
    checked: Checked | None,
    *,
    outcome: str,
    status: int | None,
    seconds: float,
) -> None:
    with atomic():
        ProviderCall.objects.create(
            run_id=run_id,
            provider=provider.name,
            model=provider.model[:80],
            template_version=TEMPLATE_VERSION,
            request_sha256=_sha256(prompt.system + prompt.user),
            answer_sha256=_sha256(answer.text) if answer else "",
            outcome=outcome,
            status=status,
            tokens_in=answer.tokens_in if answer else None,
            tokens_out=answer.tokens_out if answer else None,
            latency_ms=int(seconds * 1000),
            claims_kept=len(checked.findings) if checked else 0,
            claims_dropped=checked.dropped_count if checked else 0,
        )


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
