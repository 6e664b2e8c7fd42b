"""The recipes of docs/scheduling: their files are what cron, systemd and GitHub read."""

from __future__ import annotations

import configparser
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from spmlib.workbench.cli import app

ROOT = Path(__file__).resolve().parents[2]
FOLDER, PAGE = ROOT / "docs/scheduling", ROOT / "docs/scheduling.md"
NAMES = ("spm-monthly.service", "spm-monthly.timer", "spm-monthly.cron", "github-actions.yml")
SPM, COMPANY = "/srv/spm/.venv/bin/spm", "/srv/spm/company"
FIELDS = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))  # of crontab(5)
PART = re.compile(r"(\*|\d+(-\d+)?)(/\d+)?")
UNITS = {  # systemd.unit(5), systemd.service(5), systemd.exec(5), systemd.timer(5)
    "spm-monthly.service": {
        "Unit": {"Description", "Wants", "After"},
        "Service": {
            *("Type", "User", "Group", "WorkingDirectory", "Environment", "EnvironmentFile"),
            *("ExecStart", "SuccessExitStatus", "TimeoutStartSec", "UMask", "NoNewPrivileges"),
            *("PrivateTmp", "ProtectSystem", "ProtectHome", "ReadWritePaths"),
        },
    },
    "spm-monthly.timer": {
        "Unit": {"Description"},
        "Timer": {"OnCalendar", "Persistent"},
        "Install": {"WantedBy"},
    },
}
WORKFLOW = {"name", "on", "permissions", "concurrency", "jobs"}
JOB = {"runs-on", "timeout-minutes", "defaults", "env", "steps"}
STEP = {"name", "run", "uses", "with", "env"}


def written(name: str) -> str:
    return (FOLDER / name).read_text(encoding="utf-8")


def unit(name: str) -> configparser.ConfigParser:
    read = configparser.ConfigParser(interpolation=None, delimiters="=")
    read.optionxform = str  # type: ignore[assignment]  # capitals count
    read.read_string(written(name))
    return read


def commands() -> list[str]:
    """Every call of spm in the recipes and on their page."""
    text = "\n".join([*map(written, NAMES), PAGE.read_text(encoding="utf-8")])
    return re.findall(r"(?m)(?:^ {4}|/|&& )(spm monthly[^\n#`]*)", text)


def cron_is_valid(when: str) -> bool:
    """Whether five fields are days and hours as crontab(5) has them."""
    fields = when.split()
    return len(fields) == len(FIELDS) and all(
        PART.fullmatch(part) and all(low <= int(n) <= high for n in re.findall(r"\d+", part))
        for field, (low, high) in zip(fields, FIELDS, strict=True)
        for part in field.split(",")
    )


def test_all_that_lies_there_is_named_on_the_page():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(NAMES)
    page = PAGE.read_text(encoding="utf-8")
    for name in NAMES:
        assert f"(scheduling/{name})" in page


def test_every_command_is_one_that_spm_takes():
    found = commands()
    assert len(found) >= 6
    command = get_command(app).commands["monthly"]
    for line in found:
        words = shlex.split(re.split(r" {2,}", line)[0])[2:]
        context = command.make_context("monthly", words)  # refuses a word it does not know
        assert context.params["period"]
        assert not context.params["close"] or "--close" in line


@pytest.mark.parametrize("name", UNITS)
def test_a_unit_has_the_sections_and_keys_that_systemd_knows(name):
    read = unit(name)
    assert set(read.sections()) == set(UNITS[name])
    for section, keys in UNITS[name].items():
        assert set(read[section]) <= keys


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd-analyze")
def test_systemd_itself_takes_the_units(tmp_path):
    for name in UNITS:
        text = written(name).replace(SPM, sys.executable).replace(COMPANY, str(tmp_path))
        (tmp_path / name).write_text(text, encoding="utf-8")
    paths = [str(tmp_path / name) for name in UNITS]
    made = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *paths],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (made.returncode, [line for line in made.stderr.splitlines() if "spm-" in line]) == (
        0,
        [],
    )
    when = unit("spm-monthly.timer")["Timer"]["OnCalendar"]
    subprocess.run(["systemd-analyze", "calendar", when], capture_output=True, check=True)


