"""OpenAI by the Responses API; nothing is stored there."""

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
class OpenAIResponses:
    """One OpenAI model, or any server that speaks the Responses API."""

    access: Access
    name: str = "openai"

    @property
    def model(self) -> str:
        """The model's name."""
        return self.access.model

    def ask(self, prompt: Prompt, *, timeout: float) -> Answer:
        """One call. Raises ``ProviderFailed``."""
        import openai

        client = openai.OpenAI(
            api_key=self.access.api_key,
            base_url=self.access.base_url or None,
            max_retries=0,
            timeout=timeout,
        )
        try:
            with client:
                response = client.responses.create(**self._request(prompt))
        except openai.APITimeoutError:
            raise ProviderFailed(Fault.TIMEOUT) from None
        except openai.APIConnectionError:
            raise ProviderFailed(Fault.UNREACHABLE) from None
        except openai.APIStatusError as error:
            raise ProviderFailed(fault_of_status(error.status_code), error.status_code) from None
        except openai.OpenAIError:
            raise ProviderFailed(Fault.MALFORMED) from None
        return _answer(response)

    def _request(self, prompt: Prompt) -> dict[str, Any]:
        return {
            "model": self.model,
            "instructions": prompt.system,
            "input": prompt.user,
            "store": False,
            "max_output_tokens": MAX_OUTPUT_TOKENS,
            "text": {"format": {"type": "json_schema", "name": "claims", "strict": True, "schema": prompt.schema}},
        }


def _answer(response: Any) -> Answer:
    status = getattr(response, "status", None)
    if status == "incomplete":
        reason = getattr(getattr(response, "incomplete_details", None), "reason", "")
        raise ProviderFailed(Fault.REFUSED if reason == "content_filter" else Fault.CUT_OFF)
    if status == "failed":
        raise ProviderFailed(Fault.SERVER)
    parts = [
        part
        for item in getattr(response, "output", None) or ()
        if getattr(item, "type", "") == "message"
        for part in getattr(item, "content", None) or ()
    ]
    if any(getattr(part, "type", "") == "refusal" for part in parts):
        raise ProviderFailed(Fault.REFUSED)
    text = "".join(part.text for part in parts if getattr(part, "type", "") == "output_text")
    usage = getattr(response, "usage", None)
    return complete(text, getattr(usage, "input_tokens", None), getattr(usage, "output_tokens", None))
