"""Accounts, histories, markets, categories, sentiment, watchlists."""

import httpx
import pytest

from capital_sandbox import Limits, ManualClock, Request, Sandbox

from .conftest import Api


def test_accounts(api: Api) -> None:
    accounts = api.ok(api.get("accounts"))["accounts"]
    assert [(a["currency"], a["preferred"], a["symbol"]) for a in accounts] == [
        ("USD", True, "$"),
        ("EUR", False, "€"),
    ]
    session = api.ok(api.get("session"))
    assert (session["accountId"], session["timezoneOffset"]) == (accounts[0]["accountId"], 3)
    assert session["streamEndpoint"].endswith("/")


def test_time(api: Api) -> None:
    assert api.ok(api.get("time")) == {"serverTime": 1781100000000}


def test_preferences(api: Api) -> None:
    api.ok(api.put("accounts/preferences", leverages={"SHARES": 2}))
    content = api.ok(api.get("accounts/preferences"))
    assert content["leverages"]["SHARES"]["current"] == 2
    assert content["hedgingMode"] is False
    wrong = api.put("accounts/preferences", leverages={"SHARES": 1, "INDICES": 7}, hedgingMode=True)
    assert api.refused(wrong) == (400, "error.invalid.leverage.value")
    assert api.ok(api.get("accounts/preferences")) == content
    assert api.put("accounts/preferences", leverages={"TULIPS": 1}).status_code == 400


def test_top_up(api: Api) -> None:
    assert api.ok(api.post("accounts/topUp", amount=90_000)) == {"successful": True}
    assert api.refused(api.post("accounts/topUp", amount=0.01)) == (400, "error.account.limit.reached")
    assert api.refused(api.post("accounts/topUp", amount=400_001)) == (400, "error.invalid.amount")
    api.ok(api.post("accounts/topUp", amount=-50_000.5))
    assert api.ok(api.get("accounts"))["accounts"][0]["balance"]["balance"] == 49_999.5
    rows = api.ok(api.get("history/transactions"))["transactions"]
    told = [(row["transactionType"], row["size"]) for row in rows]
    assert told == [("WITHDRAWAL", "-50000.5"), ("DEPOSIT", "90000.0"), ("DEPOSIT", "10000.0")]
    assert rows[0]["date"] == "2026-06-10T17:00:00"
    assert rows[0]["dateUtc"] == "2026-06-10T14:00:00"


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ({"from": "2026-06-10T10:00:00Z"}, "error.invalid.from"),
        ({"to": "now"}, "error.invalid.to"),
        ({"from": "2026-06-10T11:00:00", "to": "2026-06-10T10:00:00"}, "error.invalid.daterange"),
        ({"from": "2026-06-11T11:00:00"}, "error.invalid.daterange"),
        ({"from": "2026-06-08T10:00:00", "to": "2026-06-09T10:00:01"}, "error.invalid.daterange"),
        ({"lastPeriod": 86401}, "error.invalid.lastPeriod"),
        ({"filter": "price==3"}, "error.invalid.filter"),
        ({"filter": ""}, "error.invalid.filter"),
        ({"dealId": ""}, "error.invalid.dealId"),
        ({"detailed": "2"}, "error.invalid.detailed"),
        ({"detailed": ""}, "error.invalid.detailed"),
        ({"from": "2026-6-9T1:2:3"}, "error.invalid.from"),
        ({"from": "2026-06-10t10:00:00"}, "error.invalid.from"),
        ({"from": "\u0662\u0660\u0662\u0666-06-10T10:00:00"}, "error.invalid.from"),
        ({"to": "2026-06-10T10:00:00\n"}, "error.invalid.to"),
        ({"to": "2026-06-31T10:00:00"}, "error.invalid.to"),
    ],
)
def test_refused_activity(api: Api, query: dict[str, object], code: str) -> None:
    assert api.refused(api.get("history/activity", **query)) == (400, code)


@pytest.mark.parametrize("value", ["20", True, None, [], 2.5, 0, 10**30, 1e300])
def test_a_leverage_that_is_none(api: Api, value: object) -> None:
    refused = api.put("accounts/preferences", leverages={"SHARES": value})
    assert api.refused(refused) == (400, "error.invalid.leverage.value")


def test_activity_in_detail_or_not(api: Api) -> None:
    api.open("GOLD")
    for asked, told in (("true", True), ("True", True), ("false", False)):
        [row] = api.ok(api.get("history/activity", detailed=asked))["activities"]
        assert ("details" in row) is told


