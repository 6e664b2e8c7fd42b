"""The tutorials are followed, block by block: what a page shows is what its reader gets."""

from __future__ import annotations

import re

import pytest

from tests.docs import tutorials

OWN_DATA, PLAN = "tutorial_own_data.md", "tutorial_plan.md"


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """Both pages, followed one after the other in one folder, as the second one asks."""
    folder = tmp_path_factory.mktemp("company")
    with pytest.MonkeyPatch.context() as here:
        here.chdir(folder)
        return {name: list(tutorials.followed(name, folder)) for name in (OWN_DATA, PLAN)}


@pytest.mark.parametrize(("name", "commands"), [(OWN_DATA, 4), (PLAN, 9)])
def test_what_is_shown_is_what_one_gets(told, name, commands):
    assert len(told[name]) == commands
    for where, shown, got in told[name]:
        assert got == shown, where


def test_each_step_pays_what_the_table_on_top_says(told):
    march = [got for where, _, got in told[PLAN] if where.endswith("explain S1 2026-03")]
    due = re.findall(r"(?m)^Due in USD +([\d,.]+)$", "\n".join(march))
    assert due == steps()


def test_arithmetic_of_the_plan():
    """The steps by hand: 180,000, 220,000 and 160,000 against a quota of 500,000."""
    table = [180_000 * 7, 70_000 * 7 + 150_000 * 9, 100_000 * 9 + 60_000 * 13]  # hundredths
    paid = [160_000 * 8, 160_000 * 9, table[2], 4_500_000 - sum(table[:2]), 4_500_000]
    assert [f"{amount / 100:,.2f}" for amount in paid] == steps()


def steps() -> list[str]:
    """Ada's March, step by step, as the table on top of the page has it."""
    page = (tutorials.DOCS / PLAN).read_text(encoding="utf-8")
    return re.findall(r"(?m)^\| \d \|.*?\| ([\d,.]+\d)", page)


@pytest.mark.parametrize("name", [OWN_DATA, PLAN])
def test_every_block_is_followed(name):
    """A block that is neither a file nor commands would be shown, and never run."""
    page = (tutorials.DOCS / name).read_text(encoding="utf-8")
    found = tutorials.blocks(name)
    assert len(found) == page.count("```") / 2
    for block in found:
        assert block.path or block.language == "console", f"{name}:{block.line}"
        assert not block.path or f"`{block.path}`" in page


@pytest.mark.parametrize("name", [OWN_DATA, PLAN])
def test_its_links_lead_somewhere(name):
    page = (tutorials.DOCS / name).read_text(encoding="utf-8")
    links = re.findall(r"\]\(([\w.]+)\)", page)
    named = re.findall(r"`(notebooks/\w+\.ipynb)`", page)
    assert links
    assert [link for link in links if not (tutorials.DOCS / link).is_file()] == []
    assert [path for path in named if not (tutorials.DOCS.parent / path).is_file()] == []
