"""The wheel: it holds all that a server needs, and is not built where that is missing."""

import os
import re
import shutil
import subprocess
import sys
import urllib.request
from pathlib import Path

from tests import servers
from tests.servers import ROOT

LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "node_modules", "vendor", "tests", "*.egg-info", "build", "dist")


def _wheel(source: Path, into: Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pip", "wheel", "--no-deps", "--no-build-isolation", "--no-cache-dir"]
    return subprocess.run([*command, "-w", str(into), str(source)], capture_output=True, text=True, check=False)


def _source(tmp_path: Path) -> Path:
    copy = tmp_path / "source"
    shutil.copytree(ROOT, copy, ignore=LEFT_OUT)
    return copy


def test_a_wheel_without_browser_code_is_not_built(tmp_path: Path) -> None:
    built = _wheel(_source(tmp_path), tmp_path / "wheels")
    assert built.returncode != 0
    assert "lacks 00_dayjs.js" in built.stdout + built.stderr
    assert not list((tmp_path / "wheels").glob("*.whl"))


def test_an_installed_wheel_serves_without_a_checkout(tmp_path: Path, monkeypatch) -> None:
    source = _source(tmp_path)
    shutil.copytree(ROOT / "dashboard/assets/vendor", source / "dashboard/assets/vendor")
    built = _wheel(source, tmp_path / "wheels")
    assert built.returncode == 0, built.stderr
    [wheel] = (tmp_path / "wheels").glob("*.whl")
    installed, data = tmp_path / "installed", tmp_path / "data"
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(installed), str(wheel)]
    subprocess.run(command, check=True)
    data.mkdir()
    url = f"sqlite:///{data / 'muster.sqlite'}"
    known = {**os.environ, "PYTHONPATH": str(installed), "MUSTER_DATABASE_URL": url, "MUSTER_DATA_DIR": str(data)}
    people = ["--administrator", "ada.nowak", "--administrator", "ben.osei"]
    asked = subprocess.run(
        [sys.executable, "-m", "dashboard", "init", *people],
        cwd=data,
        env=known,
        capture_output=True,
        text=True,
        check=False,
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    monkeypatch.setattr(servers, "ROOT", installed)
    server = servers.serve_as_product(url, data)
    try:
        for address in ("/sign-in", "/assets/vendor/LICENCES.txt", "/ready"):
            with urllib.request.urlopen(f"{server.address}{address}") as answer:  # noqa: S310 - our own server
                assert answer.status == 200
                assert re.search(rb"\S", answer.read())
    finally:
        server.stop()
