"""What is sent again, what a lost answer is called, and what every error says about it."""

from __future__ import annotations

import asyncio
import copy
import logging
import pickle
from collections.abc import Callable
from datetime import datetime, timezone

import httpx
import pytest

from capital_api.api.positions import positions_close
from capital_ext import (
    ApiError,
    AsyncCapital,
    AuthenticationError,
    BadRequestError,
    Capital,
    CapitalError,
    Credentials,
    DealRejectedError,
    Environment,
    InvalidInputError,
    LoginError,
    NotFoundError,
    NotSentError,
    OutcomeUnknownError,
    RateLimitError,
    ResponseParseError,
    Retries,
    ServerError,
    TransportError,
)
from capital_ext.policy import World
from tests.auth.world import Server, Time

NOW = datetime(2026, 3, 4, 12, tzinfo=timezone.utc)
CREDENTIALS = Credentials("KEY-SECRET", "me@example.test", "PASSWORD-SECRET")
REFERENCE = httpx.Response(200, json={"dealReference": "o_1"})
POSITIONS = httpx.Response(200, json={"positions": []})

Answers = list[httpx.Response | Exception]
Act = Callable[[Capital], object]


class Api(Server):
    """The stand-in, with a base URL of its own for each test, so that no two share the login's pace."""

    def __init__(self, answers: Answers) -> None:
        super().__init__()
        self.next_answers = answers
        self.time = Time()

    @property
    def orders(self) -> list[httpx.Request]:
        return [r for r in self.seen if not r.url.path.startswith("/api/v1/session")]

    @property
    def world(self) -> World:
        return World(sleep=self.time.ways, clock=self.time.clock, now=lambda: NOW, luck=lambda: 0.5)

    def capital(self, retries: Retries | None = None) -> Capital:
        return Capital(
            CREDENTIALS,
            base_url=f"https://{id(self)}.test",
            transport=httpx.MockTransport(self),
            retries=retries or Retries(),
            world=self.world,
        )

    def aio_capital(self) -> AsyncCapital:
        return AsyncCapital(
            CREDENTIALS,
            base_url=f"https://{id(self)}.test",
            transport=httpx.MockTransport(self.aio),
            world=self.world,
        )


def open_position(capital: Capital) -> object:
    return capital.positions.open(epic="SILVER", direction="BUY", size=1)


def close_position(capital: Capital) -> object:
    return capital.positions.close("deal")


def read_positions(capital: Capital) -> object:
    return capital.positions.all()


WRITES: list[Act] = [
    open_position,
    close_position,
    lambda c: c.positions.update("deal", stop_level=1),
    lambda c: c.orders.create(epic="SILVER", direction="BUY", size=1, level=1, type_="LIMIT"),
    lambda c: c.orders.update("deal", level=2),
    lambda c: c.orders.cancel("deal"),
    lambda c: c.accounts.top_up(amount=1),
]

# --- reads ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadTimeout("x"),
        httpx.ReadError("x"),
        httpx.RemoteProtocolError("x"),
        httpx.DecodingError("x"),
        httpx.ConnectError("x"),
        httpx.Response(500),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(503, json={"errorCode": "java.util.concurrent.TimeoutException"}),
        httpx.Response(520),
        httpx.Response(429, json={"errorCode": "error.too-many.requests"}),
    ],
)
def test_a_read_is_sent_again(failure: httpx.Response | Exception) -> None:
    api = Api([failure, failure, POSITIONS])
    with api.capital() as capital:
        assert capital.positions.all().positions == []
    assert len(api.orders) == 3
    first, second = api.time.waits
    assert second == pytest.approx(2 * first)


def test_a_read_is_sent_a_bounded_number_of_times() -> None:
    api = Api([httpx.Response(502)] * 99)
    with api.capital() as capital, pytest.raises(ServerError) as caught:
        capital.positions.all()
    assert len(api.orders) == 3
    assert caught.value.status_code == 502
    api = Api([httpx.ReadTimeout("x")] * 99)
    with api.capital(Retries(attempts=5)) as capital, pytest.raises(TransportError) as lost:
        capital.positions.all()
    assert len(api.orders) == 5
    assert lost.value.executed is False
    assert isinstance(lost.value.__cause__, httpx.ReadTimeout)


