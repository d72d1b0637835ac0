"""The installer resolves nothing, uses uv where it is, and says so aloud where it is not."""

import stat
import sys
from pathlib import Path

import pytest

from deploy.bootstrap import installer

ROOT = Path(__file__).resolve().parents[2]
# A Python that writes down what it is asked for. `pip` of the planted uv lock "brings" uv, or fails.
PYTHON = """#!/bin/sh
echo "python $*" >> {log}
case "$*" in
*"config list"*) cat {settings} ;;
*installer.txt*) [ -e {no_uv} ] && echo "no matching wheel" && exit 1; cp {uv} {bin}/uv ;;
*pip*install*) [ -e {no_pip} ] && echo "the index is away" && exit 1; exit 0 ;;
esac
exit 0
"""
UV = """#!/bin/sh
echo "uv $*" >> {log}
env | grep -E "^(UV_|SSL_CERT)" >> {log}
[ -e {broken_uv} ] && echo "uv fell over" && exit 2
exit 0
"""


@pytest.fixture
def desk(tmp_path: Path) -> dict[str, Path]:
    bin_ = tmp_path / "venv" / "bin"
    bin_.mkdir(parents=True)
    names = ("log", "settings", "no_uv", "no_pip", "broken_uv", "uv")
    places = {name: tmp_path / name for name in names} | {"bin": bin_}
    places["settings"].touch()
    for path, text in ((bin_ / "python", PYTHON), (places["uv"], UV)):
        path.write_text(text.format(**places))
        path.chmod(path.stat().st_mode | stat.S_IXUSR)
    for name in ("base", "local", "installer"):
        (tmp_path / f"{name}.txt").write_text(f"{name}==1 \\\n    --hash=sha256:00\n")
    return places | {"folder": tmp_path}


def install(desk: dict[str, Path]) -> tuple[list[str], list[str]]:
    told: list[str] = []
    locks = [desk["folder"] / "base.txt", desk["folder"] / "local.txt"]
    installer.install(desk["bin"] / "python", locks, desk["folder"] / "installer.txt", told.append)
    return desk["log"].read_text().splitlines(), told


def test_uv_is_brought_by_pip_and_installs_the_locks(desk: dict[str, Path]) -> None:
    done, told = install(desk)
    orders = [line for line in done if "install" in line]
    assert orders[0].startswith("python -m pip install")
    assert orders[0].endswith("installer.txt")
    assert orders[1].startswith("uv pip install")
    assert len(orders) == 2
    assert told == ["installing 2 locked packages"]


def test_every_order_resolves_nothing_and_takes_only_known_wheels(desk: dict[str, Path]) -> None:
    desk["broken_uv"].touch()
    orders = [line for line in install(desk)[0] if "install" in line]
    assert len(orders) == 3
    for order in orders:
        assert "--no-deps --require-hashes --only-binary :all:" in order


@pytest.mark.parametrize(("fault", "words"), [("no_uv", "no matching wheel"), ("broken_uv", "uv fell over")])
def test_without_uv_pip_installs_all_and_says_why(desk: dict[str, Path], fault: str, words: str) -> None:
    desk[fault].touch()
    done, told = install(desk)
    assert done[-1].startswith("python -m pip install")
    assert "base.txt" in done[-1]
    assert "local.txt" in done[-1]
    assert any(words in line and "pip" in line for line in told)


def test_when_pip_fails_too_its_words_are_passed_on(desk: dict[str, Path]) -> None:
    desk["no_uv"].touch()
    desk["no_pip"].touch()
    with pytest.raises(installer.NotInstalled, match="the index is away"):
        install(desk)


def test_uv_is_told_what_pip_is_set_to(desk: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("UV_DEFAULT_INDEX", raising=False)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    desk["settings"].write_text(
        ":env:.index-url='https://mirror.example/simple'\nglobal.index-url='https://old.example/simple'\n"
        "global.cert='/etc/mirror.pem'\nglobal.find-links='/a\\n/b'\nglobal.timeout='180'\n"
    )
    done, _ = install(desk)
    assert "UV_DEFAULT_INDEX=https://mirror.example/simple" in done
    assert "SSL_CERT_FILE=/etc/mirror.pem" in done
    assert "UV_FIND_LINKS=/a,/b" in done
    assert "UV_INDEX_STRATEGY=unsafe-best-match" in done


def test_uvs_own_settings_win(desk: dict[str, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_DEFAULT_INDEX", "https://mine.example/simple")
    desk["settings"].write_text("global.index-url='https://old.example/simple'\n")
    assert "UV_DEFAULT_INDEX=https://mine.example/simple" in install(desk)[0]


def test_a_slow_installation_is_awaited_and_tells_how_far_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(installer, "TELL_EVERY_SECONDS", 0.01)
    go = tmp_path / "go"
    told: list[str] = []

    def say(line: str) -> None:
        told.append(line)
        if len(told) == 3:
            go.touch()

    wait = "import pathlib, sys, time\nwhile not pathlib.Path(sys.argv[1]).exists(): time.sleep(0.01)"
    installer._watch([sys.executable, "-c", wait, str(go)], lambda: "1 of 2 in place", say)
    assert len(told) >= 3
    assert told[0].startswith("1 of 2 in place after ")


def test_the_image_is_made_the_same_way() -> None:
    recipe = (ROOT / "Dockerfile").read_text()
    assert recipe.count("--no-deps --require-hashes --only-binary :all:") == 2
    assert "uv pip install" in recipe