def test_activity_filter_and_windows(api: Api) -> None:
    deal_id = api.open("GOLD")
    api.wait(100)
    api.open("SILVER")
    api.delete(f"positions/{deal_id}")

    def epics(**query: object) -> list[str]:
        return [row["epic"] for row in api.ok(api.get("history/activity", **query))["activities"]]

    assert epics() == ["GOLD", "SILVER", "GOLD"]
    assert epics(filter="epic==SILVER,OIL_CRUDE;source!=DEALER") == ["SILVER"]
    assert epics(dealId=deal_id) == ["GOLD", "GOLD"]
    assert epics(lastPeriod=50) == ["GOLD", "SILVER"]
    assert epics(**{"from": "2026-06-10T14:00:00", "to": "2026-06-10T14:00:00"}) == ["GOLD"]
    assert epics(to="2026-06-10T14:01:00") == ["GOLD"]
    rows = api.ok(api.get("history/activity"))["activities"]
    assert "details" not in rows[0]
    api.wait(3 * 86_400)
    assert epics() == []
    spans: list[dict[str, str]] = [{"from": "2026-06-01T00:00:00"}, {"to": "2026-06-12T00:00:00"}]
    assert [len(api.ok(api.get("history/transactions", **span))["transactions"]) for span in spans] == [5, 4]


def test_search(api: Api) -> None:
    everything = api.ok(api.get("markets"))["markets"]
    assert len(everything) >= 24
    assert {market["instrumentType"] for market in everything} == {
        "COMMODITIES",
        "CURRENCIES",
        "INDICES",
        "SHARES",
        "CRYPTOCURRENCIES",
    }
    found = api.ok(api.get("markets", searchTerm="silver", epics="GOLD"))
    assert [market["epic"] for market in found["markets"]] == ["SILVER", "5CPSG", "SI"][: len(found["markets"])]
    assert api.ok(api.get("markets", searchTerm="zzz")) == {"markets": []}
    details = api.ok(api.get("markets", epics="BRK.B,NOPE,US500-DEC27"))
    assert [each["instrument"]["epic"] for each in details["marketDetails"]] == ["BRK.B", "US500-DEC27"]
    assert api.refused(api.get("markets", searchTerm="")) == (400, "error.null.searchTerm")
    assert api.refused(api.get("markets", epics="")) == (400, "error.null.epic")
    assert api.get("markets", epics=",".join(["GOLD"] * 51)).status_code == 400


@pytest.mark.parametrize("epic", ["5CPSG", "BRK.B", "US500-DEC27", "EURUSD_W", "CL.Z27", "SI", "EURUSD"])
def test_awkward_markets(api: Api, epic: str) -> None:
    content = api.ok(api.get(f"markets/{epic}"))
    assert content["instrument"]["epic"] == epic
    assert ("high" in content["snapshot"]) is (epic != "SI")
    assert "updateTimeUTC" not in content["snapshot"]
    assert api.refused(api.get(f"markets/{epic.lower()}x")) == (404, "error.not-found.epic")
    hours = content["instrument"]["openingHours"]
    if epic == "EURUSD":
        assert hours["mon"][0] == "00:00 - 20:59:50"
        assert hours["sat"] == []
    if epic == "SI":
        assert hours["sat"] == ["-"]
        assert content["snapshot"]["marketModes"] == ["VIEW_ONLY"]


def test_big_instrument_ids(api: Api) -> None:
    numbers = {market["instrumentId"] for market in api.ok(api.get("markets"))["markets"]}
    assert max(numbers) > 2**53
    assert len(numbers) == len(api.sandbox.world.catalogue)


def test_categories(api: Api) -> None:
    seen: list[str] = []
    for root in api.ok(api.get("marketnavigation"))["nodes"]:
        inner = api.ok(api.get(f"marketnavigation/{root['id']}"))
        assert "markets" not in inner
        for node in inner["nodes"]:
            leaf = api.get(f"marketnavigation/{node['id']}")
            assert leaf.headers["Content-Disposition"]
            assert leaf.json()["nodes"] == []
            seen += [market["epic"] for market in leaf.json()["markets"]]
    assert set(seen) == set(api.sandbox.world.catalogue)
    assert len(seen) > len(set(seen))
    leaf_path = "marketnavigation/hierarchy_v1.commons.most_traded"
    assert len(api.ok(api.get(leaf_path, limit=2))["markets"]) == 2
    for limit in (0, 501):
        assert api.refused(api.get(leaf_path, limit=limit)) == (400, "error.invalid.limit")