def test_retries_are_capped_in_total_time() -> None:
    api = Api([httpx.Response(502)] * 99)
    retries = Retries(attempts=99, first_wait=4, longest_wait=10, total=30)
    with api.capital(retries) as capital, pytest.raises(ServerError):
        capital.positions.all()
    assert api.time.waits == [4, 8, 10]
    assert len(api.orders) == 4


def test_the_wait_varies_with_luck() -> None:
    retries = Retries(first_wait=1)
    error = TransportError("x")
    assert retries.wait(1, error, 0) == pytest.approx(0.8)
    assert retries.wait(1, error, 1) == pytest.approx(1.2)


def test_a_wait_after_429_is_longer_than_the_second_that_the_limit_counts() -> None:
    assert Retries().wait(1, _error(RateLimitError, 429), 0) >= 1


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409])
def test_a_refusal_is_not_sent_again(status: int) -> None:
    api = Api([httpx.Response(status, json={"errorCode": "error.some"})])
    with api.capital() as capital, pytest.raises(ApiError) as caught:
        capital.positions.all()
    assert len(api.orders) == 1
    assert caught.value.executed is False


# --- writes -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize(
    "failure",
    [
        httpx.ReadTimeout("x"),
        httpx.WriteTimeout("x"),
        httpx.ReadError("x"),
        httpx.WriteError("x"),
        httpx.CloseError("x"),
        httpx.RemoteProtocolError("x"),
        httpx.LocalProtocolError("x"),
        httpx.DecodingError("x"),
        httpx.Response(500, json={"errorCode": "error.internal"}),
        httpx.Response(502, html="<h1>Bad gateway</h1>"),
        httpx.Response(503),
        httpx.Response(520),
        httpx.Response(302, headers={"location": "/elsewhere"}),
        httpx.Response(202),
    ],
)
def test_a_write_without_a_clear_answer_is_never_sent_again(act: Act, failure: httpx.Response | Exception) -> None:
    api = Api([failure, REFERENCE])
    with api.capital() as capital, pytest.raises(OutcomeUnknownError, match="look at positions") as caught:
        act(capital)
    assert len(api.orders) == 1
    assert api.time.waits == []
    assert caught.value.executed is None


@pytest.mark.parametrize("act", WRITES)
@pytest.mark.parametrize(
    "failure",
    [
        httpx.ConnectError("x"),
        httpx.ConnectTimeout("x"),
        httpx.PoolTimeout("x"),
        httpx.Response(429, json={"errorCode": "error.too-many.requests"}),
    ],
)
def test_a_write_that_certainly_was_not_executed_is_sent_again(act: Act, failure: httpx.Response | Exception) -> None:
    answer = httpx.Response(200, json={"dealReference": "o_1", "successful": True})
    api = Api([failure, answer])
    with api.capital() as capital:
        act(capital)
    assert len(api.orders) == 2
    assert api.orders[0].content == api.orders[1].content
    assert len(api.time.waits) == 1


@pytest.mark.parametrize(
    ("failure", "error"),
    [
        (httpx.ConnectError("x"), NotSentError),
        (httpx.Response(429, json={"errorCode": "error.too-many.requests"}), RateLimitError),
    ],
)
def test_but_a_bounded_number_of_times(failure: httpx.Response | Exception, error: type[CapitalError]) -> None:
    api = Api([failure] * 99)
    with api.capital() as capital, pytest.raises(error) as caught:
        open_position(capital)
    assert len(api.orders) == 3
    assert caught.value.executed is False


def test_a_write_on_a_dead_session_is_sent_again_once() -> None:
    dead = httpx.Response(401, json={"errorCode": "error.invalid.session.token"})
    api = Api([dead, REFERENCE])
    with api.capital() as capital:
        assert open_position(capital).deal_reference == "o_1"  # type: ignore[attr-defined]
    assert [r.method for r in api.orders] == ["POST", "POST"]
    api = Api([dead] * 9)
    with api.capital() as capital, pytest.raises(AuthenticationError) as caught:
        open_position(capital)
    assert len(api.orders) == 2
    assert caught.value.error_code == "error.invalid.session.token"


