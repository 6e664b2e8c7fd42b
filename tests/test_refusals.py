"""Parameters that cannot be meant: each file of tests/broken is refused with its first line.

To add a message: write a file whose first line is ``# `` and what spmlib is to say about it, then
`python -m tests.test_refusals` writes ``docs/errors.md`` anew.
"""

from __future__ import annotations

import ast
import re
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from spmlib.core import parameters, written
from spmlib.core.errors import ParameterError, PlanError
from spmlib.core.parameters import number
from spmlib.incent.calculation import Parameters, calculated
from spmlib.revops.maturity import answers
from spmlib.revops.maturity import written as questionnaire
from spmlib.revops.maturity.answers import Answer
from spmlib.rules import crediting, measures, plans
from spmlib.rules.spiffs import written as spiffs
from tests import small

ROOT = Path(__file__).resolve().parents[1]
BROKEN = ROOT / "tests" / "broken"
KINDS = {
    "plans": "Plans",
    "measures": "Measures",
    "crediting": "Crediting rules",
    "spiffs": "SPIFFs",
    "maturity": "Answers on maturity",
    "parameters": "Any parameter file",
}
FILES = sorted(file for kind in KINDS for file in (BROKEN / kind).glob("*.yaml"))
SOUND = small.parameters(BROKEN / "sound")
ASKED = questionnaire.read(ROOT / "parameters/policies/maturity.yaml")
SAID = re.compile(r"[^\n:]+\.yaml:\d+: [^\n]+; [^\n]+\.")
READING = (
    *("core/written", "core/parameters", "rules/plans", "rules/refusals", "rules/combinations"),
    *(
        "rules/modifiers",
        "rules/payments",
        "rules/payment_words",
        "rules/measures",
        "rules/crediting",
        "rules/filters",
        "rules/spiffs/written",
        "rules/spiffs/standings",
        "incent/earning/spiffs",
        "revops/maturity/answers",
    ),
)


def test_the_parameters_beside_the_broken_ones_are_sound():
    calculated(company("seller"), SOUND)


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.stem}")
def test_each_broken_file_is_refused_with_its_first_line(file: Path):
    expected = file.read_text("utf-8", "replace").splitlines()[0].removeprefix("# ")
    kind = PlanError if file.parent.name == "plans" else ParameterError
    with pytest.raises(kind) as refused:
        used(file)
    assert str(refused.value) == expected
    assert SAID.fullmatch(expected)


def test_every_refusal_in_the_code_is_seen(tmp_path: Path):
    asked: set[tuple[str, int]] = set()
    with watching(asked):
        for refused in [*(partial(used, file) for file in FILES), *UNKEPT.values()]:
            with pytest.raises(ParameterError):
                refused() if isinstance(refused, partial) else refused(new_folder(tmp_path))
    unseen = [
        f"{module}.py:{start}"
        for module in READING
        for start, end in refusals(ROOT / "spmlib" / f"{module}.py")
        if not any((module, line) in asked for line in range(start, end + 1))
    ]
    assert unseen == []


def test_errors_page_is_made_from_the_broken_files():
    assert (ROOT / "docs" / "errors.md").read_text("utf-8") == page()


# --- what no file can hold -----------------------------------------------------------------------


def a_file_that_is_not_there(folder: Path) -> None:
    crediting.read(folder / "crediting.yaml")


def a_folder_in_the_place_of_a_file(folder: Path) -> None:
    measures.read(folder)


def a_file_as_long_as_a_table(folder: Path) -> None:
    (folder / "measures.yaml").write_text("#" * (written.LARGEST + 1))
    measures.read(folder / "measures.yaml")


def a_folder_without_plans(folder: Path) -> None:
    plans.read(folder, SOUND.measures)


def a_plan_that_ends_in_yml(folder: Path) -> None:
    shutil.copy(BROKEN / "sound/plans/seller.yaml", folder / "seller.yaml")
    shutil.copy(BROKEN / "sound/plans/seller.yaml", folder / "buyer.yml")
    plans.read(folder, SOUND.measures)


def a_spiff_that_ends_in_yml(folder: Path) -> None:
    (folder / "rush.yml").write_text("spiff: rush\n")
    spiffs.read(folder, SOUND.measures)


def an_answer_to_no_question(folder: Path) -> None:
    answers.checked([Answer("clsoe", 1)], ASKED)


def a_question_answered_twice(folder: Path) -> None:
    answers.checked([Answer("close", 1), Answer("close", 2)], ASKED)


UNKEPT = {
    "answers: there is no question 'clsoe'; write 'close'": an_answer_to_no_question,
    "answers: 'close' is answered twice for all its teams": a_question_answered_twice,
    "rush.yml:1: the name of a SPIFF ends in .yaml; name it rush.yaml.": a_spiff_that_ends_in_yml,
    "crediting.yaml: there is no such file; write it, or correct": a_file_that_is_not_there,
    "new: it cannot be read (Is a directory); let this": a_folder_in_the_place_of_a_file,
    "measures.yaml:1: the file is too long; keep it below": a_file_as_long_as_a_table,
    "new: there is no plan; write one, e.g. account_executive.yaml.": a_folder_without_plans,
    "buyer.yml:1: the name of a plan ends in .yaml; name it buyer.yaml.": a_plan_that_ends_in_yml,
}


