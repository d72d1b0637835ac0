"""The specialist at the dashboard: a session cookie, forms with their CSRF tokens, and what the pages' scripts send."""

from __future__ import annotations

import re
from typing import Any

import requests

from tests.journey.http import StepFailed
from tests.journey.people import totp
from tests.journey.timeline import wait_for


class Dashboard:
    """One browser window without a browser."""

    def __init__(self, base_url: str, login: dict[str, Any]) -> None:
        self.base, self.login, self.session = f"{base_url}/dashboard", login, requests.Session()
        self.page = ""

    def sign_in(self) -> None:
        """Address, password and code; a code that was used a moment ago is waited out."""
        wait_for("a fresh code of the specialist", self._try_sign_in, pause=2)

    def open(self, path: str, *, expect: int = 200) -> str:
        """GET a page."""
        self.page = self._checked(self.session.get(self.base + path, timeout=60), expect).text
        return self.page

    def image(self, path: str) -> bytes:
        """GET a picture."""
        return self._checked(self.session.get(self.base + path, timeout=60), 200).content

    def submit(self, path: str, fields: dict[str, str], *, expect: int = 200) -> str:
        """POST a form of the page that is open; redirects are followed."""
        data = fields | {"csrfmiddlewaretoken": self._token()}
        headers = {"Referer": self.base + path}
        answer = self.session.post(self.base + path, data=data, headers=headers, timeout=60)
        self.page = self._checked(answer, expect).text
        return self.page

    def call(self, method: str, path: str, *, expect: int = 200, **body: Any) -> Any:
        """What a page's script sends."""
        headers = {"X-CSRFToken": self._token(), "Referer": self.base + path}
        answer = self.session.request(method, self.base + path, headers=headers, timeout=60, **body)
        return self._checked(answer, expect).json()

    def part(self, path: str, fields: dict[str, str]) -> str:
        """POST a form of the open page as htmx does, for a part of it."""
        headers = {"X-CSRFToken": self._token(), "Referer": self.base + path, "HX-Request": "true"}
        return self._checked(self.session.post(self.base + path, data=fields, headers=headers, timeout=60), 200).text

    def findings(self) -> dict[str, str]:
        """Machine findings on the open page: id → decision."""
        return dict(re.findall(r'data-finding="([0-9a-f-]{36})" data-decision="(\w+)"', self.page))

    def version_of(self, finding: str) -> str:
        """The version of a finding, as its forms on the open page send it."""
        match = re.search(rf'data-finding="{finding}".*?name="version" value="([0-9]+)"', self.page, re.DOTALL)
        if match is None:
            raise StepFailed(f"the page says no version of the finding {finding}")
        return match[1]

    def value(self, name: str) -> str:
        """The value of a hidden field of the open page."""
        match = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        if match is None:
            raise StepFailed(f"the page has no field {name}")
        return match[1]

    def _try_sign_in(self) -> bool | None:
        self.open("/sign-in")
        fields = {
            "email": self.login["email"],
            "password": self.login["password"],
            "code": totp(self.login["totp"]),
            "next": "/dashboard/",
            "csrfmiddlewaretoken": self._token(),
        }
        answer = self.session.post(f"{self.base}/sign-in", data=fields, headers={"Referer": self.base}, timeout=60)
        self.page = answer.text
        if answer.status_code == 401:
            return None
        self._checked(answer, 200)
        return True

    def _token(self) -> str:
        match = re.search(r'(?:name="csrfmiddlewaretoken" value|data-csrf)="([^"]+)"', self.page)
        if match is None:
            raise StepFailed("the page has no form token")
        return match[1]

    def _checked(self, answer: requests.Response, expect: int) -> requests.Response:
        if answer.status_code != expect:
            said = " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())[:500]
            raise StepFailed(
                f"dashboard: {answer.request.method} {answer.url} answered {answer.status_code}, not {expect}: {said}"
            )
        return answer