def test_an_answer_that_cannot_be_read_is_not_lost() -> None:
    for content in (b"", b"<h1>ok</h1>", b'{"dealReference":', b"[]", b'{"dealRef": "o_1"}'):
        api = Api([httpx.Response(200, content=content)])
        with api.capital() as capital, pytest.raises(ResponseParseError, match="was executed") as caught:
            open_position(capital)
        assert caught.value.content == content
        assert caught.value.executed is True
        assert len(api.orders) == 1


def test_an_unknown_outcome_carries_what_was_sent_and_when() -> None:
    api = Api([httpx.Response(503, json={"errorCode": "error.service.unavailable"})])
    with api.capital() as capital, pytest.raises(OutcomeUnknownError) as caught:
        capital.positions.open(epic="SILVER", direction="BUY", size=1, stop_level=20)
    error = caught.value
    assert error.sent == {"epic": "SILVER", "direction": "BUY", "size": 1, "stopLevel": 20}
    assert (error.method, error.path, error.sent_at) == ("POST", "/api/v1/positions", NOW)
    assert (error.status_code, error.error_code) == (503, "error.service.unavailable")
    assert error.content == b'{"errorCode":"error.service.unavailable"}'


@pytest.mark.parametrize("status", [408, 409, 425, 499])
def test_a_refusal_that_the_api_does_not_sign_is_unclear(status: int) -> None:
    api = Api([httpx.Response(status, html="<h1>some proxy</h1>")])
    with api.capital() as capital, pytest.raises(OutcomeUnknownError):
        open_position(capital)
    assert len(api.orders) == 1


def test_a_null_reference_is_not_passed_on_as_one() -> None:
    api = Api([httpx.Response(200, json={"dealReference": None})])
    with api.capital() as capital, pytest.raises(ResponseParseError, match="dealReference is null") as caught:
        open_position(capital)
    assert caught.value.content == b'{"dealReference":null}'


def test_the_cause_of_an_error_holds_no_token() -> None:
    api = Api([httpx.ReadTimeout("x")])
    with api.capital() as capital, pytest.raises(OutcomeUnknownError) as caught:
        open_position(capital)
    cause = caught.value.__cause__
    assert isinstance(cause, httpx.ReadTimeout)
    assert not {"cst", "x-security-token", "x-cap-api-key"} & set(cause.request.headers)


def test_a_connection_of_an_event_loop_that_is_gone_is_an_unknown_outcome() -> None:
    api = Api([RuntimeError("Event loop is closed")])
    with api.capital() as capital, pytest.raises(OutcomeUnknownError):
        open_position(capital)


def test_at_least_one_attempt() -> None:
    with pytest.raises(InvalidInputError, match="attempts"):
        Retries(attempts=0)


@pytest.mark.parametrize("status", [502, 504, 520])
def test_the_low_level_functions_survive_what_is_no_json(status: int) -> None:
    for content in (b"", b"<h1>Bad gateway</h1>", b"[1]"):
        api = Api([httpx.Response(status, content=content)])
        with api.capital() as capital:
            response = positions_close.sync_detailed("deal", client=capital.client)
        assert response.status_code == status
        assert response.content == content


# --- the login in between ---------------------------------------------------------------------------------------------


def test_a_login_without_an_answer_means_that_the_order_was_not_sent() -> None:
    api = Api([])
    api.login_answers = [httpx.ReadTimeout("x")] * 9
    with api.capital() as capital, pytest.raises(LoginError, match="was not sent") as caught:
        open_position(capital)
    assert caught.value.executed is False
    assert api.orders == []
    assert api.logins == 3


def test_a_login_that_gets_no_connection_means_not_sent() -> None:
    api = Api([])
    api.login_answers = [httpx.ConnectError("x")] * 9
    with api.capital() as capital, pytest.raises(NotSentError):
        open_position(capital)
    assert api.orders == []


def test_an_order_goes_out_once_when_only_the_login_stumbles() -> None:
    api = Api([REFERENCE])
    api.login_answers = [httpx.ReadTimeout("x")]
    with api.capital() as capital:
        open_position(capital)
    assert len(api.orders) == 1


def test_a_lost_switch_is_an_unknown_outcome_without_a_body() -> None:
    api = Api([])
    api.switch_answers = [httpx.ReadTimeout("x")]
    with api.capital() as capital, pytest.raises(OutcomeUnknownError) as caught:
        capital.session.switch(account_id="second")
    assert caught.value.sent is None


