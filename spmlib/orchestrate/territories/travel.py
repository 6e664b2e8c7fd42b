"""Travel: how far places lie apart on the globe."""

from __future__ import annotations

import numpy as np

from spmlib.core.arrays import Floats

RADIUS = 6371.0088  # km, mean radius of the earth (IUGG)


def great_circle(
    latitudes: Floats, longitudes: Floats, to_latitudes: Floats, to_longitudes: Floats
) -> Floats:
    """The distance from each of some places to each of others [km]: places x others.

    Args:
        latitudes: of the places [degrees].
        longitudes: of the places.
        to_latitudes: of the others.
        to_longitudes: of the others.

    Source:
        The haversine formula: Sinnott, "Virtues of the haversine" (1984).
    """
    north, east = np.radians(latitudes)[:, None], np.radians(longitudes)[:, None]
    to_north, to_east = np.radians(to_latitudes)[None], np.radians(to_longitudes)[None]
    half = np.sin((to_north - north) / 2) ** 2
    half = half + np.cos(north) * np.cos(to_north) * np.sin((to_east - east) / 2) ** 2
    return 2 * RADIUS * np.arcsin(np.sqrt(np.clip(half, 0, 1)))
