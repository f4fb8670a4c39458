"""Markets, categories, candles, sentiment and watchlists."""

from itertools import islice
from random import Random

from capital_api import models

from ..candles import Resolution
from ..catalogue import Instrument
from ..feed import Candle
from ..navigation import Node
from ..refusals import Refusal
from ..watchlists import Watchlist
from . import market_models
from .calls import Answer, Call
from .numbers import number

_MOST_EPICS = 50
_MOST_CANDLES = 1000
_MOST_MARKETS = 500

NODE_HEADERS = {"Content-Disposition": "inline;filename=f.txt"}
"""What the answers about a node of the tree carry, as if they were files."""


def search(call: Call) -> models.MarketSearchResult:
    """``GET /markets``: by text, by epics, or all; the root key depends on which."""
    parameters = call.request.parameters
    catalogue = call.world.catalogue
    if "searchTerm" in parameters:
        if not parameters["searchTerm"].strip():
            raise Refusal(400, "error.null.searchTerm")
        found = catalogue.search(parameters["searchTerm"])
        return models.MarketSearchResult(markets=[market_models.market(call, each) for each in found])
    if "epics" not in parameters:
        return models.MarketSearchResult(markets=[market_models.market(call, each) for each in catalogue.values()])
    epics = [epic.strip() for epic in parameters["epics"].split(",") if epic.strip()]
    if not epics:
        raise Refusal(400, "error.null.epic")
    if len(epics) > _MOST_EPICS:
        raise Refusal(400, "error.invalid.epics")
    known = [catalogue[epic] for epic in dict.fromkeys(epics) if epic in catalogue]
    return models.MarketSearchResult(market_details=[market_models.details(call, each) for each in known])


def details(call: Call) -> models.MarketDetails:
    """``GET /markets/{epic}``."""
    return market_models.details(call, call.instrument(call.arguments["epic"]))


def categories(call: Call) -> models.CategoryList:
    """``GET /marketnavigation``."""
    return models.CategoryList(nodes=[_node(node) for node in call.world.navigation.roots])


def category(call: Call) -> Answer:
    """``GET /marketnavigation/{nodeId}``: inner nodes have only nodes; leaves have markets and empty nodes."""
    limit = call.whole("limit", _MOST_MARKETS, 1, _MOST_MARKETS)
    tree = call.world.navigation
    node = tree.find(call.arguments["nodeId"])
    if node is None:
        raise Refusal(404, "error.not-found.nodeId")
    if node.children:
        result = models.Category(nodes=[_node(child) for child in node.children[:limit]])
    else:
        found = tree.markets(node, call.now)[:limit]
        result = models.Category(nodes=[], markets=[market_models.market(call, each) for each in found])
    return Answer(result, headers=NODE_HEADERS)


def prices(call: Call) -> models.CandleList:
    """``GET /prices/{epic}``: oldest first, the last one perhaps still forming."""
    instrument = call.instrument(call.arguments["epic"])
    try:
        resolution = Resolution(call.request.parameters.get("resolution", "MINUTE"))
    except ValueError:
        raise Refusal(400, "error.invalid.resolution") from None
    most = call.whole("max", 10, 1, _MOST_CANDLES)
    candles = _candles(call, instrument, resolution, most)
    if not candles:
        raise Refusal(404, "error.prices.not-found")
    return models.CandleList(
        prices=[market_models.candle(call, instrument, candle) for candle in candles],
        instrument_type=models.InstrumentType(instrument.type),
        tick_size=number(instrument.tick),
        pip_position=instrument.pip_position,
    )


def sentiments(call: Call) -> models.SentimentList:
    """``GET /clientsentiment``."""
    text = call.request.parameters.get("marketIds")
    epics = list(call.world.catalogue) if text is None else [epic.strip() for epic in text.split(",") if epic.strip()]
    if not epics:
        raise Refusal(400, "error.invalid.marketIds")
    return models.SentimentList(client_sentiments=[_sentiment(call, call.instrument(epic)) for epic in epics])


