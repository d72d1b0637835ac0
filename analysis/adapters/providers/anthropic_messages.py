"""Anthropic by the Messages API."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from analysis.adapters.providers.protocol import (
    MAX_OUTPUT_TOKENS,
    Access,
    Answer,
    Fault,
    ProviderFailed,
    complete,
    fault_of_status,
)
from analysis.domain.prompt import Prompt


@dataclass(frozen=True)
class AnthropicMessages:
    """One Anthropic model."""

    access: Access
    name: str = "anthropic"

    @property
    def model(self) -> str:
        """The model's name."""
        return self.access.model

    def ask(self, prompt: Prompt, *, timeout: float) -> Answer:
        """One call. Raises ``ProviderFailed``."""
        import anthropic

        client = anthropic.Anthropic(
            api_key=self.access.api_key,
            base_url=self.access.base_url or None,
            max_retries=0,
            timeout=timeout,
        )
        try:
            with client:
                message = client.messages.create(**self._request(prompt))
        except anthropic.APITimeoutError:
            raise ProviderFailed(Fault.TIMEOUT) from None
        except anthropic.APIConnectionError:
            raise ProviderFailed(Fault.UNREACHABLE) from None
        except anthropic.APIStatusError as error:
            raise ProviderFailed(fault_of_status(error.status_code), error.status_code) from None
        except anthropic.AnthropicError:
            raise ProviderFailed(Fault.MALFORMED) from None
        return _answer(message)

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        return {
            "model": self.model,
            "max_tokens": MAX_OUTPUT_TOKENS,
            "system": prompt.system,
            "messages": [{"role": "user", "content": prompt.user}],
            "output_config": {"format": {"type": "json_schema", "schema": prompt.schema}},
        }


def _answer(message: Any) -> Answer:
    reason = getattr(message, "stop_reason", None)
    if reason == "refusal":
        raise ProviderFailed(Fault.REFUSED)
    if reason in ("max_tokens", "model_context_window_exceeded"):
        raise ProviderFailed(Fault.CUT_OFF)
    parts = getattr(message, "content", None) or ()
    text = "".join(part.text for part in parts if getattr(part, "type", "") == "text")
    usage = getattr(message, "usage", None)
    return complete(text, getattr(usage, "input_tokens", None), getattr(usage, "output_tokens", None))
