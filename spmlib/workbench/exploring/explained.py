"""Explained: receipts that can be read where they are asked for: as text, or in a notebook."""

from __future__ import annotations

from spmlib.core.explain import Receipt, printed


class Receipts(list[Receipt]):
    """The receipts of one person and period, one for each plan held."""

    def __repr__(self) -> str:
        """All of them as plain text, one amount a line."""
        return "\n\n".join(map(printed, self)) or "No plan was held, and nothing is due."

    def _repr_html_(self) -> str:
        """The same for a notebook; of long sections the largest lines."""
        from spmlib.incent.explaining.shortened import shortened
        from spmlib.show import tables, words

        made = []
        for receipt in self:
            title = f"{receipt.name} ({receipt.payee_id}), {words.month(receipt.period)}"
            said = f"{receipt.title}; {receipt.source}"
            made.append(tables.receipt(shortened([receipt]), title, said).as_raw_html())
        return "\n".join(made) or "<p>No plan was held, and nothing is due.</p>"
