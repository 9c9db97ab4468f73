"""The wheel: it holds all that a server needs, and is not built where that is missing."""

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import urllib.request
from pathlib import Path

import pytest

from tests import servers
from tests.servers import ROOT

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "vendor", "tests", "*.egg-info", "build", "dist")


def _wheel(source: Path, into: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    return subprocess.run([*command, "-w", str(into), str(source)], capture_output=True, text=True, check=False)


def _source(tmp_path: Path) -> Path:
    copy = tmp_path / "source"
    tmp_path.mkdir(exist_ok=True)
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    return copy


def test_a_wheel_without_browser_code_is_not_built(tmp_path: Path) -> None:
    built = _wheel(_source(tmp_path), tmp_path / "wheels")
    assert built.returncode != 0
    assert "lacks 00_dayjs.js" in built.stdout + built.stderr
    assert not list((tmp_path / "wheels").glob("*.whl"))


def _prepared(folder: Path) -> Path:
    source = _source(folder)
    shutil.copytree(ROOT / "dashboard/assets/vendor", source / "dashboard/assets/vendor")
    return source


@pytest.mark.requirement("R88")
def test_two_builds_of_a_prepared_tree_are_the_same_bytes(tmp_path: Path) -> None:
    built = []
    for name in ("one", "two"):
        source = _prepared(tmp_path / name)
        for path in source.rglob("*"):
            os.utime(path)  # as after another checkout, at another moment
        made = _wheel(source, tmp_path / name / "wheels")
        assert made.returncode == 0, made.stderr
        [wheel] = (tmp_path / name / "wheels").glob("*.whl")
        built.append((wheel.name, wheel.read_bytes()))
    assert built[0] == built[1]


def _fresh_environment(folder: Path, wheel: Path) -> Path:
    """A new environment with the wheel in it, and the packages of the lock file: no checkout, and no npm."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(folder)], check=True)
    python = folder / "bin" / "python"
    [site] = folder.glob("lib/python*/site-packages")
    (site / "locked.pth").write_text(f"{sysconfig.get_path('purelib')}\n")  # a .pth that lies in there is not read
    install = [sys.executable, "-m", "pip", "--python", str(python), "install", "--quiet", "--no-deps", "--no-index"]
    subprocess.run([*install, "--force-reinstall", str(wheel)], check=True)
    return python


@pytest.mark.requirement("ASVS 13.4.1")
def test_an_installed_wheel_serves_pages_with_their_scripts_without_a_checkout(tmp_path: Path, monkeypatch) -> None:
    built = _wheel(_prepared(tmp_path), tmp_path / "wheels")
    assert built.returncode == 0, built.stderr
    [wheel] = (tmp_path / "wheels").glob("*.whl")
    python, data = _fresh_environment(tmp_path / "fresh", wheel), tmp_path / "data"
    data.mkdir(mode=0o700)
    url = f"sqlite:///{data / 'muster.sqlite'}"
    known = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    known |= {"MUSTER_DATABASE_URL": url, "MUSTER_DATA_DIR": str(data), "PATH": "/usr/bin:/bin"}
    where = subprocess.run(
        [python, "-c", "import operations; print(operations.__file__)"], cwd=data, env=known, capture_output=True
    )
    assert str(tmp_path / "fresh") in where.stdout.decode(), where.stderr.decode()

    [vendor] = (tmp_path / "fresh").glob("lib/python*/site-packages/dashboard/assets/vendor")
    assert all(
        (vendor / name).exists() for name in ("00_dayjs.js", "LICENCES.txt", "later/plotly.js", "icons", "fonts")
    )
    paper = "from dashboard.papers import paper, typesetter; typesetter.pdf(paper.Paper('T', '', '', ()))"
    printed = subprocess.run([python, "-c", paper], cwd=data, env=known, capture_output=True, check=False)
    assert printed.returncode == 0, printed.stderr.decode()

    def muster(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [str(python.with_name("muster")), *arguments]
        return subprocess.run(command, cwd=data, env=known, capture_output=True, text=True, check=False)

    asked = muster("init", "--administrator", "ada.nowak", "--administrator", "ben.osei")
    assert asked.returncode == 0, asked.stdout + asked.stderr
    copied = muster("backup")
    assert copied.returncode == 0, copied.stderr
    checked = muster("check")
    assert (checked.returncode, "WRONG" in checked.stdout) == (0, False), checked.stdout + checked.stderr
    monkeypatch.setattr(servers, "ROOT", data)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setenv("PYTHONPATH", "")
    server = servers.serve_as_product(url, data)
    try:
        page = _read(f"{server.address}/sign-in").decode()
        parts = re.findall(r'(?:src|href)="(/[^"]+\.(?:js|css)[^"]*)"', page)
        assert parts
        for address in (*parts, "/ready"):
            assert re.search(rb"\S", _read(f"{server.address}{address}")), address
    finally:
        server.stop()


def _read(address: str) -> bytes:
    with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own server
        assert answer.status == 200
        return answer.read()
