"""The demonstration: start everything, drive one second opinion through it, keep serving."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

from deploy.bootstrap.environment import ROOT, say
from deploy.bootstrap.start_wait import StartWait, tree_seconds


def demo(python: Path, rest: list[str]) -> int:
    """Serve, run the journey against it, and go on until Ctrl-C; ``--once`` ends with the journey's status."""
    once = "--once" in rest
    begun = time.monotonic()
    command = [str(python), "manage.py", "serve", "--seed", "--logs", "files"]
    # In a session of its own: Ctrl-C is for us, and we say when the product stops.
    server = subprocess.Popen(command, cwd=ROOT, start_new_session=True)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    try:
        url = _await_ready(server)
        if url is None:
            return server.returncode or 1
        say(f"started in {time.monotonic() - begun:.1f} s; now one second opinion, from start to end")
        status = subprocess.call([str(python), "-m", "tests.journey", "--base-url", url], cwd=ROOT)
        if once:
            return status
        _say_where(url, status)
        return server.wait()
    except KeyboardInterrupt:
        return 0
    finally:
        _stop(server)


def _await_ready(server: "subprocess.Popen[bytes]") -> str | None:
    """The address that answers ready; None when the server ended or no longer gets on."""
    data = Path(os.environ.get("SOP_DATA_DIR") or ROOT / ".local")
    wait = StartWait(lambda: tree_seconds(server.pid))
    while server.poll() is None:
        time.sleep(0.15)
        if url := _ready_at(data, server.pid):
            return url
        if reason := wait.ends():
            sys.stderr.write(f"\nNot ready: {reason}. Logs: {data / 'logs'}\n")
            return None
        if news := wait.news():
            say(news)
    return None


def _ready_at(data: Path, pid: int) -> str | None:
    try:
        state = json.loads((data / "run" / "serving.json").read_text())
        if state["pid"] != pid:
            return None
        with urllib.request.urlopen(f"{state['url']}/readyz", timeout=30) as answer:  # noqa: S310  our own address
            return str(state["url"]) if answer.status == 200 else None
    except (OSError, ValueError, urllib.error.URLError):
        return None


def _say_where(url: str, status: int) -> None:
    held = "every step held" if status == 0 else f"the journey FAILED with status {status}"
    data = Path(os.environ.get("SOP_DATA_DIR") or ROOT / ".local")
    lines = (
        "",
        f"  {held}",
        f"  API documentation   {url}/api/docs",
        f"  Dashboard           {url}/dashboard/",
        f"  Administration      {url}/admin/",
        f"  Logs, mails, report {data}",
        *logins(data / "demo" / "accounts.json"),
        "  Ctrl-C ends it; the data stay.",
        "",
    )
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def logins(path: Path) -> list[str]:
    """Whom one can sign in as; what two people decide has two of them."""
    try:
        known: dict[str, dict[str, str]] = json.loads(path.read_text())
    except (OSError, ValueError) as error:
        return [f"  No logins: {path} cannot be read ({error})"]
    rows = (
        f"    {name.replace('_', ' '):22}{login['email']:36}{'code by ' + login['totp'] if 'totp' in login else 'API'}"
        for name, login in known.items()
    )
    password = next((login["password"] for login in known.values()), "")
    return [f"  Logins, password “{password}”, code from an authenticator app with the secret:", *rows]


def _stop(server: "subprocess.Popen[bytes]") -> None:
    if server.poll() is not None:
        return
    server.send_signal(signal.SIGINT)
    try:
        server.wait(40)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
