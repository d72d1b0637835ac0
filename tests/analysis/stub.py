"""A local server that speaks the three wire formats, so that the real SDKs are driven over real HTTP."""

from __future__ import annotations

import json
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from analysis.adapters.providers import KINDS, Provider
from analysis.adapters.providers.protocol import Access

NAMES = tuple(KINDS)
_PATHS = {"openai": "/v1/responses", "anthropic": "/v1/messages", "google": "/v1/models/m-1:generateContent"}


def path_of(name: str) -> str:
    return _PATHS[name]


def base_url(name: str, server: HTTPServer) -> str:
    """What the setting of this provider would be."""
    return server.url_for("/v1") if name == "openai" else server.url_for("/").rstrip("/")


def provider(name: str, server: HTTPServer) -> Provider:
    return KINDS[name].connect(Access("secret-key", "m-1", base_url(name, server)))


def configure(settings: Any, name: str, *, key: str = "secret-key", model: str = "m-1", url: str = "") -> None:
    """Key, model and address of a provider, as the environment would give them."""
    settings.ANALYSIS_ACCESS = settings.ANALYSIS_ACCESS | {name: {"api_key": key, "model": model, "base_url": url}}


def body(name: str, text: str, *, ending: str = "ok") -> dict[str, Any]:
    """A successful answer in the provider's format; ``ending`` is ok, cut_off, refused or empty."""
    return {"openai": _openai, "anthropic": _anthropic, "google": _google}[name](text, ending)


def sent_text(name: str, request: Request) -> str:
    """System and user text that the SDK sent."""
    data = json.loads(request.get_data())
    if name == "openai":
        return data["instructions"] + data["input"]
    if name == "anthropic":
        content = data["messages"][0]["content"]
        return data["system"] + (content if isinstance(content, str) else content[0]["text"])
    return data["systemInstruction"]["parts"][0]["text"] + data["contents"][0]["parts"][0]["text"]


def serve(
    name: str, server: HTTPServer, *, text: str = "", ending: str = "ok", status: int = 200, raw: str | None = None
) -> list[Request]:
    """Answer the provider's path; the requests that came are collected."""
    seen: list[Request] = []

    def answer(request: Request) -> Response:
        seen.append(request)
        if raw is not None:
            return Response(raw, status=status, content_type="application/json")
        if status != 200:
            return Response(json.dumps(_error(name, status)), status=status, content_type="application/json")
        return Response(json.dumps(body(name, text, ending=ending)), content_type="application/json")

    for path in (_PATHS[name], _PATHS[name].replace("/v1/models", "/v1beta/models")):
        server.expect_request(path, method="POST").respond_with_handler(answer)
        if name != "google":
            break
    return seen


def _error(name: str, status: int) -> dict[str, Any]:
    if name == "openai":
        return {"error": {"message": "no", "type": "invalid_request_error", "code": None, "param": None}}
    if name == "anthropic":
        return {"type": "error", "error": {"type": "api_error", "message": "no"}}
    return {"error": {"code": status, "message": "no", "status": "FAILED_PRECONDITION"}}


def _openai(text: str, ending: str) -> dict[str, Any]:
    part: dict[str, Any] = {"type": "output_text", "text": text, "annotations": []}
    if ending == "refused":
        part = {"type": "refusal", "refusal": "I cannot help with that."}
    message = {"id": "msg_1", "type": "message", "role": "assistant", "status": "completed", "content": [part]}
    return {
        "id": "resp_1",
        "object": "response",
        "created_at": 1,
        "model": "m-1",
        "status": "incomplete" if ending == "cut_off" else "completed",
        "incomplete_details": {"reason": "max_output_tokens"} if ending == "cut_off" else None,
        "error": None,
        "instructions": None,
        "metadata": {},
        "output": [] if ending == "empty" else [message],
        "parallel_tool_calls": True,
        "tool_choice": "auto",
        "tools": [],
        "usage": {
            "input_tokens": 11,
            "output_tokens": 7,
            "total_tokens": 18,
            "input_tokens_details": {"cached_tokens": 0},
            "output_tokens_details": {"reasoning_tokens": 0},
        },
    }


def _anthropic(text: str, ending: str) -> dict[str, Any]:
    return {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "m-1",
        "content": [] if ending in ("empty", "refused") else [{"type": "text", "text": text}],
        "stop_reason": {"cut_off": "max_tokens", "refused": "refusal"}.get(ending, "end_turn"),
        "stop_sequence": None,
        "usage": {"input_tokens": 11, "output_tokens": 7},
    }


def _google(text: str, ending: str) -> dict[str, Any]:
    usage = {"promptTokenCount": 11, "candidatesTokenCount": 7, "totalTokenCount": 18}
    if ending == "refused":
        return {"promptFeedback": {"blockReason": "SAFETY"}, "usageMetadata": usage}
    parts = [] if ending == "empty" else [{"text": text}]
    reason = "MAX_TOKENS" if ending == "cut_off" else "STOP"
    candidate = {"content": {"role": "model", "parts": parts}, "finishReason": reason, "index": 0}
    return {"candidates": [candidate], "usageMetadata": usage, "modelVersion": "m-1"}
