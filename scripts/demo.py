"""The client at work: log in, look at a market, trade, and see what became of the money.

It runs on the sandbox, a Capital.com of its own on this machine, through the real client and real HTTP. The sandbox's
clock starts on a fixed Wednesday and moves when this script says so: the market is open and the output is the same on
any day. With ``--demo-account`` it reads, and only reads, from the Capital.com demo account that the environment
variables CAPITAL_API_KEY, CAPITAL_IDENTIFIER and CAPITAL_PASSWORD give access to.
"""

from __future__ import annotations

import argparse
import linecache
import logging
import sys
import textwrap
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import timedelta
from functools import partial
from itertools import count, takewhile

from capital_ext import UNSET, Capital, CapitalError, DealRejectedError, NotFoundError, Quote, Stream, Unset, models
from capital_sandbox import Limits, ManualClock, Sandbox

try:
    from rich import box
    from rich.console import Console
    from rich.live import Live
    from rich.padding import Padding
    from rich.syntax import Syntax
    from rich.table import Table
    from rich.text import Text
except ImportError:
    sys.exit("the demo draws with rich: run scripts/demo.sh, or pip install 'capital-ext[demo]'")

console = Console(highlight=False)
console.width = max(80, min(console.width, 100)) if console.is_terminal else 100
numbers = count(1)
Cell = str | float | Unset | None


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/demo.sh", description="Shows the capital_ext client at work.")
    parser.add_argument(
        "--demo-account",
        action="store_true",
        help="only read, from your Capital.com demo account; needs CAPITAL_API_KEY, CAPITAL_IDENTIFIER and "
        "CAPITAL_PASSWORD",
    )
    options = parser.parse_args()
    show_requests()
    try:
        if options.demo_account:
            with Capital() as capital:  # the environment variables, and the demo environment
                look(capital)
                watch(capital, lambda stream: stream.during(10))
                log_out(capital)
        else:
            # Confirms of the real API take a moment too.
            # No limits: on a clock that stands still, all calls fall into one second.
            sandbox = Sandbox(clock=ManualClock(), limits=Limits.off(), confirm_delay=0.4)
            with Capital.sandbox(sandbox) as capital:
                look(capital)
                trade(capital, sandbox)
                log_out(capital)
    except (CapitalError, TimeoutError) as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    console.print()
    return 0


# --- the demo: what is printed above each result is the code that made it ---------------------------------------------


def look(capital: Capital) -> None:
    step("Log in", "The first call opens the session. The password goes out RSA-encrypted.")
    session = capital.session.get()

    facts(
        ("active account", session.account_id),
        ("currency", session.currency),
        ("account-local time", f"UTC{session.timezone_offset:+d}"),
    )

    step("Accounts")
    accounts = capital.accounts.all().accounts

    table(
        ("account", "name", ">balance", ">available", "currency", "preferred"),
        (
            (
                account.account_id,
                account.account_name,
                money(account.balance.balance),
                money(account.balance.available),
                account.currency,
                "yes" if account.preferred else "",
            )
            for account in accounts
        ),
    )

    step("Search the markets")
    found = capital.markets.search(search_term="silver")

    show_markets(found.markets or [])

    step("One market in full")
    silver = capital.markets.get("SILVER")

    show_details(silver)

    step("Candles")
    candles = capital.prices.history("SILVER", resolution="MINUTE_15", max_=32)

    draw(candles.prices)


