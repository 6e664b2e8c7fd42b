"""Envelopments, shrinkage and comparisons beside published figures and hand arithmetic."""

from __future__ import annotations

import numpy as np
import pytest

from spmlib.incent.benchmarking.frontier.envelopments import enveloped, scales, super_efficiency
from spmlib.incent.benchmarking.frontier.hulls import hull, order
from spmlib.incent.benchmarking.frontier.places import comparison
from spmlib.incent.benchmarking.frontier.shrinkage import james_stein, kept, pulled_in
from spmlib.incent.benchmarking.frontier.units import Model

# Cooper, Seiford, Tone, "Data Envelopment Analysis", 2nd edition.
STORES = [2, 3, 3, 4, 5, 5, 6, 8], [1, 3, 2, 3, 4, 2, 3, 5]  # table 1.1: employees, sales
SIX = [(4, 3), (7, 3), (8, 1), (4, 2), (2, 4), (10, 1)], [1] * 6  # example 2.2
HOSPITALS = (  # table 1.5: doctors and nurses; outpatients and inpatients
    [
        *[(20, 151), (19, 131), (25, 160), (27, 168), (22, 158), (55, 255)],
        *[(33, 235), (31, 206), (30, 244), (50, 268), (53, 306), (38, 284)],
    ],
    [
        *[(100, 90), (150, 50), (160, 55), (180, 72), (94, 66), (230, 90)],
        *[(220, 88), (152, 80), (190, 100), (250, 100), (260, 147), (250, 120)],
    ],
)
# Färe, Lovell, Simar's eleven units, as the tests of DataEnvelopmentAnalysis.jl have them from R.
ELEVEN = (
    [
        *[(5, 13), (16, 12), (16, 26), (17, 15), (18, 14), (23, 6)],
        *[(25, 10), (27, 22), (37, 14), (42, 25), (5, 17)],
    ],
    [12, 14, 25, 26, 8, 9, 27, 30, 31, 26, 12],
)


def test_stores_of_one_input():
    found = enveloped(*STORES, Model("constant"))
    assert found.scores == pytest.approx([0.5, 1, 2 / 3, 0.75, 0.8, 0.4, 0.5, 0.625])
    assert found.peers(4) == pytest.approx({1: 4 / 3})


def test_six_units_of_two_inputs():
    found = enveloped(*SIX, Model("constant"))
    assert found.scores.round(4).tolist() == [0.8571, 0.6316, 1, 1, 1, 1]
    assert found.peers(0) == pytest.approx({3: 0.7143, 4: 0.2857}, abs=1e-4)
    assert found.peers(1) == pytest.approx({3: 0.8947, 2: 0.1053}, abs=1e-4)
    assert found.efficient.tolist() == [False, False, True, True, True, False]
    assert found.input_slacks[5] == pytest.approx([2, 0])  # 2 more of the first than C
    assert found.input_targets[5] == pytest.approx([8, 1])


def test_hospitals():
    ccr = enveloped(*HOSPITALS, Model("constant"))
    said = [1, 1, 0.883, 1, 0.763, 0.835, 0.902, 0.796, 0.960, 0.871, 0.955, 0.958]
    assert ccr.scores.round(3).tolist() == said
    bcc = enveloped(*HOSPITALS, Model("variable"))
    said = [1, 1, 0.896, 1, 0.882, 0.939, 1, 0.799, 0.989, 1, 1, 1]
    assert bcc.scores.round(3).tolist() == said
    found = scales(*HOSPITALS)
    assert found.scale == pytest.approx(ccr.scores / bcc.scores)


def test_eleven_units_inward():
    found = enveloped(*ELEVEN, Model("constant"))
    said = [1, 0.6222896791, 0.8198562444, 1, 0.3103709311, 0.5555555556, 1]
    said += [0.7576690896, 0.8201058201, 0.4905660377, 1]
    assert found.scores == pytest.approx(said, abs=1e-9)
    assert found.input_slacks[[5, 8, 10]] == pytest.approx(
        np.array([(4.444444444, 0), (1.640211640, 0), (0, 4)]), abs=1e-8
    )
    assert found.peers(2) == pytest.approx({0: 1.134321653, 3: 0.4380053908})
    variable = enveloped(*ELEVEN)
    said = [1, 0.8699861687, 1, 1, 0.7116402116, 1, 1, 1, 1, 0.4931209269, 1]
    assert variable.scores == pytest.approx(said, abs=1e-9)
    assert variable.output_slacks[4] == pytest.approx(2.698412698)
    weights = {6: 0.5195510500, 3: 0.4433381608, 0: 0.03711078928}
    assert variable.peers(9) == pytest.approx(weights)


def test_eleven_units_outward():
    found = enveloped(*ELEVEN, Model("constant", "output"))
    said = [1, 1.606968641, 1.219726027, 1, 3.221951220, 1.8, 1]
    said += [1.319837398, 1.219354839, 2.038461538, 1]
    assert found.factors == pytest.approx(said, abs=1e-8)
    variable = enveloped(*ELEVEN, Model("variable", "output"))
    said = [1, 1.507518797, 1, 1, 3.203947368, 1, 1, 1, 1, 1.192307692, 1]
    assert variable.factors == pytest.approx(said, abs=1e-8)
    assert variable.input_slacks[9] == pytest.approx([5, 11])
    assert variable.peers(10) == pytest.approx({0: 1.0})


