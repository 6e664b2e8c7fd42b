"""Places: where customers are, and where people's journeys begin; in and around large cities."""

from __future__ import annotations

import numpy as np

from .draws import Draws, Whole
from .organisation import TERRITORIES
from .written import exact

# latitude and longitude of cities [hundredths of a degree], how often, by country, west to east
CITIES = {
    "US": (
        *((4761, -12233, 3), (3777, -12242, 5), (3405, -11824, 7), (3345, -11207, 3)),
        *((3974, -10499, 3), (3278, -9680, 5), (2976, -9537, 5), (4498, -9327, 2)),
        *((4188, -8763, 6), (3375, -8439, 4), (4233, -8305, 2), (2576, -8019, 3)),
        *((3891, -7704, 4), (3995, -7517, 3), (4071, -7401, 9), (4236, -7106, 4)),
    ),
    "CA": ((4928, -12312, 3), (5105, -11407, 2), (4365, -7938, 5), (4550, -7357, 3)),
    "MX": ((2067, -10335, 2), (2569, -10032, 2), (1943, -9913, 5)),
    "GB": ((5586, -425, 1), (5348, -224, 2), (5248, -190, 2), (5380, -155, 1), (5151, -13, 6)),
    "DE": ((5094, 696, 3), (5011, 868, 3), (5355, 999, 2), (4814, 1158, 3), (5252, 1340, 3)),
    "FR": ((4484, -58, 1), (4360, 144, 1), (4886, 235, 5), (4576, 484, 2)),
    "NL": ((5192, 448, 2), (5237, 490, 3)),
    "ES": ((3739, -598, 1), (4042, -370, 4), (4139, 217, 3)),
    "IT": ((4507, 769, 1), (4546, 919, 3), (4190, 1250, 2)),
    "JP": ((3359, 13040, 1), (3469, 13550, 3), (3518, 13691, 2), (3568, 13969, 6)),
    "SG": ((135, 10382, 1),),
    "ID": ((-621, 10685, 4), (-698, 11041, 1), (-726, 11275, 2)),
    "AU": ((-3195, 11586, 2), (-3781, 14496, 4), (-3387, 15121, 4), (-2747, 15303, 2)),
}
AROUND = 70  # hundredths of a degree around a city, each way
HOME = 650  # of 1,000 customers, those in the part of the country that their territory is from
FINE = 100  # ten-thousandths in a hundredth


def places(stage: str, countries: list[str], parts: list[tuple[int, int]]) -> dict[str, list[str]]:
    """Latitudes and longitudes, as columns.

    Args:
        stage: of the draws.
        countries: of each place.
        parts: which part of how many, west to east, a place is likely in; (0, 1) for the whole.
    """
    draws, size = Draws(stage), len(countries)
    home = draws.chance(HOME, size)
    city, around = draws.below(10**6, size), draws.between(-AROUND * FINE, AROUND * FINE, 2 * size)
    at = np.array(
        [
            _city(country, part if near else (0, 1), lot)
            for country, part, near, lot in zip(countries, parts, home, city.tolist(), strict=True)
        ],
        np.int64,
    )
    made: Whole = FINE * at + around.reshape(2, size).T
    return {"latitude": exact(made[:, 0]), "longitude": exact(made[:, 1])}


def part(territory: str) -> tuple[int, int]:
    """Which part of its market a territory is, of how many: AMER-3 is the third of six."""
    region, _, number = territory.partition("-")
    return (int(number) - 1, TERRITORIES[region]) if number else (0, 1)


def _city(country: str, part: tuple[int, int], lot: int) -> tuple[int, int]:
    """A city of a part of a country, by lot."""
    every = CITIES[country]
    which, of = part
    few = every[len(every) * which // of : len(every) * (which + 1) // of] or every
    steps = np.cumsum([weight for _, _, weight in few])
    north, east, _ = few[int(np.searchsorted(steps, lot % steps[-1], side="right"))]
    return north, east