def trade(capital: Capital, sandbox: Sandbox) -> None:
    clock = sandbox.clock
    step("Open a position", "The answer means: queued. What became of it is in the confirmation.")
    before = capital.accounts.all()
    queued = capital.positions.open(direction="BUY", epic="SILVER", size=100)

    facts(("deal reference", queued.deal_reference))

    step("Follow its confirmation", "It takes a moment: until then the API knows nothing of the reference.")
    opened = follow(capital, queued, "OPEN", clock.advance)
    deal_id = opened.affected_deals[0].deal_id

    show_confirmation(opened)

    watch(capital, partial(moving, sandbox))

    step("Positions")
    positions = capital.positions.all().positions

    show_positions(positions)

    step("Set a stop and a profit target", "Both at once: what an update leaves out is removed.")
    queued = capital.positions.update(
        deal_id,
        stop_distance=0.5,
        profit_distance=1.5,
    )
    amended = follow(capital, queued, "AMENDED", clock.advance)

    show_confirmation(amended)

    step("Let the market move", "Sandbox time moves on command. The session ends meanwhile and is renewed unasked.")
    clock.advance(timedelta(minutes=90))
    position = capital.positions.get(deal_id)

    show_positions([position])

    step("Close it")
    queued = capital.positions.close(deal_id)
    closed = follow(capital, queued, "CLOSED", clock.advance)

    show_confirmation(closed)

    step("The transaction that it made")
    history = capital.history.transactions(last_period=3600)
    mine = [entry for entry in history.transactions if entry.deal_id == deal_id]

    table(
        ("UTC", "kind", "market", "note", ">amount", "currency"),
        (
            (
                f"{entry.date_utc:%Y-%m-%d %H:%M:%S}",
                entry.transaction_type.value,
                text(entry.instrument_name),
                text(entry.note),
                entry.size,
                entry.currency,
            )
            for entry in mine
        ),
    )

    step("Balance before and after")
    after = capital.accounts.all()

    facts(
        ("before", money(balance(before))),
        ("after", money(balance(after))),
        ("difference", money(balance(after) - balance(before), sign=True)),
        ("profit, as confirmed", money(closed.profit, sign=True)),
    )


def watch(capital: Capital, ten_seconds: Callable[[Stream], Iterable[object]]) -> None:
    step("Live prices", "Ten seconds of the stream. If the line broke it would come back by itself, and say so.")
    with capital.stream() as stream:
        stream.quotes("SILVER", "GOLD", "EURUSD", "US100", "BTCUSD")
        show_live(ten_seconds(stream))


def log_out(capital: Capital) -> None:
    step("Log out")
    capital.close(log_out=True)

    facts(("session open", "yes" if capital.auth.has_session else "no"))


def follow(
    capital: Capital, queued: models.DealReference, event: str, wait: Callable[[float], object]
) -> models.Confirmation:
    """Ask for the confirmation of a deal until it tells of the event.

    Before that it can be unknown, or, where a deal keeps its reference, still tell of the event before.
    """
    for _ in range(20):
        try:
            confirmation = capital.confirms.get(queued.deal_reference)
        except NotFoundError:
            wait(0.25)
            continue
        if confirmation.deal_status == models.DealStatus.REJECTED:
            raise DealRejectedError(queued.deal_reference, text(confirmation.reject_reason))
        if confirmation.status == event:
            return confirmation
        wait(0.25)
    raise TimeoutError(f"deal {queued.deal_reference} was not confirmed in time; look at the positions")


def moving(sandbox: Sandbox, stream: Stream, seconds: float = 10) -> Iterator[object]:
    """What comes within so many seconds of the sandbox's clock, which goes on with ours if somebody is watching.

    The output has to be the same each time. So the clock moves from where all is subscribed to until a later quote has
    come, by which all before it are known to be there; and then on to the full minute.
    """
    clock, tick = sandbox.clock, 0.1
    while not any(connection.subscriptions for connection in sandbox.streams):
        yield from stream.during(0.01)
    start = clock.now()
    end, minute = start + timedelta(seconds=seconds), start + timedelta(minutes=1)
    later = False
    while not later and clock.now() < minute:
        clock.advance(tick)
        for event in stream.during(tick if console.is_terminal else 0.005):
            later = isinstance(event, Quote) and event.time >= end
            if later:
                break
            yield event
    clock.advance(minute - clock.now())


# --- how it is printed ------------------------------------------------------------------------------------------------


def step(title: str, remark: str = "") -> None:
    """Print a heading, and the code after the call as far as the first blank line: what is shown is what runs."""
    console.print()
    console.rule(f"[bold]{next(numbers)}. {title}", align="left", characters="─")
    if remark:
        console.print(remark, style="italic")
    caller = sys._getframe(1)  # pyright: ignore[reportPrivateUsage] - inspect's public twin may return None
    following = linecache.getlines(caller.f_code.co_filename)[caller.f_lineno :]
    code = textwrap.dedent("".join(takewhile(str.strip, following)))
    shown = Syntax("", "python", theme="ansi_dark", background_color="default").highlight(code)
    shown.rstrip()
    for line in shown.split("\n"):
        console.print(Text("... " if line.plain[:1] in (" ", ")") else ">>> ", "dim") + line)


