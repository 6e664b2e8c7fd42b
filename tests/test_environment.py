"""environment.yml, pyproject.toml and requirements.lock ask for the same."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[1]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text("utf-8"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
CONDA_NAME = {
    "duckdb": "python-duckdb",
    "great-tables": "great_tables",
    "matplotlib": "matplotlib-base",
    "ortools": "ortools-python",
    "psycopg-binary": "psycopg-c",  # conda compiles it against its own libpq
    "typst": "typst-py",
}
ASKED = [
    Requirement(line) for line in PROJECT["dependencies"] + PROJECT["optional-dependencies"]["test"]
]
PYTHONS = ["3.11", "3.12", "3.13"]


def specifiers():
    plain = [line for line in CONDA["dependencies"] if isinstance(line, str)]
    parts = [re.fullmatch(r"([a-z0-9_.-]+)([<>=!~].*)?", line) for line in plain]
    names = [part[1] for part in parts]
    assert len(set(names)) == len(names), "listed twice"
    return {part[1]: SpecifierSet(part[2] or "") for part in parts}


def test_conda_users_get_what_pip_users_get():
    asked = {canonicalize_name(wanted.name): wanted.specifier for wanted in ASKED}
    conda = {CONDA_NAME.get(name, name): specifier for name, specifier in asked.items()}
    given = specifiers()
    assert given.pop("python") == SpecifierSet(PROJECT["requires-python"])
    given.pop("pip")
    assert given == conda


def test_conda_forge_only_and_the_package_itself_last():
    assert CONDA["channels"] == ["conda-forge", "nodefaults"]
    assert CONDA["dependencies"][-1] == {"pip": ["-e ."]}
    assert "pip" in CONDA["dependencies"], "conda warns when it has to guess the pip to use"


def test_the_lock_has_one_exact_version_of_all_that_is_asked_for_on_every_python():
    lines = [Requirement(line.rstrip(" \\")) for line in LOCK.splitlines() if line[:1].isalnum()]
    for python in PYTHONS:
        here = {"python_version": python, "python_full_version": f"{python}.9"}
        locked = {
            canonicalize_name(line.name): line
            for line in lines
            if line.marker is None or line.marker.evaluate(here)
        }
        for wanted in ASKED:
            (exact,) = locked[canonicalize_name(wanted.name)].specifier
            assert exact.operator == "=="
            assert wanted.specifier.contains(exact.version), wanted.name


def test_every_locked_file_has_its_hash():
    blocks = re.split(r"(?m)^(?=[a-z0-9])", LOCK)[1:]
    assert len(blocks) > 100
    assert all("--hash=sha256:" in block for block in blocks)
