"""Who may see which page: what is written, what is not, and what can not be meant."""

from __future__ import annotations

import pytest

from spmlib.core.errors import ParameterError
from spmlib.workbench.project import OWN, Project
from spmlib.workbench.sharing import readers
from spmlib.workbench.sharing.readers import Policy, Reader

NAMES = ("10_forecast", "20_crediting", "24_estimator")
SAID = """\
person: [payee, manager]
pages:
  10_forecast: everyone
  24_estimator: [managers, person]
"""


def policy(tmp_path, text, names=NAMES):
    path = tmp_path / "shared.yaml"
    path.write_text(text, encoding="utf-8")
    return readers.read(path, names)


def seen(said, reader, **settings):
    return [name for name in NAMES if said.shows(name, settings, reader)]


def test_each_sees_what_is_written_for_them_and_finance_alone_what_is_not(tmp_path):
    said = policy(tmp_path, SAID)
    assert seen(said, Reader("everyone")) == ["10_forecast"]
    assert seen(said, Reader("managers")) == ["10_forecast", "24_estimator"]
    assert seen(said, Reader("finance")) == ["10_forecast", "20_crediting"]
    assert seen(said, Reader("person", "H1"), payee="H1") == ["10_forecast", "24_estimator"]
    assert seen(said, Reader("person", "H1"), payee="H2") == ["10_forecast"]


def test_a_page_is_ones_own_if_it_names_one_person_once():
    said = Policy(("payee", "manager"), {})
    assert said.owner({"payee": "H1", "manager": "", "top": "5"}) == "H1"
    assert said.owner({"payee": "H1", "manager": "H2"}) is None
    assert said.owner({"payee": "H1", "manager": "H1"}) is None  # a team's page of its manager
    assert said.owner({"payee": "", "period": "2026-10"}) is None
    assert said.owner({}) is None


def test_nobody_owns_a_page_that_is_of_nobody():
    said = Policy(("payee",), {"24_estimator": ("person",)})
    assert not said.shows("24_estimator", {"payee": ""}, Reader("person", ""))
    assert not said.shows("24_estimator", {}, Reader("person", ""))


def test_without_a_file_finance_alone_sees_anything(tmp_path):
    said = readers.read(tmp_path / "none.yaml", NAMES)
    assert seen(said, Reader("finance")) == list(NAMES)
    for reader in (Reader("everyone"), Reader("managers"), Reader("person", "H1")):
        assert seen(said, reader, payee="H1") == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("pages:\n  10_forcast: finance\n", "shared.yaml:2: '10_forcast' is not a word of the no"),
        ("pages:\n  10_forecast: manager\n", "shared.yaml:2: 'manager' is no reader; write 'man"),
        ("pages:\n  10_forecast: []\n", "shared.yaml:2: nobody may see the page of '10_forecast'"),
        ("pages:\n  10_forecast: [person]\n", "nothing says whose page it is; add `person: [pa"),
        ("pages: all\n", "'pages' is not written as `name: value`"),
        ("person: [payee]\n", "'pages' is missing"),
        ("sites: {}\npages: {10_forecast: finance}\n", "'sites' is not a word of a policy of"),
    ],
)
def test_what_can_not_be_meant_is_refused_with_its_line(tmp_path, text, says):
    with pytest.raises(ParameterError) as refused:
        policy(tmp_path, text)
    assert says in str(refused.value)


def test_a_command_names_one_reader():
    assert readers.reader("managers", "") == Reader("managers")
    assert str(readers.reader("", "H1064")) == "H1064"
    for group, person, says in [
        ("", "", "for whom: say one; --for everyone|managers|finance, or --person H1064"),
        ("finance", "H1064", "for whom: say one"),
        ("manager", "", "--for manager: there is no such group; write 'managers'"),
        ("person", "", "--for person: there is no such group"),
    ]:
        with pytest.raises(ParameterError, match="--for") as refused:
            readers.reader(group, person)
        assert says in str(refused.value)


def test_every_notebook_of_the_workbench_says_who_may_see_its_page():
    names = [path.stem for path in OWN.glob("[!_]*.ipynb")]
    said = readers.read(Project(OWN.parent).parameters / readers.FILE, names)
    assert sorted(said.pages) == sorted(names)
