"""Names: people and firms that do not exist, from common names put together by lot."""

from __future__ import annotations

from .draws import Draws

# Given and family names that are common where the person works; any likeness is chance.
PEOPLE = {
    "US": (
        "Avery Jordan Casey Morgan Riley Taylor Dana Robin Quinn Harper Elliot Jamie Rosa Luis "
        "Marcus Denise Tanya Curtis Joyce Leon Priscilla Wendell Naomi Hector",
        "Abbot Barlow Castell Dunmore Ellery Farrow Gantry Hollis Ibarra Jessup Kettering Lomax "
        "Marlowe Norcross Okafor Pruitt Quintana Renshaw Salcedo Tillman Underhill Varela "
        "Whitcomb Yarrow",
    ),
    "CA": (
        "Chantal Marc Odette Gilles Sheila Brent",
        "Arsenault Bouchette Carrick Delorme Lavoy Tessmer",
    ),
    "GB": (
        "Alun Bronwen Fiona Gareth Hamish Imogen Nigel Poppy Rashid Shanaz",
        "Ashdown Birtles Cowdrey Dunstan Entwhistle Fothergill Kirkbride Mirza Pemberley Thackray",
    ),
    "DE": (
        "Anke Bernd Corinna Dirk Frauke Henning Jutta Torsten",
        "Althaus Brinkmeier Dorfner Eickhoff Grothe Kesselring Lindhorst Wiesner",
    ),
    "FR": (
        "Aurore Bastien Clotilde Fabien Maud Yannick",
        "Bellanger Carpentras Delmotte Fontanel Garrigue Roussillon",
    ),
    "NL": (
        "Anouk Bram Femke Joost",
        "Bakhuis Dijkgraaf Oosterling Veldkamp",
    ),
    "ES": (
        "Aitana Borja Inmaculada Nuria",
        "Aldecoa Bermejo Carrasquilla Echarri",
    ),
    "JP": (
        "Akira Chiyo Daichi Emiko Haruto Kaori Masaru Noriko",
        "Amano Fujikawa Hoshino Isogai Kurata Minagawa Sawamura Tachikawa",
    ),
    "SG": (
        "Boon Hui Mei Siew Arjun Devika",
        "Chua Ganesan Lim Nair Ong Teo",
    ),
    "AU": (
        "Bronte Callum Kylie Lachlan",
        "Bannister Coolidge Merrigan Thurloe",
    ),
}
FIRMS = (
    "Al Bar Cor Dun El Fen Gar Hol Ist Jor Kel Lum Mar Nor Oster Pel Quar Ros Sel Tor Ulm Ver Wes "
    "Yar Zen",
    "a e i o and ing ar en or el",
    "bank berg dale dyne field gate holm line mark mere mont rath ridge son stead tech ton vale "
    "ville wick",
)
ENDINGS = {
    "US": "Inc|LLC|Laboratories Inc|Foods Inc|Devices LLC",
    "CA": "Ltd|Inc",
    "MX": "SA de CV",
    "GB": "Ltd|plc|Laboratories Ltd",
    "DE": "GmbH|AG|Werke GmbH",
    "FR": "SA|SAS",
    "NL": "BV|NV",
    "ES": "SA|SL",
    "IT": "SpA|Srl",
    "JP": "KK|Seiki KK",
    "SG": "Pte Ltd",
    "AU": "Pty Ltd",
    "ID": "Tbk",
}


def people(countries: list[str]) -> list[str]:
    """One name for each person, no name twice, given name before family name."""
    order = {country: _pairs(country) for country in PEOPLE}
    return [order[country].pop() for country in countries]


def firms(countries: list[str]) -> list[str]:
    """One name for each firm, no name twice, with the legal form of its country."""
    parts = [part.split() for part in FIRMS]
    every = [
        first + middle + last for first in parts[0] for middle in parts[1] for last in parts[2]
    ]
    draws = Draws("firms")
    order = draws.shuffled(len(every))
    ending = draws.below(10**6, len(countries))
    return [
        f"{every[order[place]]} {_ending(country, int(ending[place]))}"
        for place, country in enumerate(countries)
    ]


def _pairs(country: str) -> list[str]:
    given, family = (words.split() for words in PEOPLE[country])
    drawn = Draws(f"people of {country}")
    rounds = [drawn.shuffled(len(family)) for _ in range(len(given))]
    by_lot = [(given[(i + shift) % len(given)], family[f])
              for shift, families in enumerate(rounds) for i, f in enumerate(families)]  # fmt: skip
    return list(dict.fromkeys(" ".join(pair) for pair in by_lot))[::-1]


def _ending(country: str, drawn: int) -> str:
    endings = ENDINGS[country].split("|")
    return endings[drawn % len(endings)]
