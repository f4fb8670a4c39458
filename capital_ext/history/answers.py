"""What an answer of `history` does not say: whether it was cut short, and whether two of its rows are one.

The walks over histories and `deals.resolve` read the same answers, and have to make the same of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from capital_api.models.activity import Activity

__all__ = ["MANY_ROWS", "row_key"]

MANY_ROWS = 50
"""An answer with so many rows may have left the oldest out, without a word: its time is asked for again in halves.

Transactions were seen to come about a hundred at a time, the newest of them. That is one observation, and the activity,
of which there is none, is served by the same service without pages as well: so both are taken to be cut, and well below
a hundred. Where nothing was cut it costs two requests more; to take a cut answer for a whole one would lose rows.
"""


def row_key(row: Activity) -> str:
    """What tells a row of the activity from others. It has no id, so that is all of it; the local time says no more."""
    told = row.to_dict()
    del told["date"]  # the same instant in the account's time zone, which moves with the clocks
    return repr(told)
