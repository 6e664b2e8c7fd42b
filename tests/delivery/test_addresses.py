"""Nothing goes where it does not belong: each reason, at its edges."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from spmlib.workbench.post import addresses
from spmlib.workbench.post.addresses import Person

DAY = date(2026, 11, 27)
ANN = Person("A", "Ann", "ann@firm.example")


def why(person: Person | None, **said) -> str:
    usual = {"twice": frozenset(), "allowed": frozenset(), "domains": (), "gone_on": DAY}
    return addresses.reason_not_to(person, **(usual | said))


@pytest.mark.parametrize(
    "good",
    [
        "a@firm.example",
        "a.b+c@firm.example",
        "o'neil@firm.example",
        "a@localhost",
        f"{'a' * 64}@firm.example",
        "a@xn--bcher-kva.example",
    ],
)
def test_an_address_is_taken(good):
    assert addresses.wrong(good) == ""


@pytest.mark.parametrize(
    "bad",
    [
        *("", "a", "@firm.example", "a@", "a@@firm.example", "a b@firm.example", " a@firm.example"),
        *("a@firm.example ", "a@firm.example,b@firm.example", "a@firm.example;b@firm.example"),
        *("Ann <a@firm.example>", "<a@firm.example>", "a@firm..example", ".a@firm.example"),
        *("a.@firm.example", "a@-firm.example", "a@firm.example.", '"a b"@firm.example'),
        *("a@[127.0.0.1]", "a@firm.example\r\nRCPT TO:<b@firm.example>", "a@firm.example\n"),
        *("a\x00@firm.example", f"{'a' * 65}@firm.example", f"a@{'b' * 63}.{'c' * 200}.example"),
        *("ä@firm.example", "a@bücher.example", "a@firm.example\u202e", "a%0d%0ab@@firm"),
    ],
)
def test_what_is_not_one_plain_address_is_not(bad):
    assert addresses.wrong(bad) != ""
    assert why(Person("A", "Ann", bad)) != ""


def test_who_is_unknown_or_has_none_gets_nothing():
    assert why(None) == "nobody has this payee_id"
    assert why(Person("A", "Ann", "")) == "there is no address"
    assert why(ANN) == ""


def test_two_people_of_one_address_get_nothing_unless_it_is_allowed():
    people = [ANN, Person("B", "Bob", "Ann@Firm.Example"), Person("C", "Cy", "cy@firm.example")]
    twice = addresses.shared(people)
    assert twice == {"ann@firm.example"}
    assert why(ANN, twice=twice) == why(people[1], twice=twice) != ""
    assert why(people[2], twice=twice) == ""
    assert why(ANN, twice=twice, allowed=frozenset(["ann@firm.example"])) == ""


def test_post_stays_within_the_domains():
    assert why(ANN, domains=("firm.example",)) == ""
    assert why(Person("A", "Ann", "ann@FIRM.example"), domains=("firm.example",)) == ""
    for other in ("ann@firm.example.org", "ann@sub.firm.example", "ann@notfirm.example"):
        assert why(Person("A", "Ann", other), domains=("firm.example",)) != ""


@pytest.mark.parametrize(("days", "goes"), [(-1, False), (0, False), (1, True)])
def test_who_has_left_gets_nothing_from_the_first_day_no_longer_employed(days, goes):
    leaver = Person("A", "Ann", "ann@firm.example", DAY + timedelta(days))
    assert (why(leaver) == "") == goes
    assert why(leaver, gone_on=None) == ""


@pytest.mark.parametrize("name", ["Ann\r\nBcc: x@y.example", "Ann\u2028", "Ann\u202enaB", "A\x00"])
def test_a_name_that_holds_what_nobody_sees_gets_nothing(name):
    assert "nobody sees" in why(Person("A", name, "ann@firm.example"))
