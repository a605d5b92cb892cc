"""The files for operators fit the programs, and each other."""

import json
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from prometheus_client import REGISTRY
from prometheus_client.metrics import MetricWrapperBase
from prometheus_client.parser import text_string_to_metric_families
from ruamel.yaml import YAML
from typer.main import get_command

from bot.cli import app
from bot.settings import ROOT
from bot.telemetry import installation, metrics

DEPLOY = ROOT / "deploy"
ALERTS = DEPLOY / "prometheus" / "alertas.yml"
DASHBOARD = DEPLOY / "grafana" / "tributa.json"
# Of Prometheus itself, and labels that its configuration gives.
GIVEN = {"up": {"job", "program", "instance"}}
ADDED = {"job", "program", "instance", "le"}
_WORDS = re.compile(
    r"\b(by|without|on|ignoring|group_left|group_right|offset|and|or|unless|sum|min|max|count|topk|rate|time"
    r"|increase|histogram_quantile)\b"
)


def alerts() -> list[dict[str, Any]]:
    """The alert rules."""
    return [rule for group in YAML(typ="safe").load(ALERTS)["groups"] for rule in group["rules"]]


def queries() -> Iterator[tuple[str, str]]:
    """Every query with where it is."""
    yield from ((rule["alert"], rule["expr"]) for rule in alerts())
    panels = json.loads(DASHBOARD.read_text())["panels"]
    yield from ((panel["title"], one["expr"]) for panel in panels for one in panel.get("targets", []))