@pytest.mark.parametrize("message", UNKEPT)
def test_what_no_file_can_hold_is_refused(message: str, tmp_path: Path):
    with pytest.raises(ParameterError) as refused:
        UNKEPT[message](new_folder(tmp_path))
    assert message in str(refused.value)


@pytest.mark.parametrize("rate", ["1", "100%", "-1", "0.08", "8%", "800%"])
def test_a_rate_up_to_one_or_in_percent_is_taken_as_written(rate: str):
    plan = (BROKEN / "sound/plans/seller.yaml").read_text().replace("rate: 8%", f"rate: {rate}")
    assert outcome(plan.encode()) is None


@pytest.mark.parametrize("rate", ["1.0001", "8", "-1.5"])
def test_a_rate_above_one_without_percent_is_refused(rate: str):
    plan = (BROKEN / "sound/plans/seller.yaml").read_text().replace("rate: 8%", f"rate: {rate}")
    assert f"write {rate}% if percent is meant" in str(outcome(plan.encode()))


@pytest.mark.parametrize("digits", ["1", "-90_000.00", "+8", "999_999_999_999.9999999999", "007"])
def test_numbers_are_read_exactly(digits: str):
    assert str(number(written.word(digits, "x.yaml:1"))) == str(number(digits)).lstrip("+")


# --- any other way to break a file ---------------------------------------------------------------

PLAN_FILES = [*sorted((ROOT / "parameters" / "plans").glob("*.yaml"))]
WORDS = [
    *("8", "-8%", "1e9", "0x10", "12:30", "NO", "~", "null", "", "quota", "transaction", "{}"),
    *("[]", "[[1]]", "{a: b}", "2026-02-30", "{2026-01-01: 5}", "!!python/name:os.system x"),
    *("!!binary aGk=", "&a x", "*a", "'", '"', "|", ">", "<<", "%", "@", "\ufeff", "9" * 400),
    *("\t", "- ", "# ", "target", "interpolate", "restate", "place", "whole", "٨%", "8 %"),
]


@settings(max_examples=400, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_however_a_plan_is_broken_it_is_a_plan_or_refused_in_one_sentence(data: Any):
    content = data.draw(st.sampled_from(PLAN_FILES)).read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        content = data.draw(st.sampled_from(MUTATIONS))(content, data.draw)
    error = outcome(content.encode("utf-8", "surrogatepass"), SAMPLE_MEASURES)
    assert error is None or (isinstance(error, PlanError) and SAID.fullmatch(str(error)))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=200))
def test_bytes_are_refused_in_one_sentence(content: bytes):
    error = outcome(content)
    assert isinstance(error, PlanError) and SAID.fullmatch(str(error))


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_however_measures_and_crediting_are_broken_they_are_refused_in_one_sentence(data: Any):
    name, read = data.draw(st.sampled_from(list(READERS.items())))
    content = (ROOT / "parameters" / f"{name}.yaml").read_text("utf-8")
    for _ in range(data.draw(st.integers(1, 4))):
        content = data.draw(st.sampled_from(MUTATIONS))(content, data.draw)
    file = scratch(f"{name}.yaml", content.encode("utf-8", "surrogatepass"))
    error = refusal(read, file)
    assert error is None or SAID.fullmatch(str(error))


def drop_a_line(content: str, draw: Any) -> str:
    lines = content.splitlines() or [""]
    del lines[draw(st.integers(0, len(lines) - 1)) : draw(st.integers(0, len(lines)))]
    return "\n".join(lines)


def repeat_a_line(content: str, draw: Any) -> str:
    lines = content.splitlines() or [""]
    line = lines[draw(st.integers(0, len(lines) - 1))]
    lines.insert(draw(st.integers(0, len(lines))), line)
    return "\n".join(lines)


def swap_two_words(content: str, draw: Any) -> str:
    words = re.split(r"([\w%.]+)", content)
    one, other = (draw(st.integers(0, len(words) - 1)) for _ in "ab")
    words[one], words[other] = words[other], words[one]
    return "".join(words)


def change_a_word(content: str, draw: Any) -> str:
    words = re.split(r"([\w%.]+)", content)
    words[draw(st.integers(0, len(words) - 1))] = draw(st.sampled_from(WORDS))
    return "".join(words)


def indent_a_line(content: str, draw: Any) -> str:
    lines = content.splitlines() or [""]
    place = draw(st.integers(0, len(lines) - 1))
    lines[place] = draw(st.sampled_from([" ", "  ", "\t", "- ", "? ", "  - "])) + lines[place]
    return "\n".join(lines)


