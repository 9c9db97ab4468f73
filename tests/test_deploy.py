"""What `deploy/` ships: hardened, from the lock files, with settings that Muster knows; judged by what is at hand."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from dashboard.__main__ import cli
from dashboard.settings import PREFIX, Settings
from operations.timetable import signals

ROOT = Path(__file__).parents[1]
DEPLOY = ROOT / "deploy"
UNITS = sorted((DEPLOY / "systemd").glob("*.service"))
COMMANDS = {command.name or command.callback.__name__ for command in cli.registered_commands if command.callback}
OF_OTHERS = {"MUSTER_IMAGE", "MUSTER_NAME", "MUSTER_PASSWORD", "MUSTER_OWNER_PASSWORD"}
"""Variables of the compose file and of the script that makes the roles, not of Muster."""


def compose() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return read


def of_muster() -> dict[str, Any]:
    return {name: service for name, service in compose()["services"].items() if "build" in service}


def test_every_setting_that_is_named_is_one() -> None:
    known = {f"{PREFIX}{name.upper()}{end}" for name in Settings.model_fields for end in ("", "_FILE")} | OF_OTHERS
    for path in filter(Path.is_file, DEPLOY.rglob("*")):
        assert set(re.findall(r"\bMUSTER_[A-Z_]+\b", path.read_text(encoding="utf-8"))) <= known, path.name


def test_every_container_of_muster_is_without_rights_and_cannot_write_its_root() -> None:
    assert set(of_muster()) == {"prepare", "web-1", "web-2", "timetable", "worker"}
    for name, service in of_muster().items():
        assert service["read_only"], name
        assert service["cap_drop"] == ["ALL"], name
        assert "no-new-privileges:true" in service["security_opt"], name
        assert "ports" not in service, "only the proxy is reached from outside"
        assert service["command"][0] in COMMANDS, name


@pytest.mark.requirement("ASVS 13.2.2")
def test_only_what_prepares_the_tables_knows_their_owner() -> None:
    assert [name for name, service in of_muster().items() if "MUSTER_OWNER_URL" in service["environment"]] == [
        "prepare"
    ]


def test_the_settings_of_the_web_processes_are_served(monkeypatch: pytest.MonkeyPatch) -> None:
    told = of_muster()["web-1"]["environment"]
    values = {name: re.sub(r"\$\{\w+(:[?-])?\}", "muster.example", value) for name, value in told.items()}
    for name, value in {**values, "MUSTER_HOST": "0.0.0.0"}.items():  # noqa: S104 - as the image says
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.refusal, settings.secure) == ("", True)
    assert compose()["services"]["proxy"]["networks"]["inside"]["ipv4_address"] == settings.trusted_proxies


def pods() -> dict[str, dict[str, Any]]:
    """The pods of the manifests of Kubernetes, by the name of what keeps them."""
    listed = yaml.safe_load((DEPLOY / "kubernetes.yaml").read_text(encoding="utf-8"))["items"]
    return {
        each["metadata"]["name"]: each["spec"]["template"]["spec"]
        for each in listed
        if "template" in each.get("spec", {})
    }


def test_every_pod_is_without_rights_and_cannot_write_its_root() -> None:
    assert set(pods()) == {"muster-prepare", "muster-web", "muster-timetable", "muster-worker"}
    for name, pod in pods().items():
        [container] = pod["containers"]
        assert (pod["securityContext"]["runAsNonRoot"], pod["automountServiceAccountToken"]) == (True, False), name
        rights = container["securityContext"]
        assert (rights["readOnlyRootFilesystem"], rights["allowPrivilegeEscalation"]) == (True, False), name
        assert rights["capabilities"] == {"drop": ["ALL"]}, name
        assert container["args"][0] in COMMANDS, name
        known = {volume["name"] for volume in pod["volumes"]}
        assert {mount["name"] for mount in container["volumeMounts"]} <= known, name
        owner = any(variable["name"] == "MUSTER_OWNER_URL" for variable in container["env"])
        assert owner == (name == "muster-prepare"), "only what prepares the tables knows their owner"


@pytest.mark.requirement("ASVS 15.3.4", "ASVS 4.1.3")
def test_the_proxies_pass_on_no_address_that_a_browser_claims() -> None:
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert "header_up X-Forwarded-For {remote_host}" in caddy
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "X-Forwarded-For $remote_addr;" in nginx
    assert "$proxy_add_x_forwarded_for" not in nginx
    assert {"web-1:8060", "web-2:8060"} <= set(caddy.split())


def test_the_proxies_hand_no_question_for_metrics_on() -> None:
    assert "location = /metrics { return 404; }" in (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert "respond /metrics 404" in (DEPLOY / "Caddyfile").read_text(encoding="utf-8")


def test_each_answer_asks_for_tls_once_as_muster_does_it_already() -> None:
    """Of two such headers browsers read the first alone (RFC 6797, 8.1)."""
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    assert nginx.count("add_header Strict-Transport") == nginx.count("proxy_hide_header Strict-Transport") == 1
    caddy = (DEPLOY / "Caddyfile").read_text(encoding="utf-8")
    assert caddy.count("\t\tStrict-Transport-Security ") == caddy.count("header_down -Strict-Transport-Security") == 1


@pytest.mark.requirement("ASVS 12.2.1", "ASVS 4.1.2")
def test_a_program_that_speaks_without_tls_is_refused_and_people_are_led_on() -> None:
    nginx = (DEPLOY / "nginx.conf").read_text(encoding="utf-8").partition("listen 443")[0]
    assert re.search(r"location /api/ \{ return 403; \}.*\n\s*location / \{ return 301 https://", nginx)
    plain = (
        (DEPLOY / "Caddyfile").read_text(encoding="utf-8").partition("http://{$MUSTER_NAME} {")[2].partition("}\n\n")[0]
    )
    assert re.search(
        r"@pages not path /api/\*\n\s*redir @pages https://\{host\}\{uri\} permanent\n\s*respond 403", plain
    )


def test_every_alert_has_one_row_that_says_what_to_do() -> None:
    guide = (ROOT / "docs" / "administrator.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| `(\w+)` \|.+\|.+\|$", guide.partition("## Alerts")[2].partition("\n## ")[0], re.MULTILINE)
    alerts = [signal.name for signal in signals.SIGNALS if signal.alert] + list(signals.OTHER_ALERTS)
    assert sorted(rows) == sorted(alerts)


@pytest.mark.requirement("ASVS 2.1.3")
def test_every_setting_has_one_row_in_the_guide() -> None:
    guide = (ROOT / "docs" / "administrator.md").read_text(encoding="utf-8")
    table = guide.partition("## All settings")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| `MUSTER_([A-Z_]+)` \|", table, re.MULTILINE)
    assert rows == [name.upper() for name in Settings.model_fields]


@pytest.mark.requirement("R80")
def test_the_image_runs_without_root_from_the_lock_file() -> None:
    text = (DEPLOY / "Containerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER 10001:10001$", text, re.MULTILINE)
    assert "--require-hashes --only-binary :all: -r requirements/runtime.txt" in text
    assert all(re.search(r":\d", line) for line in re.findall(r"^FROM (\S+)", text, re.MULTILINE))
    assert (ROOT / "requirements/runtime.txt").read_text(encoding="utf-8").count("\npsycopg-binary==") == 1
    kept = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    assert {".git", ".venv", "node_modules", "var", "deploy/.env"} <= set(kept)


@pytest.mark.skipif(not shutil.which("hadolint"), reason="hadolint is not here")
def test_the_linter_of_images_has_nothing_to_say() -> None:
    told = subprocess.run(["hadolint", DEPLOY / "Containerfile"], capture_output=True, text=True, check=False)
    assert (told.returncode, told.stdout) == (0, "")


@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_a_unit_runs_a_command_of_muster_and_is_hardened(unit: Path) -> None:
    told = dict(re.findall(r"^(\w+)=(.*)$", unit.read_text(encoding="utf-8"), re.MULTILINE))
    assert told["ExecStart"].split()[1] in COMMANDS
    assert (told["User"], told["NoNewPrivileges"], told["ProtectSystem"], told["UMask"]) == (
        *("postgres" if unit.stem == "muster-base" else "muster", "yes", "strict", "0077"),
    )


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not here")
@pytest.mark.parametrize("unit", UNITS, ids=lambda unit: unit.name)
def test_systemd_understands_a_unit_and_calls_it_little_exposed(unit: Path, tmp_path: Path) -> None:
    copy = tmp_path / unit.name
    copy.write_text(unit.read_text(encoding="utf-8").replace("/opt/muster/bin/muster", "/bin/true"))
    verified = subprocess.run(["systemd-analyze", "verify", copy], capture_output=True, text=True, check=False)
    assert (verified.returncode, verified.stderr) == (0, "")
    judged = ["systemd-analyze", "security", "--offline=true", "--threshold=20", copy]
    assert subprocess.run(judged, capture_output=True, check=False).returncode == 0, "exposed by more than 2.0 of 10"


@pytest.mark.rest
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("tool", ["podman", "docker"])
def test_the_image_is_built_and_runs_on_a_root_that_cannot_be_written(tool: str) -> None:
    if not shutil.which(tool):
        pytest.skip(f"{tool} is not here")
    command = [tool, "build", "--file", DEPLOY / "Containerfile", "--tag", "muster:test", ROOT]
    assert subprocess.run(command, check=False).returncode == 0
    made = [tool, "run", "--rm", "--read-only", "--tmpfs=/tmp", "--cap-drop=ALL", "muster:test", "init"]
    assert subprocess.run(made, check=False).returncode == 0


def test_the_script_that_makes_the_roles_is_one_that_the_shell_understands() -> None:
    assert subprocess.run(["sh", "-n", DEPLOY / "database.sh"], check=False).returncode == 0
