"""Where packages are: what pip is set to, in uv's own words."""

import os
import re
import subprocess
from pathlib import Path

# What pip is told about where packages are, uv must be told in its own words.
_AS_UV = {
    "index-url": "UV_DEFAULT_INDEX",
    "extra-index-url": "UV_INDEX",
    "find-links": "UV_FIND_LINKS",
    "no-index": "UV_NO_INDEX",
    "cert": "SSL_CERT_FILE",
}
_PIP_SETTING = re.compile(r"(?P<where>:env:|install|global)\.(?P<name>[a-z-]+)='(?P<value>.*)'")


def uv_surroundings(python: Path) -> dict[str, str]:
    """The environment for uv: ours, and what pip's own settings say about indexes and certificates."""
    asked = subprocess.run([python, "-m", "pip", "config", "list"], capture_output=True, text=True, check=False)
    found: dict[str, str] = {}
    # Later ones win: the environment over `install` over `global`.
    for where in ("global", "install", ":env:"):
        for setting in _PIP_SETTING.finditer(asked.stdout):
            if setting["where"] == where and setting["name"] in _AS_UV:
                several = setting["value"].replace("\\n", " ").split()
                found[_AS_UV[setting["name"]]] = ("," if setting["name"] == "find-links" else " ").join(several)
    # Every index is asked, as pip does it: the hash decides, not the place.
    return {"UV_INDEX_STRATEGY": "unsafe-best-match", "UV_NO_PROGRESS": "1"} | found | dict(os.environ)