def test_returns_by_hand():
    # 20 -> 20, 40 -> 50: at 30 brought 20 + 20/3 would do, of 40; at 40, 100/3, of 60
    used, brought = [20, 40, 40, 60, 70, 50], [20, 30, 50, 40, 60, 20]
    said = [1, (20 + 20 / 3) / 40, 1, (20 + 40 / 3) / 60, 1, 0.4]
    assert enveloped(used, brought).scores == pytest.approx(said)
    found = scales(used, brought)
    assert [found.returns[place] for place in (0, 2, 4)] == ["increasing", "constant", "decreasing"]


def test_what_nobody_can_choose_is_not_scaled():
    # the first is chosen; of those with 2 or less of the second, the least of the first is 4
    used, brought = [(4, 2), (8, 2), (2, 4), (6, 4)], [1, 1, 1, 1]
    found = enveloped(used, brought, Model(fixed_inputs=(1,)))
    assert found.scores == pytest.approx([1, 0.5, 1, 1 / 3])
    assert found.input_targets[1] == pytest.approx([4, 2])
    plain = enveloped(used, brought)
    assert plain.scores[1] > found.scores[1]  # may do with less of both


def test_slack_of_what_nobody_can_choose_is_not_counted():
    found = enveloped([(1, 5), (1, 1)], [1, 1], Model(fixed_inputs=(1,)))
    assert found.scores.tolist() == [1, 1] and found.efficient.all()
    assert not enveloped([(1, 5), (1, 1)], [1, 1]).efficient[0]


def test_beyond_all_others():
    # without D (4, 2): the line from E (2, 4) to C (8, 1) is met at 1.25 (4, 2)
    found = super_efficiency(*SIX, Model("constant"))
    assert found.scores[3] == pytest.approx(1.25)
    assert found.scores[0] == pytest.approx(0.8571, abs=1e-4)  # those off it keep their score
    alone = super_efficiency([1, 2], [1, 3])
    assert np.isnan(alone.scores[1])  # nobody else brings 3


def test_hulls_by_hand():
    used, brought = [2, 3, 6, 6], [1, 3, 3, 5]
    assert hull(used, brought).tolist() == [1, 1, 0.5, 1]
    # of the third: those that bring 3 or more use 3, 6, 6; best of 2: 3 with 5/9, else 6
    assert order(used, brought, 2)[2] == pytest.approx(5 / 9 * 0.5 + 4 / 9)
    assert order(used, brought, 10_000) == pytest.approx(hull(used, brought))
    assert order(used, brought, 10_000, "output") == pytest.approx(hull(used, brought, "output"))


# Efron, Morris 1975 (JASA 70, 311-319): hits of 18 players in their first 45 at bats of 1970, and
# their averages over the rest of the season.
HITS = [18, 17, 16, 15, 14, 14, 13, 12, 11, 11, 10, 10, 10, 10, 10, 9, 8, 7]
REST = [346, 298, 276, 222, 273, 270, 263, 210, 269, 230, 264, 256, 303, 264, 226, 285, 316, 200]


def transformed(averages):
    return np.sqrt(45) * np.arcsin(2 * np.asarray(averages) - 1)


def test_batting_averages_are_pulled_in_as_published():
    early, later = transformed(np.array(HITS) / 45), transformed(np.array(REST) / 1000)
    assert kept(early, 1.0) == pytest.approx(0.209, abs=5e-4)  # 1 - .791
    told = james_stein(early, 1.0)
    better = ((early - later) ** 2).sum() / ((told - later) ** 2).sum()
    assert better == pytest.approx(3.50, abs=0.02)  # of rounded averages
    averages = np.array(HITS) / 45
    plain = james_stein(averages, averages.mean() * (1 - averages.mean()) / 45)
    assert kept(averages, averages.mean() * (1 - averages.mean()) / 45) == pytest.approx(
        0.212, abs=5e-4
    )  # Efron, Morris, "Stein's paradox in statistics", 1977
    assert plain[0] == pytest.approx(0.294, abs=5e-4) and plain[-1] == pytest.approx(
        0.242, abs=5e-4
    )


def test_unequal_variances():
    even, errors = pulled_in([1.0, 2.0, 6.0], [0.5, 0.5, 0.5])
    # the variance of 1, 2, 6 is 7: 6.5 of it real, so 6.5 / 7 is kept of the distance from 3
    assert even == pytest.approx(3 + np.array([-2, -1, 3]) * 6.5 / 7)
    assert errors == pytest.approx(np.sqrt(0.5 * 6.5 / 7 + (0.5 / 7) ** 2 * 7 / 3))
    same, _ = pulled_in([1.0, 1.1, 1.2], [5.0, 5.0, 5.0])
    assert same == pytest.approx([1.1] * 3)  # all luck
    odd, _ = pulled_in([0.0, 10.0, 5.0, 5.0], [0.01, 9.0, 0.01, 0.01])
    assert abs(odd[1] - 10) > abs(odd[0] - 0)  # the unsure one is pulled in more


def test_comparison_intervals():
    assert comparison([1.0] * 5) == pytest.approx(1.96 / np.sqrt(2), abs=1e-3)  # 1.39
    assert 1.386 < comparison([1.0, 4.0]) < 1.96
