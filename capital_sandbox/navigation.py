"""The category tree of the markets. An instrument appears in several places, as it does in the real tree."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal

from .catalogue import Catalogue, Instrument
from .feed import Feed, NoPrices

_ROOT = "hierarchy_v1"
_COMMONS = {
    "most_traded": "Most Traded",
    "new": "New",
    "top_gainers": "Top Risers",
    "top_losers": "Top Fallers",
    "volatile": "Most Volatile",
    "weekend": "Weekend Trading",
}
_MOVERS = 5


@dataclass(frozen=True, slots=True)
class Node:
    """One category: either further categories or markets."""

    id: str
    name: str
    children: tuple["Node", ...] = ()
    group: str | None = None
    type: str | None = None


class Navigation:
    """The tree, and the markets on its leaves."""

    def __init__(self, catalogue: Catalogue, feed: Feed) -> None:
        self._catalogue = catalogue
        self._feed = feed
        self.roots = (_commons(), *_types(catalogue))
        self._nodes = {node.id: node for root in self.roots for node in (root, *root.children)}
        self._members: dict[tuple[str, str | None], list[Instrument]] = {}
        for instrument in catalogue.values():
            for group in instrument.groups:
                for kind in (None, instrument.type):
                    self._members.setdefault((group, kind), []).append(instrument)

    def find(self, node_id: str) -> Node | None:
        """A category by its id."""
        return self._nodes.get(node_id)

    def markets(self, node: Node, now: int) -> Sequence[Instrument]:
        """The markets of a leaf."""
        if node.group in ("top_gainers", "top_losers"):
            shown = sorted(self._movements(now), key=lambda pair: pair[0])
            movers = shown[:_MOVERS] if node.group == "top_losers" else shown[: -_MOVERS - 1 : -1]
            return [instrument for _, instrument in movers]
        return self._members.get((node.group or "", node.type), [])

    def _movements(self, now: int) -> Iterator[tuple[Decimal, Instrument]]:
        for instrument in self._catalogue.values():
            if instrument.shows_range and instrument.course is None:
                with suppress(NoPrices):
                    yield self._feed.day(instrument, now).percentage, instrument


def _commons() -> Node:
    leaves = tuple(Node(f"{_ROOT}.commons.{group}", name, group=group) for group, name in _COMMONS.items())
    return Node(f"{_ROOT}.commons_group", "commons_group", leaves)


def _types(catalogue: Catalogue) -> list[Node]:
    roots: list[Node] = []
    for kind in dict.fromkeys(instrument.type for instrument in catalogue.values()):
        groups = dict.fromkeys(
            group
            for instrument in catalogue.values()
            if instrument.type == kind
            for group in instrument.groups
            if group not in _COMMONS
        )
        name = kind.lower()
        leaves = tuple(
            Node(f"{_ROOT}.{name}.{group}", group.replace("_", " ").title(), group=group, type=kind) for group in groups
        )
        roots.append(Node(f"{_ROOT}.{name}_group", f"{name}_group", leaves))
    return roots
