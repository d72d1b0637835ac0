"""The official client, tus-js-client, against a live server: stopped in the middle, gone on with, ended."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from cases.models import Document, ResumableUpload, UploadPart
from tests.cases.support import Story
from tests.client import access_token

ROOT = Path(__file__).parents[3]
SCRIPT = Path(__file__).with_name("upload_by_tus.cjs")


def node() -> str:
    found = shutil.which("node")
    if found and (ROOT / "node_modules" / "tus-js-client").is_dir():
        return found
    reason = "The official client needs node and `npm ci` in the project's root."
    if os.environ.get("CI") == "true":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.mark.slow
@pytest.mark.django_db(transaction=True, databases="__all__")
def test_the_official_client_stops_goes_on_and_ends(live_server) -> None:
    program, story = node(), Story()
    content = b"Patient: Maria Keller\nborn 17.04.1961\n" + b"A line of a long letter.\n" * 20_000
    asked = {
        "endpoint": f"{live_server.url}/api/v1/documents/tus",
        "token": access_token(story.patient),
        "case_id": str(story.id),
        "name": "letter.txt",
        "type": "text/plain",
        "chunk": 100_000,
        "content": base64.b64encode(content).decode(),
    }
    done = subprocess.run(
        [program, str(SCRIPT)], input=json.dumps(asked).encode(), capture_output=True, check=False, timeout=600
    )
    assert done.returncode == 0, done.stderr.decode()
    told = json.loads(done.stdout)
    assert told["first"]["url"] == told["second"]["url"]
    assert min(told["second"]["seen"]) >= told["first"]["accepted"] >= 100_000
    document = Document.objects.get()
    assert (document.sha256, document.size) == (hashlib.sha256(content).hexdigest(), len(content))
    assert ResumableUpload.objects.get().finished
    assert not UploadPart.objects.exists()