def test_headers(api: Api) -> None:
    """Tokens come with every answer of a session, but for two kinds of 400."""
    node = "marketnavigation/hierarchy_v1.commons.most_traded"
    tokens = {"CST", "X-SECURITY-TOKEN"}
    for answer, odd in (
        (api.get("ping"), False),
        (api.get(node), False),
        (api.get(node, limit=0), True),
        (api.get("marketnavigation/nope"), False),
        (api.post("watchlists", name=""), True),
        (api.get("markets/NOPE"), False),
        (api.put("accounts/preferences", leverages={"SHARES": 7}), False),
    ):
        names = {name for name in tokens if name in answer.headers}
        assert names == (set[str]() if odd else tokens), answer.request.url
        assert answer.headers["Content-Security-Policy"]
    refused = api.get(node, limit=0)
    assert refused.headers["Content-Disposition"] == api.get(node).headers["Content-Disposition"]
    assert refused.headers["Access-Control-Expose-Headers"] == "Content-Disposition"
    assert "Access-Control-Expose-Headers" not in api.get(node).headers
    assert not tokens & {*api.sandbox.handle(Request("GET", "/api/v1/time")).headers}


def test_too_many_requests_keep_the_tokens() -> None:
    api = Api(Sandbox(clock=ManualClock()))
    api.login()
    answers = [api.get("marketnavigation/nope") for _ in range(11)]
    assert [answer.status_code for answer in answers] == [404] * 10 + [429]
    assert all("CST" in answer.headers for answer in answers)


def test_sentiment(api: Api) -> None:
    [gold, _] = api.ok(api.get("clientsentiment", marketIds="GOLD,SILVER"))["clientSentiments"]
    assert gold["longPositionPercentage"] + gold["shortPositionPercentage"] == pytest.approx(100)
    assert api.ok(api.get("clientsentiment/GOLD")) == gold
    assert api.refused(api.get("clientsentiment/NOPE")) == (404, "error.not-found.epic")
    assert api.refused(api.get("clientsentiment", marketIds="GOLD,NOPE")) == (404, "error.not-found.epic")
    assert len(api.ok(api.get("clientsentiment"))["clientSentiments"]) > 50
    for nothing in ("", ",,", " , "):
        assert api.refused(api.get("clientsentiment", marketIds=nothing)) == (400, "error.invalid.marketIds")


def test_watchlists(api: Api) -> None:
    created = api.ok(api.post("watchlists", name="metals", epics=["GOLD", "NOPE"]))
    assert created["status"] == "SUCCESS_NOT_ALL_INSTRUMENTS_ADDED"
    path = f"watchlists/{created['watchlistId']}"
    api.ok(api.put(path, epic="SILVER"))
    assert api.refused(api.put(path, epic="NOPE")) == (404, "error.not-found.epic")
    assert [market["epic"] for market in api.ok(api.get(path))["markets"]] == ["GOLD", "SILVER"]
    [listed] = api.ok(api.get("watchlists"))["watchlists"]
    assert (listed["name"], listed["deleteable"]) == ("metals", True)
    api.ok(api.delete(f"{path}/GOLD"))
    assert api.refused(api.delete(f"{path}/GOLD")) == (404, "error.not-found.epic")
    api.ok(api.delete(path))
    assert api.refused(api.get(path)) == (404, "error.invalid.watchlist")
    assert api.refused(api.delete(path)) == (404, "error.not-found.watchlist")
    for name in ("", "x" * 21):
        assert api.refused(api.post("watchlists", name=name)) == (
            400,
            "error.size.createwatchlistrequest.name",
        )


def test_half_a_character_is_no_name() -> None:
    """JSON can carry a lone surrogate; an answer that repeats it can't be written."""
    sandbox = Sandbox(clock=ManualClock(), limits=Limits.off())
    with httpx.Client(base_url="http://sandbox.test/api/v1", transport=sandbox.transport()) as http:
        known = sandbox.credentials
        login = http.post(
            "/session",
            json={"identifier": known.identifier, "password": known.password},
            headers={"X-CAP-API-KEY": known.api_key},
        )
        tokens = {name: login.headers[name] for name in ("CST", "X-SECURITY-TOKEN")}
        refused = http.post("/watchlists", content=b'{"name": "\\ud800"}', headers=tokens)
        assert (refused.status_code, refused.json()["errorCode"]) == (400, "error.invalid.name")
        assert http.get("/watchlists", headers=tokens).status_code == 200


def test_a_path_of_a_fault_is_a_path() -> None:
    with pytest.raises(ValueError, match="the method stands apart"):
        Sandbox(clock=ManualClock()).faults.stall(path="GET /ping")
    with pytest.raises(ValueError, match="surrogates not allowed"):
        Sandbox(clock=ManualClock()).faults.stream.send("\ud800")
