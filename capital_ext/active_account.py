"""Which account the session is on, and working on another one for a while."""

from __future__ import annotations

from collections.abc import Coroutine, Generator, Sequence
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, TypeVar

from attrs import frozen

from capital_api.wire import segment

from .auth import SAME_ACCOUNT, CapitalAuth
from .by_side import by_side
from .errors import BadRequestError, CapitalError, InvalidInputError
from .logs import log
from .workflow import Steps, ask

if TYPE_CHECKING:
    from capital_api.models import Account

__all__ = ["AccountInUse", "AccountSwitch", "ActiveAccount"]

T = TypeVar("T")


@frozen
class _Switched:
    account: Account
    previous: str
    """Id of the account that was active before."""


class _Blocking(Protocol):
    auth: CapitalAuth

    def _run(self, steps: Steps[T]) -> T: ...


class _Awaiting(Protocol):
    auth: CapitalAuth

    def _run(self, steps: Steps[T]) -> Coroutine[object, object, T]: ...


class AccountInUse:
    """The account that was made active. As a context manager it puts the one of before back at the end."""

    def __init__(self, client: _Blocking, switched: _Switched) -> None:
        self.account = switched.account
        """The account, with its balance as it was."""
        self._client = client
        self._previous: str | None = switched.previous

    def __repr__(self) -> str:
        return f"<AccountInUse {self.account.account_name!r} {self.account.account_id}>"

    def __enter__(self) -> Account:
        if self._previous is None:
            raise InvalidInputError("this account was put back already: call use_account again")
        return self.account

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        previous, self._previous = self._previous, None
        if previous is None:
            return
        try:
            self._client._run(_put_back(previous, self._client.auth))  # pyright: ignore[reportPrivateUsage]
        except CapitalError as failure:
            _tell(previous, error, failure)


class AccountSwitch:
    """An account that becomes active when this is awaited or entered; ``async with`` puts the one of before back."""

    def __init__(self, client: _Awaiting, id_or_name: str) -> None:
        self._client = client
        # Made now, so that Python warns when nobody awaits it: the account would not have been switched.
        self._switching = client._run(_switch(id_or_name, client.auth))  # pyright: ignore[reportPrivateUsage]
        self._previous = ""

    async def _switch(self) -> Account:
        switched = await self._switching
        self._previous = switched.previous
        return switched.account

    def __await__(self) -> Generator[object, None, Account]:
        return self._switch().__await__()

    async def __aenter__(self) -> Account:
        return await self._switch()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        try:
            await self._client._run(_put_back(self._previous, self._client.auth))  # pyright: ignore[reportPrivateUsage]
        except CapitalError as failure:
            _tell(self._previous, error, failure)


def _use(client: _Blocking, id_or_name: str) -> AccountInUse:
    """Make another account the active one; as a context manager, for a while.

        with capital.use_account("EUR") as account:        # async with, on AsyncCapital
            print(account.balance.available)
            capital.positions.open(epic="DE40", direction="BUY", size=1)
        # here the account of before is active again

        capital.use_account("EUR")                          # await, on AsyncCapital: from now on

    **There is one active account for everything that goes through this client**, since it belongs to the session: other
    threads and tasks of it, and other clients that share its ``auth``, trade on this account too while it is active,
    and two such blocks at the same time put back what the other one chose. To work on two accounts at once make two
    clients, each with its ``account_id``. A switch also stops the streams of the session.

    At the end of a block the account of before becomes active again, also when the block raised. If that fails the
    session is given up: the next call logs in anew and goes to the account of before, or is not sent. The error of the
    block, where there is one, is the one that is raised, with a note about the failure; otherwise the failure is.

    Calls ``GET /accounts``, ``PUT /session``, and ``GET /session`` when the login did not tell the active account; at
    the end of a block ``PUT /session``. That the account is active already is success.

    Args:
        id_or_name: ``account_id`` or ``account_name`` of one of ``accounts.all()``. An id goes before a name, and a
            name that is written exactly so before one that differs in case.

    Raises:
        InvalidInputError: There is no such account, or there are several of that name. The message lists them all.
        OutcomeUnknownError: The answer to the switch was lost. The account of before stays: the next call logs in anew.
        CapitalError: A call failed. Nothing was switched.
    """
    return AccountInUse(client, client._run(_switch(id_or_name, client.auth)))  # pyright: ignore[reportPrivateUsage]


class ActiveAccount:
    """The account that a client's calls go to."""

    auth: CapitalAuth

    @property
    def account(self) -> str | None:
        """Id of the account that calls go to; None before the first login. Nothing is sent to find it out.

        It is what the login told, then the account that was chosen last, by ``account_id``, ``use_account`` or
        ``session.switch``. ``session.get().account_id`` asks the server.
        """
        return self.auth.active_account_id

    use_account = by_side(_use, AccountSwitch)


def _switch(id_or_name: str, auth: CapitalAuth) -> Steps[_Switched]:
    wanted = segment(id_or_name, "id_or_name")
    account = _chosen((yield from ask(lambda api: api.accounts.all())).accounts, wanted)
    previous = auth.active_account_id
    if previous is None:
        previous = (yield from ask(lambda api: api.session.get())).account_id
    yield from _make_active(account.account_id)
    return _Switched(account, previous)


def _put_back(previous: str, auth: CapitalAuth) -> Steps[None]:
    done = False
    try:
        yield from _make_active(previous)
        done = True
    finally:  # reached by cancellation too: nobody must go on trading on the other account
        if not done:
            auth.start_over(previous)


def _make_active(account_id: str) -> Steps[None]:
    try:
        yield from ask(lambda api: api.session.switch(account_id=account_id))
    except BadRequestError as error:
        if error.error_code != SAME_ACCOUNT:
            raise


def _chosen(accounts: Sequence[Account], wanted: str) -> Account:
    by_id = [each for each in accounts if each.account_id == wanted]
    exactly = [each for each in accounts if each.account_name == wanted]
    roughly = [each for each in accounts if each.account_name.casefold() == wanted.casefold()]
    found = by_id[:1] or exactly or roughly
    if len(found) == 1:
        return found[0]
    there_are = ", ".join(f"{each.account_name!r} ({each.account_id})" for each in accounts) or "none"
    what = f"{len(found)} accounts are named {wanted!r}: give the id" if found else f"there is no account {wanted!r}"
    raise InvalidInputError(f"{what}. There are: {there_are}")


def _tell(previous: str, error: BaseException | None, failure: CapitalError) -> None:
    """Raise the failure to put the account back, unless there is an error of the block to hang it on."""
    note = (
        f"account {previous} could not be made active again, so the session was given up; the next call logs in on it"
    )
    if error is None:
        failure.add_note(note)
        raise failure
    log.warning("%s (%s)", note, type(failure).__name__)
    error.add_note(f"{note}: {failure}")
