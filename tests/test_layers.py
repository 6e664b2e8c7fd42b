"""Who may import whom: core <- rules <- the four areas, core <- show; workbench may import all."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parents[1] / "spmlib"
AREAS = ("orchestrate", "incent", "motivate", "revops")  # they meet in tables
BELOW = {
    "core": {"core"},
    "rules": {"core", "rules"},
    **{area: {"core", "rules", area} for area in AREAS},
    "show": {"core", "show"},
    "workbench": {"core", "rules", *AREAS, "show", "workbench"},
}
MODULES = sorted(p for p in PACKAGE.rglob("*.py") if p.parent != PACKAGE)


def imported(path: Path) -> set[str]:
    """The parts of spmlib that a module imports, wherever in it."""
    names = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path.name}:{node.lineno}: write the import out in full"
            names |= {f"{node.module}.{alias.name}" for alias in node.names}
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
    return {name.split(".")[1] for name in names if name.startswith("spmlib.")}


@pytest.mark.parametrize("path", MODULES, ids=lambda p: p.relative_to(PACKAGE).as_posix())
def test_imports_point_down(path):
    part = path.relative_to(PACKAGE).parts[0]
    assert imported(path) <= BELOW[part]


def test_the_test_sees_an_import_that_points_up(tmp_path):
    module = tmp_path / "module.py"
    module.write_text("def f():\n    from spmlib.incent import x\n    import spmlib.show.y\n")
    assert imported(module) == {"incent", "show"}
