"""Google by the Gemini API (google-genai)."""

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

_REFUSALS = ("SAFETY", "RECITATION", "BLOCKLIST", "PROHIBITED_CONTENT", "SPII")


@dataclass(frozen=True)
class GoogleGenAI:
    """One Gemini model."""

    access: Access
    name: str = "google"

    @property
    def model(self) -> str:
        """The model's name."""
        return self.access.model

    def ask(self, prompt: Prompt, *, timeout: float) -> Answer:
        """One call. Raises ``ProviderFailed``."""
        from google import genai
        from google.genai import errors

        try:
            with genai.Client(api_key=self.access.api_key, http_options=self._options(timeout)) as client:
                response = client.models.generate_content(
                    model=self.model, contents=prompt.user, config=self._config(prompt)
                )
        except errors.APIError as error:
            raise ProviderFailed(fault_of_status(error.code), error.code) from None
        except Exception as error:  # the SDK lets its HTTP client's and its parser's errors through as they are
            raise ProviderFailed(_fault(error)) from None
        return _answer(response)

    def _options(self, timeout: float) -> Any:
        from google.genai import types

        return types.HttpOptions(
            base_url=self.access.base_url or None,
            timeout=max(1, int(timeout * 1000)),
            retry_options=types.HttpRetryOptions(attempts=1),
        )

    def _config(self, prompt: Prompt) -> Any:
        from google.genai import types

        return types.GenerateContentConfig(
            system_instruction=prompt.system,
            max_output_tokens=MAX_OUTPUT_TOKENS,
            response_mime_type="application/json",
            response_json_schema=prompt.schema,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        )


def _fault(error: Exception) -> Fault:
    kind = type(error).__name__
    if "Timeout" in kind:
        return Fault.TIMEOUT
    return Fault.UNREACHABLE if "Connect" in kind or "Network" in kind or "Protocol" in kind else Fault.MALFORMED


def _answer(response: Any) -> Answer:
    feedback = getattr(response, "prompt_feedback", None)
    if getattr(feedback, "block_reason", None):
        raise ProviderFailed(Fault.REFUSED)
    candidates = getattr(response, "candidates", None) or ()
    if not candidates:
        raise ProviderFailed(Fault.EMPTY)
    reason = str(getattr(getattr(candidates[0], "finish_reason", None), "value", "") or "")
    if reason in _REFUSALS:
        raise ProviderFailed(Fault.REFUSED)
    if reason == "MAX_TOKENS":
        raise ProviderFailed(Fault.CUT_OFF)
    content = getattr(candidates[0], "content", None)
    parts = getattr(content, "parts", None) or ()
    text = "".join(part.text or "" for part in parts if not getattr(part, "thought", False))
    usage = getattr(response, "usage_metadata", None)
    return complete(text, getattr(usage, "prompt_token_count", None), getattr(usage, "candidates_token_count", None))