# --- errors -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "code", "value"),
    [
        ({"errorCode": "error.invalid.stoploss.minvalue: 17.146"}, "error.invalid.stoploss.minvalue", 17.146),
        ({"errorCode": "error.invalid.takeprofit.maxvalue: 4083.92"}, "error.invalid.takeprofit.maxvalue", 4083.92),
        ({"errorCode": "error.invalid.size.minvalue: 1"}, "error.invalid.size.minvalue", 1),
        ({"errorCode": "error.not-found.epic"}, "error.not-found.epic", None),
        ({"errorCode": "error.odd: words"}, "error.odd", None),
        ({"errorCode": None}, None, None),
        ({"errorCode": 7}, None, None),
        ({}, None, None),
        ([], None, None),
        ("text", None, None),
    ],
)
def test_a_value_behind_a_code_is_split_off(body: object, code: str | None, value: float | None) -> None:
    api = Api([httpx.Response(400, json=body)])
    with api.capital() as capital, pytest.raises(BadRequestError) as caught:
        open_position(capital)
    assert (caught.value.error_code, caught.value.value) == (code, value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, BadRequestError),
        (401, AuthenticationError),
        (403, AuthenticationError),
        (404, NotFoundError),
        (409, ApiError),
        (429, RateLimitError),
        (500, ServerError),
        (599, ServerError),
        (204, ApiError),
        (302, ApiError),
    ],
)
def test_each_status_has_its_error(status: int, kind: type[ApiError]) -> None:
    api = Api([httpx.Response(status)] * 3)
    with api.capital() as capital, pytest.raises(ApiError) as caught:
        capital.markets.get("SILVER")
    assert type(caught.value) is kind
    assert "GET /api/v1/markets/SILVER" in str(caught.value)
    assert str(status) in str(caught.value)


def test_an_error_says_what_its_code_means() -> None:
    api = Api([httpx.Response(404, json={"errorCode": "error.not-found.epic"})])
    with api.capital() as capital, pytest.raises(NotFoundError, match=r"markets\.search finds them"):
        capital.markets.get("silver")


def test_the_tree_has_one_root() -> None:
    for kind in (
        ApiError, AuthenticationError, BadRequestError, DealRejectedError, InvalidInputError, LoginError, NotFoundError,
        NotSentError, OutcomeUnknownError, RateLimitError, ResponseParseError, ServerError, TransportError,
    ):  # fmt: skip
        assert issubclass(kind, CapitalError)
    assert {OutcomeUnknownError.executed, NotSentError.executed, ResponseParseError.executed} == {None, False, True}


@pytest.mark.parametrize(
    "error",
    [
        LoginError("text", status_code=401, error_code="error.invalid.details"),
        DealRejectedError("o_1", "RC_NOT_ENOUGH_MARGIN", epic="SILVER"),
        OutcomeUnknownError("POST", "/p", reason="why", sent={"size": 1}, sent_at=NOW, status_code=503),
        ResponseParseError("POST", "/p", 200, b"content", "why"),
        NotFoundError("GET", "/p", 404, "error.not-found.epic", None, b"{}"),
    ],
)
def test_errors_survive_a_process_pool(error: CapitalError) -> None:
    for twin in (pickle.loads(pickle.dumps(error)), copy.deepcopy(error)):
        assert type(twin) is type(error)
        assert str(twin) == str(error)
        assert vars(twin) == vars(error)


@pytest.mark.parametrize(
    "failure",
    [
        httpx.InvalidURL("x"),
        httpx.UnsupportedProtocol("x"),
        httpx.ProxyError("x"),
        httpx.TooManyRedirects("x"),
        httpx.DecodingError("x"),
        httpx.Response(200, content=b"\xff\xfe\xfa"),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(999),
    ],
)
def test_except_capital_error_catches_everything(failure: httpx.Response | Exception) -> None:
    for act in (read_positions, open_position):
        api = Api([failure] * 9)
        with api.capital() as capital, pytest.raises(CapitalError):
            act(capital)


def test_a_closed_client_says_so() -> None:
    api = Api([])
    capital = api.capital()
    capital.close()
    with pytest.raises(NotSentError, match="closed"):
        capital.positions.all()
    assert api.seen == []


# --- both drivers -----------------------------------------------------------------------------------------------------


