"""A customer's named lists of markets."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from .catalogue import Catalogue
from .identifiers import Identifiers
from .refusals import Refusal

LONGEST_NAME = 20


@dataclass(slots=True)
class Watchlist:
    """A list of epics, each at most once, in the order in which they were added."""

    number: str
    name: str
    epics: dict[str, None] = field(default_factory=dict[str, None])


class Watchlists:
    """All lists of one customer."""

    def __init__(self, catalogue: Catalogue, identifiers: Identifiers) -> None:
        self._catalogue = catalogue
        self._identifiers = identifiers
        self._lists: dict[str, Watchlist] = {}

    def all(self) -> list[Watchlist]:
        """Every list, oldest first."""
        return list(self._lists.values())

    def get(self, number: str, code: str = "error.not-found.watchlist") -> Watchlist:
        """One list. The API names a missing one differently when reading, hence the code."""
        if number not in self._lists:
            raise Refusal(404, code)
        return self._lists[number]

    def create(self, name: str, epics: Iterable[str]) -> tuple[Watchlist, bool]:
        """A new list, and whether all of the epics could be added to it: unknown ones are left out."""
        if not 1 <= len(name) <= LONGEST_NAME:
            raise Refusal(400, "error.size.createwatchlistrequest.name")
        wanted = list(epics)
        known = [epic for epic in wanted if epic in self._catalogue]
        watchlist = Watchlist(self._identifiers.watchlist(), name, dict.fromkeys(known))
        self._lists[watchlist.number] = watchlist
        return watchlist, len(known) == len(wanted)

    def add(self, number: str, epic: str) -> None:
        """Add one market."""
        watchlist = self.get(number)
        if epic not in self._catalogue:
            raise Refusal(404, "error.not-found.epic")
        watchlist.epics[epic] = None

    def remove(self, number: str, epic: str) -> None:
        """Take one market off the list."""
        watchlist = self.get(number)
        if epic not in watchlist.epics:
            raise Refusal(404, "error.not-found.epic")
        del watchlist.epics[epic]

    def delete(self, number: str) -> None:
        """Delete a whole list."""
        self.get(number)
        del self._lists[number]
