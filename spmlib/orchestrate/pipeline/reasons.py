"""Reasons: why a deal's chance differs from that of the others, in words.

What a label adds to the log odds of closing, and of winning, is turned into how many times it
makes the chance of the average open deal; labels of one kind are taken together.
"""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats, Whole
from spmlib.orchestrate.pipeline.chances import Fit, Labels

MOST = 3
LEAST = 1.15  # times, below which a reason is not worth a word
KINDS = {  # which kind of label a crossed one belongs to
    "category and due": "category",
    "stage and due": "stage",
    "place and age": "age",
    "place": "",
    "lead": "",
    "all": "",
}
SAID = {
    "stage": "in stage {}",
    "category": "called {}",
    "age": "open for {} days",
    "staying": "in its stage for {} days",
    "pushes": "put off {} times",
    "amount": "amount: {}",
    "owner": "its seller's record",
}
DUE = {
    "in it": "due in the period",
    "after": "due later",
    "before": "due earlier",
    "overdue": "its date has passed",
    "not known": "no date given",
}
COUNTS = {
    "0": "never put off",
    "1": "put off once",
    "2": "put off twice",
    "3": "put off 3 times or more",
}


def reasons(fit: Fit, labels: Labels, which: Whole) -> list[str]:
    """The strongest reasons of some rows, each as a phrase with how many times it counts.

    Args:
        fit: what labels add.
        labels: of all rows.
        which: the rows to speak of; what is usual is their mean.
    """
    codes = labels.codes[which]
    if not len(codes):
        return []
    kinds = [KINDS.get(name, name) for name in labels.columns]
    every = [kind for kind in dict.fromkeys(kinds) if kind]
    closing, winning = fit.closing[codes], fit.winning[codes]
    left = 1 - fit.closes(codes), 1 - fit.wins(codes)
    effects = np.stack(
        [
            _effect(closing, np.array(kinds) == kind) * left[0]
            + _effect(winning, np.array(kinds) == kind) * left[1]
            for kind in every
        ],
        axis=1,
    )
    order = np.argsort(-np.abs(effects), axis=1)[:, :MOST]
    at = {kind: kinds.index(kind) for kind in every}
    return [
        "; ".join(
            f"{_said(labels.words[codes[row, at[every[k]]]])} (x {np.exp(effects[row, k]):.1f})"
            for k in of_row
            if abs(effects[row, k]) >= np.log(LEAST)
        )
        for row, of_row in enumerate(order.tolist())
    ]


def _effect(added: Floats, columns: Whole) -> Floats:
    """What columns add to each row's log odds, less what they add on average."""
    total = added[:, columns].sum(axis=1)
    return total - total.mean()


def _said(label: tuple[str, str]) -> str:
    kind, word = label
    if kind == "due":
        return DUE[word]
    if kind == "pushes":
        return COUNTS[word]
    return SAID.get(kind, f"{kind.removesuffix('_id')} {{}}").format(word.replace("_", " "))