def check(*command: str, cwd: Path) -> str:
    """Run a checker that must find nothing; what it says to operators."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stderr


@pytest.fixture
def figures() -> Iterator[dict[str, set[str]]]:
    """The labels of every figure that a program can show."""
    figures = installation.Figures({("q", "todo"): 1}, {"q": 1.0}, 1, 1, 0.0, 1.0)
    installation.show({"motor": True}, figures)
    for one in vars(metrics).values():
        if isinstance(one, MetricWrapperBase) and one._labelnames:
            one.labels(*one._labelnames)
    found: dict[str, set[str]] = dict(GIVEN)
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    yield found
    installation.show({}, None)
    for one in vars(metrics).values():
        if isinstance(one, MetricWrapperBase) and one._labelnames:
            one.remove(*one._labelnames)


def test_every_query_asks_for_what_there_is(figures: dict[str, set[str]]) -> None:
    """Alerts and panels name figures that are shown, and labels that these have."""
    seen = set()
    for where, query in queries():
        plain = re.sub(r'"[^"]*"', '""', query)
        names = set(
            re.findall(
                r"\b[a-z_]+_(?:total|seconds|bytes|bucket|count|sum|up|info|jobs|passages)\b|\bup\b", plain
            )
        )
        assert names and names <= figures.keys(), (where, names - figures.keys())
        labels = set().union(*(figures[name] for name in names)) | ADDED
        used = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)\s*\"", plain))
        grouped = re.findall(r"\b(?:by|without|on|ignoring)\s*\(([^)]*)\)", plain)
        used |= {label.strip() for group in grouped for label in group.split(",")}
        assert used <= labels, (where, used - labels)
        rest = re.sub(r"\{[^}]*\}|\[[^]]*\]|\([\w, ]*\)", "", _WORDS.sub("", plain))
        unknown = set(re.findall(r"\b[a-z]\w{3,}\b", rest)) - names
        assert not unknown, (where, unknown)
        seen |= names
    own = {name for name in figures if name.startswith("tributa_")}
    shown = {re.sub(r"_(bucket|count|sum)$", "", name) for name in seen}
    assert {re.sub(r"_(bucket|count|sum)$", "", name) for name in own} <= shown | {
        "tributa_http_requests_total"
    }


def test_names_are_as_prometheus_wants_them() -> None:
    """Our own figures have our prefix, base units, and few labels."""
    for family in REGISTRY.collect():
        if family.name.startswith(("process_", "python_")):
            continue
        assert family.name.startswith("tributa_")
        assert not re.search(r"_(ms|millis|minutes|kb|mb|count)$", family.name)
        assert family.documentation


def test_every_alert_is_explained() -> None:
    """In docs/operacion.md, with what to do; each is told how grave it is."""
    text = (ROOT / "docs" / "operacion.md").read_text()
    told = set(re.findall(r"^\| `([A-Z][a-z]\w+)` \|", text, re.MULTILINE))
    assert told == {rule["alert"] for rule in alerts()}
    assert {rule["labels"]["severity"] for rule in alerts()} == {"grave", "aviso"}


def test_the_programs_of_one_machine_find_each_other() -> None:
    """Procfile, nginx and Prometheus name the same ports, and commands that exist."""
    lines = [one for one in (DEPLOY / "Procfile").read_text().splitlines() if not one.startswith("#")]
    programs = dict(line.split(": ", 1) for line in lines)
    commands = get_command(app).commands
    ports: dict[str, list[str]] = {"api": [], "engine": [], "worker": []}
    for name, line in programs.items():
        if name == "nginx":
            continue
        words = shlex.split(line)
        command = words[words.index("./tributa") + 1]
        assert command in commands and name.startswith(command)
        [own] = re.findall(r"TRIBUTA_PORT=(\d+)|--port (\d+)|TRIBUTA_METRICS=127\.0\.0\.1:(\d+)", line)
        ports[command].append("".join(own))
    assert {name: len(set(many)) for name, many in ports.items()} == {"api": 2, "engine": 2, "worker": 2}
    nginx = (DEPLOY / "nginx.conf").read_text()
    assert re.findall(r"server 127\.0\.0\.1:(\d+)", nginx) == ports["api"] + ports["engine"]
    for address in re.findall(r"(?:ENGINE_URL|ACTIONS_URL)=http://(127\.0\.0\.1:\d+)", " ".join(lines)):
        assert f"listen {address};" in nginx
    scraped = YAML(typ="safe").load(DEPLOY / "prometheus" / "prometheus.yml")["scrape_configs"][0]
    targets = [one for config in scraped["static_configs"] for one in config["targets"]]
    assert targets == [f"127.0.0.1:{port}" for port in ports["api"] + ports["worker"]]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed")
def test_units_are_right(tmp_path: Path) -> None:
    """As systemd reads them, with the commands of this checkout."""
    names = []
    for unit in (DEPLOY / "systemd").iterdir():
        text = unit.read_text().replace("/opt/tributa/tributa", str(ROOT / "tributa"))
        name = unit.name.replace("@", "@1")
        for one in {unit.name, name}:
            (tmp_path / one).write_text(text.replace("User=tributa", "User=root"))
        names.append(name)
        command = re.search(r"^ExecStart=\S+ (\w+)", text, re.MULTILINE)
        assert command is None or command[1] in get_command(app).commands
    assert check("systemd-analyze", "verify", "--man=no", *sorted(names), cwd=tmp_path) == ""


@pytest.mark.skipif(shutil.which("promtool") is None, reason="Prometheus is not installed")
def test_prometheus_takes_every_query(tmp_path: Path) -> None:
    """Rules and configuration by its own checker; panels' queries as rules."""
    rules = [{"record": f"panel:{n}", "expr": query} for n, (_, query) in enumerate(queries())]
    panels = tmp_path / "panels.yml"
    panels.write_text(json.dumps({"groups": [{"name": "panels", "rules": rules}]}))
    check("promtool", "check", "config", str(DEPLOY / "prometheus" / "prometheus.yml"), cwd=tmp_path)
    check("promtool", "check", "rules", str(panels), cwd=tmp_path)


@pytest.mark.skipif(shutil.which("nginx") is None, reason="nginx is not installed")
def test_nginx_takes_its_configuration(tmp_path: Path) -> None:
    """By its own checker."""
    check("nginx", "-e", "stderr", "-t", "-p", ".", "-c", str(DEPLOY / "nginx.conf"), cwd=tmp_path)