def sentiment(call: Call) -> models.Sentiment:
    """``GET /clientsentiment/{marketId}``."""
    return _sentiment(call, call.instrument(call.arguments["marketId"]))


def watchlists(call: Call) -> models.WatchlistList:
    """``GET /watchlists``."""
    return models.WatchlistList(watchlists=[_watchlist(each) for each in call.customer.watchlists.all()])


def watchlist(call: Call) -> models.WatchlistMarkets:
    """``GET /watchlists/{watchlistId}``: the markets only, without the list's name."""
    found = call.customer.watchlists.get(call.arguments["watchlistId"], "error.invalid.watchlist")
    instruments = [call.world.catalogue[epic] for epic in found.epics]
    return models.WatchlistMarkets(markets=[market_models.market(call, each) for each in instruments])


def create_watchlist(call: Call) -> models.CreatedWatchlist:
    """``POST /watchlists``: unknown epics are left out, and the status says so."""
    fields = call.request.fields()
    created, complete = call.customer.watchlists.create(fields.text("name", ""), fields.texts("epics"))
    status = models.WatchlistStatus.SUCCESS
    if not complete:
        status = models.WatchlistStatus.SUCCESS_NOT_ALL_INSTRUMENTS_ADDED
    return models.CreatedWatchlist(watchlist_id=created.number, status=status)


def add_to_watchlist(call: Call) -> models.StatusResult:
    """``PUT /watchlists/{watchlistId}``: one market."""
    call.customer.watchlists.add(call.arguments["watchlistId"], call.request.fields().text("epic"))
    return models.StatusResult(status="SUCCESS")


def remove_from_watchlist(call: Call) -> models.StatusResult:
    """``DELETE /watchlists/{watchlistId}/{epic}``."""
    call.customer.watchlists.remove(call.arguments["watchlistId"], call.arguments["epic"])
    return models.StatusResult(status="SUCCESS")


def delete_watchlist(call: Call) -> models.StatusResult:
    """``DELETE /watchlists/{watchlistId}``."""
    call.customer.watchlists.delete(call.arguments["watchlistId"])
    return models.StatusResult(status="SUCCESS")


def _candles(call: Call, instrument: Instrument, resolution: Resolution, most: int) -> list[Candle]:
    """The candles of the window that the query describes, oldest first."""
    start, end = call.instant("from"), call.instant("to")
    now, feed = call.now, call.world.feed
    if any(edge is not None and edge > now for edge in (start, end)):
        raise Refusal(400, "error.invalid.daterange")
    if start is None:
        newest = islice(feed.backwards(instrument, resolution, now if end is None else end, now), most)
        return list(newest)[::-1]
    if end is not None:
        if start > end:
            raise Refusal(400, "error.invalid.daterange")
        # Calendar time: nights and weekends count although they hold no candles.
        if end - start > (most - 1) * resolution.length:
            raise Refusal(400, "error.invalid.max.daterange")
    candles = islice(feed.forwards(instrument, resolution, start, now), most)
    return [candle for candle in candles if end is None or candle.start <= end]


def _sentiment(call: Call, instrument: Instrument) -> models.Sentiment:
    """An invented opinion of the crowd, steady for an hour."""
    random = Random(f"{call.world.settings.seed}/{instrument.epic}/{call.now // 3_600_000}")  # noqa: S311
    long = round(random.triangular(5, 95, 62) * 100)
    return models.Sentiment(
        market_id=instrument.epic,
        long_position_percentage=long / 100,
        short_position_percentage=(10_000 - long) / 100,
    )


def _watchlist(watchlist: Watchlist) -> models.Watchlist:
    return models.Watchlist(
        id=watchlist.number,
        name=watchlist.name,
        editable=True,
        deleteable=True,
        default_system_watchlist=False,
    )


def _node(node: Node) -> models.CategoryNode:
    return models.CategoryNode(id=node.id, name=node.name)
