"""A key management service on this machine that speaks the part of Vault's Transit protocol that we use."""

import base64
import json
import os
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

TOKEN = "s.token-for-this-test"


class TransitServer:
    """One key; its versions live in this object."""

    def __init__(self, server: HTTPServer, path: str = "/v1/transit") -> None:
        self.keys = {1: os.urandom(32)}
        self.lowest = 1
        self.requests: list[str] = []
        self.fail_with = 0
        acts = {
            "keys/sop": self._read,
            "encrypt/sop": self._encrypt,
            "decrypt/sop": self._decrypt,
            "keys/sop/rotate": self._rotate,
            "keys/sop/config": self._config,
        }
        for name, act in acts.items():
            server.expect_request(f"{path}/{name}").respond_with_handler(self._guarded(name, act))

    def _guarded(self, name: str, act: Any) -> Any:
        def handle(request: Request) -> Response:
            self.requests.append(name)
            if self.fail_with:
                return Response("{}", status=self.fail_with)
            if request.headers.get("X-Vault-Token") != TOKEN:
                return Response('{"errors":["permission denied"]}', status=403)
            told = act(json.loads(request.data or b"{}"))
            return told if isinstance(told, Response) else Response(json.dumps({"data": told}), status=200)

        return handle

    def _read(self, body: dict[str, Any]) -> Any:
        return {"latest_version": max(self.keys), "min_decryption_version": self.lowest}

    def _encrypt(self, body: dict[str, Any]) -> Any:
        nonce, version = os.urandom(12), body["key_version"]
        sealed = AESGCM(self.keys[version]).encrypt(
            nonce, base64.b64decode(body["plaintext"]), base64.b64decode(body["associated_data"])
        )
        return {"ciphertext": f"vault:v{version}:{base64.b64encode(nonce + sealed).decode()}"}

    def _decrypt(self, body: dict[str, Any]) -> Any:
        _, version, text = body["ciphertext"].split(":")
        number, blob = int(version[1:]), base64.b64decode(text)
        if number < self.lowest:
            return Response('{"errors":["ciphertext version is disallowed by policy (too old)"]}', status=400)
        try:
            plain = AESGCM(self.keys[number]).decrypt(blob[:12], blob[12:], base64.b64decode(body["associated_data"]))
        except InvalidTag:
            return Response('{"errors":["cipher: message authentication failed"]}', status=400)
        return {"plaintext": base64.b64encode(plain).decode()}

    def _rotate(self, body: dict[str, Any]) -> Any:
        self.keys[max(self.keys) + 1] = os.urandom(32)
        return Response(status=204)

    def _config(self, body: dict[str, Any]) -> Any:
        self.lowest = body["min_decryption_version"]
        return Response(status=204)