def test_async_is_the_same_policy() -> None:
    async def read() -> None:
        api = Api([httpx.ReadTimeout("x"), httpx.Response(503), POSITIONS])
        async with api.aio_capital() as capital:
            assert (await capital.positions.all()).positions == []
        assert (len(api.orders), len(api.time.waits)) == (3, 2)

    async def write() -> None:
        api = Api([httpx.ReadTimeout("x"), REFERENCE])
        async with api.aio_capital() as capital:
            with pytest.raises(OutcomeUnknownError):
                await capital.positions.close("deal")
        assert len(api.orders) == 1

    async def closed() -> None:
        capital = Api([]).aio_capital()
        await capital.aclose()
        with pytest.raises(NotSentError, match="closed"):
            await capital.positions.all()

    asyncio.run(read())
    asyncio.run(write())
    asyncio.run(closed())


# --- the client -------------------------------------------------------------------------------------------------------


def test_demo_is_the_default_and_live_is_said_in_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CAPITAL_ENVIRONMENT", "LIVE")
    with Capital(CREDENTIALS) as capital:
        assert capital.base_url == Environment.DEMO.base_url
        assert "DEMO" in repr(capital)
    with Capital(CREDENTIALS, environment=Environment.LIVE) as capital:
        assert capital.base_url == Environment.LIVE.base_url
        assert "LIVE" in repr(capital)
    with pytest.raises(InvalidInputError, match=r"Environment\.LIVE"):
        Capital(CREDENTIALS, base_url=Environment.LIVE.base_url + "/api/v1")


def test_closing_logs_out_only_when_asked_to() -> None:
    api = Api([POSITIONS])
    with api.capital() as capital:
        capital.positions.all()
    assert "DELETE /session" not in api.log
    api = Api([POSITIONS])
    capital = api.capital()
    capital.positions.all()
    capital.close(log_out=True)
    assert api.log[-1] == "DELETE /session"
    api = Api([])
    api.capital().close(log_out=True)  # no session: nothing to end, and none is opened to end it
    assert api.seen == []


def test_the_log_has_method_path_status_code_and_duration(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="capital_ext")
    api = Api([httpx.Response(404, json={"errorCode": "error.not-found.epic"})])
    with api.capital() as capital, pytest.raises(NotFoundError):
        capital.markets.get("SILVER")
    lines = [r.getMessage() for r in caplog.records if r.name == "capital_ext"]
    assert [line.rsplit(" in ", 1)[0] for line in lines] == [
        "GET /api/v1/session/encryptionKey -> 200",
        "POST /api/v1/session -> 200",
        "GET /api/v1/markets/SILVER -> 404 error.not-found.epic",
    ]
    assert all(line.endswith(" ms") for line in lines)


def test_credentials_from_the_environment_name_what_is_missing() -> None:
    full = {"CAPITAL_API_KEY": "k", "CAPITAL_IDENTIFIER": "i", "CAPITAL_PASSWORD": "p"}
    assert Credentials.from_env(full) == Credentials("k", "i", "p")
    for name in full:
        with pytest.raises(InvalidInputError, match=name):
            Credentials.from_env({**full, name: ""})
    with pytest.raises(InvalidInputError, match="CAPITAL_API_KEY and CAPITAL_IDENTIFIER and CAPITAL_PASSWORD"):
        Credentials.from_env({})


@pytest.mark.parametrize(
    "values",
    [
        ("", "i", "p"),
        ("k", "", "p"),
        ("k", "i", ""),
        ("k y", "i", "p"),
        ("ké", "i", "p"),
        ("k", "i\ud800", "p"),
        ("k", "i", "\udcff"),
    ],
)
def test_malformed_credentials_are_refused_without_being_shown(values: tuple[str, str, str]) -> None:
    with pytest.raises(InvalidInputError) as caught:
        Credentials(*values)
    assert "k y" not in str(caught.value)


def test_credentials_keep_their_secrets() -> None:
    assert repr(CREDENTIALS) == "Credentials(identifier='me@example.test')"
    with pytest.raises(AttributeError):
        CREDENTIALS.password = "x"  # type: ignore[misc]


def _error(kind: type[ApiError], status: int) -> ApiError:
    return kind("GET", "/p", status, None, None, b"")