def test_the_service_writes_where_it_may_and_busy_is_no_failure():
    service = unit("spm-monthly.service")["Service"]
    assert service["ProtectSystem"] == "strict"
    written_in = service["ReadWritePaths"]
    assert Path(COMPANY).is_relative_to(written_in)
    home = service["Environment"].removeprefix("HOME=")
    assert Path(home).is_relative_to(written_in)  # Jupyter keeps its kernels' addresses there
    assert service["SuccessExitStatus"] == "75"
    assert service["UMask"] == "0077"
    assert service["WorkingDirectory"] == COMPANY


def test_the_cron_file_has_settings_and_one_line_that_starts_it():
    lines = [line for line in written("spm-monthly.cron").splitlines() if line[:1] not in "#"]
    settings = [line for line in lines if re.fullmatch(r"[A-Z]+=\S+", line)]
    (line,) = [line for line in lines if line not in settings]
    *when, user, command = line.split(maxsplit=6)
    assert cron_is_valid(" ".join(when))
    assert user == "spm"
    assert "%" not in command  # cron would end the command there
    subprocess.run(["sh", "-n", "-c", command], check=True)


def test_the_workflow_is_yaml_with_the_words_that_github_knows():
    read = yaml.safe_load(written("github-actions.yml"))
    assert set(read) == WORKFLOW  # "on" is quoted: bare it would be true
    assert set(read["on"]) == {"schedule", "workflow_dispatch"}
    assert all(cron_is_valid(one["cron"]) for one in read["on"]["schedule"])
    assert read["concurrency"]["cancel-in-progress"] is False
    assert read["permissions"] == {"contents": "read"}
    for job in read["jobs"].values():
        assert set(job) <= JOB
        assert "self-hosted" in job["runs-on"]  # pay stays where it is
        for step in job["steps"]:
            assert set(step) <= STEP
            assert "${{" not in step["run"]  # what somebody types is never a part of a script
            subprocess.run(["bash", "-n", "-c", step["run"]], check=True)


@pytest.mark.parametrize(
    ("when", "valid"),
    [
        ("0 6 1-5 * *", True),
        ("*/5 0,12 * 1-12 7", True),
        ("60 6 1 * *", False),
        ("0 24 1 * *", False),
        ("0 6 0 * *", False),
        ("0 6 1 *", False),
        ("0 6 first * *", False),
    ],
)
def test_what_is_no_time_for_cron_is_told(when, valid):
    assert cron_is_valid(when) == valid


@pytest.mark.nightly
def test_the_command_of_cron_runs_with_as_little_as_cron_gives_it(firm, tmp_path):
    shim = tmp_path / "spm"
    call = f"exec {shlex.quote(sys.executable)} -c 'from spmlib.workbench.cli import app; app()'"
    shim.write_text(f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} {call} "$@"\n', "utf-8")
    shim.chmod(0o700)
    firm.workbench.notebook("20_crediting", "print('as cron runs it')")
    (line,) = re.findall(r"(?m)^0 6 .* spm (cd .*)$", written("spm-monthly.cron"))
    line = line.replace(SPM, str(shim)).replace(COMPANY, str(firm.root))
    line = line.replace("--period last", "--period last --day 2026-11-01")
    bare = {"PATH": "/usr/bin:/bin", "HOME": str(tmp_path), "SHELL": "/bin/sh"}
    made = subprocess.run(
        ["/bin/sh", "-c", line], env=bare, cwd="/", capture_output=True, text=True, check=False
    )
    assert made.returncode == 0, made.stderr
    assert "as cron runs it" in (firm.results / "20_crediting.html").read_text("utf-8")
    assert (firm.results / "20_crediting.html").stat().st_mode & 0o077 == 0