def change_a_character(content: str, draw: Any) -> str:
    place = draw(st.integers(0, len(content)))
    return content[:place] + draw(st.characters()) + content[place + 1 :]


def nest_a_part(content: str, draw: Any) -> str:
    place, depth = draw(st.integers(0, len(content))), draw(st.sampled_from([1, 50, 20_000]))
    return content[:place] + draw(st.sampled_from(["[", "{a: ", "- "])) * depth + content[place:]


MUTATIONS = [
    *(drop_a_line, repeat_a_line, swap_two_words, change_a_word),
    *(indent_a_line, change_a_character, nest_a_part),
]
READERS = {"measures": measures.read, "crediting": crediting.read}
SCRATCH = TemporaryDirectory()
SAMPLE_MEASURES = measures.read(ROOT / "parameters" / "measures.yaml")


# --- how a file is put to use --------------------------------------------------------------------


def used(file: Path) -> None:
    """A parameter file read, and a small company paid by it."""
    said, plan = SOUND, "seller"
    if file.parent.name == "parameters":
        written.read(file)
    elif file.parent.name == "plans":
        plan = file.stem
        said = replace(SOUND, plans={plan: plans.plan(file, SOUND.measures)})
    elif file.parent.name == "spiffs":
        spiff = spiffs.told(parameters.read(file), file.stem, SOUND.measures)
        said = replace(SOUND, spiffs={file.stem: spiff})
    elif file.parent.name == "maturity":
        answers.read(file, ASKED)
    elif file.parent.name == "measures":
        said = measured(measures.read(file))
    else:
        said = replace(SOUND, crediting=crediting.read(file))
    calculated(company(plan), said)


def measured(counted: dict[str, measures.Measure]) -> Parameters:
    """The sound plan with a component for each measure."""
    sound = SOUND.plans["seller"]
    component = sound.components["bookings"]
    parts = {name: replace(component, name=name, measure=name) for name in counted}
    return replace(SOUND, measures=counted, plans={"seller": replace(sound, components=parts)})


def company(plan: str) -> Any:
    """One seller, one sale."""
    payee, position = small.person("A", plan)
    sale = small.sale("T1", "A", date(2026, 1, 5), 100)
    quotas = [small.quota("A", 1000)]
    return small.company(payees=[payee], positions=[position], transactions=[sale], quotas=quotas)


def outcome(content: bytes, counted: Any = SOUND.measures) -> ParameterError | None:
    """How a plan file of that content is refused, if it is."""
    name = re.search(rb"plan: (\w+)", content)
    file = scratch(f"{name[1].decode()[:50] if name else 'plan'}.yaml", content)
    return refusal(plans.plan, file, counted)


def refusal(read: Callable[..., Any], *given_: Any) -> ParameterError | None:
    """How a reader refuses what it is given, if it does."""
    try:
        read(*given_)
    except ParameterError as error:
        return error
    return None


def scratch(name: str, content: bytes) -> Path:
    """A file of that content, in a folder of this run."""
    file = Path(SCRATCH.name) / name
    file.write_bytes(content)
    return file


def new_folder(parent: Path) -> Path:
    """An empty folder named new."""
    shutil.rmtree(parent / "new", ignore_errors=True)
    (parent / "new").mkdir()
    return parent / "new"


@contextmanager
def watching(asked: set[tuple[str, int]]) -> Iterator[None]:
    """Which lines of the reading modules run."""
    names = {str(ROOT / "spmlib" / f"{module}.py"): module for module in READING}

    def within(frame: FrameType, event: str, _: Any) -> Any:
        asked.add((names[frame.f_code.co_filename], frame.f_lineno))
        return within

    def entered(frame: FrameType, event: str, _: Any) -> Any:
        return within if frame.f_code.co_filename in names else None

    before = sys.gettrace()
    sys.settrace(entered)
    try:
        yield
    finally:
        sys.settrace(before)


def refusals(module: Path) -> Iterator[tuple[int, int]]:
    """First and last line of each call of `refuse` and each refusal yielded."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        called = isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refuse"
        given_ = isinstance(node, ast.Yield) and isinstance(node.value, ast.Tuple)
        if called or given_:
            yield node.lineno, node.end_lineno or node.lineno


def page() -> str:
    """``docs/errors.md``: every message there is, by kind of file."""
    parts = ["# Messages\n\nWhat spmlib says about parameters that cannot be meant: where, what is"]
    parts[0] += " wrong; what would be right.\nGenerated from `tests/broken`; a test keeps it so.\n"
    for kind, title in KINDS.items():
        parts.append(f"\n## {title}\n\n")
        for file in (f for f in FILES if f.parent.name == kind):
            said = file.read_text("utf-8", "replace").splitlines()[0].removeprefix("# ")
            parts.append(f"- {said}\n")
    return "".join(parts)


if __name__ == "__main__":
    (ROOT / "docs" / "errors.md").write_text(page(), "utf-8")