class _Requests(logging.Handler):
    """Prints the client's own log of each request, without the duration, which would differ from run to run."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno == logging.DEBUG:
            console.print("    " + record.getMessage().split(" in ")[0], style="dim", soft_wrap=True)


def show_requests() -> None:
    log = logging.getLogger("capital_ext")
    log.setLevel(logging.DEBUG)
    log.addHandler(_Requests())


def facts(*rows: tuple[str, Cell]) -> None:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim")
    for name, value in rows:
        grid.add_row(name, text(value))
    console.print(Padding(grid, (0, 0, 0, 4)))


def table(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    console.print(table_of(columns, rows))


def table_of(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Padding:
    """A table. A column whose title begins with ``>`` is aligned to the right."""
    made = Table(box=box.SIMPLE_HEAD, collapse_padding=True, pad_edge=False, header_style="dim")
    for title in columns:
        made.add_column(title.removeprefix(">"), justify="right" if title.startswith(">") else "left")
    for row in rows:
        made.add_row(*(text(cell) for cell in row))
    return Padding(made, (0, 0, 0, 3))


def text(value: Cell) -> str:
    """What the server said, or a dash where it said nothing."""
    return "-" if value is None or isinstance(value, Unset) else str(value)


def money(value: float | Unset | None, *, sign: bool = False) -> str:
    return "-" if value is None or isinstance(value, Unset) else f"{value:{'+' if sign else ''},.2f}"


def balance(accounts: models.AccountList) -> float:
    """What is on the account that a login starts on."""
    return next(account.balance.balance for account in accounts.accounts if account.preferred)


def show_markets(markets: Sequence[models.Market]) -> None:
    table(
        ("epic", "name", "type", "status", ">bid", ">offer", ">change"),
        (
            (
                market.epic,
                market.instrument_name,
                market.instrument_type.value,
                market.market_status.value,
                market.bid,
                market.offer,
                "" if isinstance(market.percentage_change, Unset) else f"{market.percentage_change:+.2f} %",
            )
            for market in markets[:8]
        ),
    )


def show_details(market: models.MarketDetails) -> None:
    instrument, rules, prices = market.instrument, market.dealing_rules, market.snapshot
    hours = instrument.opening_hours
    week = {"Mon-Thu": hours.mon, "Fri": hours.fri, "Sat": hours.sat, "Sun": hours.sun}
    if not hours.mon == hours.tue == hours.wed == hours.thu:
        week = {"Mon": hours.mon, "Tue": hours.tue, "Wed": hours.wed, "Thu": hours.thu} | week
        del week["Mon-Thu"]
    spread = round(prices.offer - prices.bid, prices.decimal_places_factor) if prices.bid and prices.offer else UNSET
    sizes = rules.min_deal_size, rules.max_deal_size, rules.min_size_increment
    distances = rules.min_stop_or_profit_distance, rules.max_stop_or_profit_distance
    facts(
        ("market", f"{instrument.name}, {instrument.type_.value}, in {instrument.currency}"),
        ("status", prices.market_status.value),
        ("bid / offer / spread", f"{text(prices.bid)} / {text(prices.offer)} / {text(spread)}"),
        ("low / high", f"{text(prices.low)} / {text(prices.high)}"),
        *((f"open {day}, {hours.zone}", ", ".join(times) or "closed") for day, times in week.items()),
        ("size from / to / in steps of", " / ".join(map(rule, sizes))),
        ("stop and profit distance", " to ".join(map(rule, distances))),
    )


def rule(limit: models.DealingRule | Unset) -> str:
    if isinstance(limit, Unset):
        return "-"
    return f"{limit.value:g} %" if limit.unit == models.DealingRuleUnit.PERCENTAGE else f"{limit.value:g}"


def show_confirmation(confirmation: models.Confirmation) -> None:
    rows: list[tuple[str, Cell]] = [
        ("deal status", f"{confirmation.deal_status.value}, {text(confirmation.status)}"),
        ("deal", f"{confirmation.direction.value} {confirmation.size:g} {confirmation.epic} at {confirmation.level:g}"),
        *(("position", f"{deal.deal_id} {deal.status.value}") for deal in confirmation.affected_deals),
    ]
    if confirmation.stop_level and confirmation.status == models.PositionStatus.AMENDED:
        rows.append(("stop / profit level", f"{confirmation.stop_level:g} / {text(confirmation.profit_level)}"))
    if not isinstance(confirmation.profit, Unset):
        rows.append(("profit", f"{money(confirmation.profit, sign=True)} {text(confirmation.profit_currency)}"))
    facts(*rows)


def show_positions(positions: Sequence[models.OpenPosition]) -> None:
    table(
        ("epic", "side", ">size", ">opened", ">bid", ">offer", ">stop", ">target", ">profit"),
        (
            (
                market.epic,
                position.direction.value,
                f"{position.size:g}",
                position.level,
                market.bid,
                market.offer,
                position.stop_level,
                position.profit_level,
                f"{money(position.upl, sign=True)} {position.currency}",
            )
            for position, market in ((item.position, item.market) for item in positions)
        ),
    )


def show_live(events: Iterable[object]) -> None:
    """A table of the newest quotes that changes under the eyes of who is watching; a line for each, otherwise."""
    if not console.is_terminal:
        for event in events:
            console.print("    " + (line_of(event) if isinstance(event, Quote) else str(event)))
        return
    first: dict[str, Quote] = {}
    rows: dict[str, tuple[Cell, ...]] = {}
    with Live(console=console, refresh_per_second=20) as shown:
        for event in events:
            if not isinstance(event, Quote):
                console.print(f"    {event}", markup=False)
                continue
            move = event.mid - first.setdefault(event.epic, event).mid
            arrow = "[green]▲[/]" if move > 0 else "[red]▼[/]" if move < 0 else " "
            rows[event.epic] = (*columns_of(event), f"{decimals(move, '+')} {arrow}")
            shown.update(table_of(("UTC", "epic", ">bid", ">offer", ">spread", ">change"), rows.values()))


def columns_of(quote: Quote) -> tuple[str, ...]:
    return (
        f"{quote.time:%H:%M:%S}.{quote.time.microsecond // 1000:03}",
        quote.epic,
        str(quote.bid),
        str(quote.offer),
        decimals(quote.spread),
    )


def decimals(price: float, sign: str = "") -> str:
    """A difference of prices, without the noise in its last digits."""
    return f"{price:{sign}.5f}".rstrip("0").rstrip(".")


def line_of(quote: Quote) -> str:
    time, epic, bid, offer, spread = columns_of(quote)
    return f"{time}  {epic:<7} {bid:>10} {offer:>10}  {spread:>7}"


def draw(candles: Sequence[models.Candle], rows: int = 12) -> None:
    """Candles of the bid, one to a column: two cells to each row of text, by the halves of block characters."""
    if not candles:
        console.print("no candles")
        return
    top = max(candle.high_price.bid for candle in candles)
    bottom = min(candle.low_price.bid for candle in candles)
    step_size = (top - bottom) / (2 * rows) or 1.0

    def cell(price: float) -> int:
        """Which half row, counted from the top, a price falls into."""
        return min(2 * rows - 1, int((top - price) / step_size))

    for row in range(rows):
        line = Text("    ")
        for candle in candles:
            start, end = candle.open_price.bid, candle.close_price.bid
            rising = end >= start
            body = range(cell(max(start, end)), cell(min(start, end)) + 1)
            wick = range(cell(candle.high_price.bid), cell(candle.low_price.bid) + 1)
            upper, lower = (2 if half in body else int(half in wick) for half in (2 * row, 2 * row + 1))
            line.append((_RISING if rising else _FALLING)[upper, lower] + " ", "green" if rising else "red")
        price = top - (row + 0.5) * 2 * step_size
        line.append(f"┤ {price:.2f}" if row % 2 == 0 else "│", "dim")
        console.print(line)
    every = 4
    axis = "".join(f"{candle.snapshot_time_utc:%H:%M}".ljust(2 * every) for candle in candles[::every])
    console.print(f"    {axis.rstrip()}  UTC, bid", style="dim")
    console.print(Text("    ┃", "green") + Text(" rose  ", "dim") + Text("█", "red") + Text(" fell", "dim"))


# What fills the upper and the lower half of a cell: 0 nothing, 1 the wick, 2 the body. Readable without colours too.
_WICKS = {(0, 0): " ", (0, 1): "╷", (1, 0): "╵", (1, 1): "│"}
_RISING = _WICKS | {(0, 2): "╻", (2, 0): "╹", (1, 2): "╽", (2, 1): "╿", (2, 2): "┃"}
_FALLING = _WICKS | {(0, 2): "▄", (2, 0): "▀", (1, 2): "▄", (2, 1): "▀", (2, 2): "█"}


if __name__ == "__main__":
    sys.exit(main())
