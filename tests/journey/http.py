"""A small HTTP client for the journey's actors: JSON over a session, clear errors, no test framework."""

from __future__ import annotations

import json as jsonlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import requests


class StepFailed(RuntimeError):
    """A step of the journey did not hold; the message names request and answer."""


@dataclass
class Caller:
    """One person's API client."""

    base_url: str
    name: str
    token: str = ""
    refresh_token: str = ""
    session: requests.Session = field(default_factory=requests.Session)

    def get(self, path: str, *, expect: int = 200, **options: Any) -> Any:
        """GET; the JSON body."""
        return self._send("GET", path, expect, **options)

    def post(self, path: str, json: Any = None, *, expect: int = 200, **options: Any) -> Any:
        """POST; the JSON body."""
        return self._send("POST", path, expect, json=json, **options)

    def put(self, path: str, json: Any = None, *, expect: int = 200, **options: Any) -> Any:
        """PUT over what stands there now, unless ``headers`` says otherwise; the JSON body."""
        return self._send("PUT", path, expect, json=json, **self._read_before(path, options))

    def patch(self, path: str, json: Any = None, *, expect: int = 200, **options: Any) -> Any:
        """As ``put``."""
        return self._send("PATCH", path, expect, json=json, **self._read_before(path, options))

    def download(self, path: str) -> bytes:
        """GET; the raw body."""
        return self._raw("GET", path, 200).content

    def headers(self, path: str) -> Mapping[str, str]:
        """GET; the answer's headers, by names in any case: the front writes its own way."""
        return self._raw("GET", path, 200).headers

    def _read_before(self, path: str, options: dict[str, Any]) -> dict[str, Any]:
        tag = {} if "headers" in options else {"If-Match": self.headers(path.removesuffix("/status"))["ETag"]}
        return {"headers": tag, **options}

    def _send(self, method: str, path: str, expect: int, **options: Any) -> Any:
        response = self._raw(method, path, expect, **options)
        return jsonlib.loads(response.content) if response.content else None

    def _raw(self, method: str, path: str, expect: int, **options: Any) -> requests.Response:
        headers = dict(options.pop("headers", {}))
        if self.token:
            headers["Authorization"] = f"Bearer {self.token}"
        url = self.base_url + (path if path.startswith(("/api", "/.")) else f"/api/v1{path}")
        response = self.session.request(method, url, headers=headers, timeout=300, **options)
        if response.status_code != expect:
            raise StepFailed(
                f"{self.name}: {method} {path} answered {response.status_code}, not {expect}: {response.text[:600]}"
            )
        return response
