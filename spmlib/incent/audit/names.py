"""Names: customers' names as they are compared, and how alike two are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

# What says only which kind of company it is.
LEGAL = (
    *("ab", "ag", "as", "asa", "aps", "bhd", "bv", "co", "company", "corp", "corporation", "cv"),
    *("de", "gk", "gmbh", "inc", "incorporated", "kg", "kk", "lda", "limited", "llc", "llp", "lp"),
    *("ltd", "ltda", "mbh", "nv", "oy", "oyj", "plc", "pt", "pte", "pty", "pvt", "sa", "sarl"),
    *("sas", "sdn", "se", "sl", "spa", "srl", "tbk", "the"),
)
WORDS = rf"\b(?:{'|'.join(LEGAL)})\b"


def plain(name: pl.Expr) -> pl.Expr:
    """Names without accents, capitals, points and what says the kind of company.

    A name of nothing but such words stays as it is.

    Example:
        >>> import polars as pl
        >>> names = pl.DataFrame({"name": ["Müller & Söhne GmbH", "MULLER SOHNE, G.m.b.H."]})
        >>> names.select(plain(pl.col("name")))["name"].to_list()
        ['muller sohne', 'muller sohne']
    """
    import polars as pl

    letters = (
        name.str.normalize("NFKD")
        .str.replace_all(r"\p{M}", "")
        .str.to_lowercase()
        .str.replace_all("ß", "ss")
        .str.replace_all(r"[.'’]", "")
        .str.replace_all(r"[^\p{L}\p{N}]+", " ")
        .str.strip_chars()
    )
    short = letters.str.replace_all(WORDS, " ").str.replace_all(r"\s+", " ").str.strip_chars()
    return pl.when(short == "").then(letters).otherwise(short)


def alike(one: pl.Expr, other: pl.Expr) -> pl.Expr:
    """How alike two plain names are, from 0 to 1.

    Defined as::

        2 * pairs of neighbouring letters in both / (those of the one + those of the other)

    Each pair counts once; spaces at both ends count as letters, so that first and last letters do.
    Names with other digits are not alike at all: branch 12 is not branch 13.

    Source: L. R. Dice, "Measures of the amount of ecologic association between species",
    Ecology 26 (1945).
    """
    import polars as pl

    first, second = _pairs(one), _pairs(other)
    both = first.list.set_intersection(second).list.len()
    made = 2 * both / (first.list.len() + second.list.len())
    numbered = one.str.replace_all(r"\D", "") != other.str.replace_all(r"\D", "")
    made = pl.when(numbered).then(0.0).otherwise(made.fill_nan(0.0).fill_null(0.0))
    return pl.when(one == other).then(1.0).otherwise(made).alias("alike")


def _pairs(name: pl.Expr) -> pl.Expr:
    import polars as pl

    padded = pl.concat_str(pl.lit(" "), name, pl.lit(" "))
    letters = padded.str.extract_all(r"(?s).")
    return (
        pl.concat_list(letters)
        .list.eval(pl.concat_str(pl.element(), pl.element().shift(-1)))
        .list.drop_nulls()
        .list.unique()
    )
