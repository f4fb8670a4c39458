"""Server time, keep-alive, logging in and out, switching accounts."""

from capital_api import models

from ..accounts import Account
from ..refusals import Refusal
from .accounts import balance
from .calls import Answer, Call

TEXT = "text/plain"
"""The label that the real service puts on two of its JSON answers."""


def time(call: Call) -> models.ServerTime:
    """``GET /time``: the only call that needs nothing."""
    return models.ServerTime(server_time=call.now)


def ping(call: Call) -> models.StatusResult:
    """``GET /ping``: keeps the session alive, as any call does."""
    return models.StatusResult(status="OK")


def encryption_key(call: Call) -> models.EncryptionKey:
    """``GET /session/encryptionKey``."""
    key, timestamp = call.world.login_key.issue(call.now)
    return models.EncryptionKey(encryption_key=key, time_stamp=timestamp)


def create(call: Call) -> Answer:
    """``POST /session``: log in, with a plain or an encrypted password."""
    api_key = call.request.headers["x-cap-api-key"]
    call.world.limits.login(api_key, call.now)
    if call.request.headers.get("cst"):
        # Tokens do not belong on a login; dead ones make the real service refuse it.
        call.world.sessions.authenticate(call.request.headers, call.now)
    fields = call.request.fields()
    identifier = fields.text("identifier", "")
    password: str | None = fields.text("password", "")
    if password and fields.flag("encryptedPassword"):
        password = call.world.login_key.decrypt(password, call.now)
    customer = call.world.customers[api_key]
    if (identifier, password) != (customer.credentials.identifier, customer.credentials.password):
        raise Refusal(401, "error.invalid.details")
    if not customer.accounts:
        # As with the key of the other environment.
        raise Refusal(401, "error.null.accountId")
    session = call.world.sessions.create(customer, call.now)
    call.authenticated = session
    call.world.let_time_pass(customer)
    account = session.account
    result = models.LoginResult(
        account_type=models.AccountType.CFD,
        account_info=balance(call, account),
        currency_iso_code=account.currency,
        currency_symbol=account.symbol,
        current_account_id=account.account_id,
        streaming_host=_stream(call),
        accounts=[_login_account(call, each) for each in customer.accounts.values()],
        client_id=customer.client_id,
        timezone_offset=customer.timezone_offset,
        has_active_demo_accounts=not call.customer.live,
        has_active_live_accounts=call.customer.live,
        trailing_stops_enabled=True,
    )
    return Answer(result, TEXT)


def get(call: Call) -> models.SessionDetails:
    """``GET /session``: among other things which account is active."""
    return models.SessionDetails(
        client_id=call.customer.client_id,
        account_id=call.account.account_id,
        timezone_offset=call.customer.timezone_offset,
        locale="en",
        currency=call.account.currency,
        symbol=call.account.symbol,
        stream_endpoint=_stream(call),
    )


def switch(call: Call) -> models.SwitchAccountResult:
    """``PUT /session``: another account; the answer carries a new security token."""
    call.world.sessions.switch(call.session, call.request.fields().text("accountId"))
    return models.SwitchAccountResult(
        trailing_stops_enabled=True,
        dealing_enabled=True,
        has_active_demo_accounts=not call.customer.live,
        has_active_live_accounts=call.customer.live,
    )


def close(call: Call) -> Answer:
    """``DELETE /session``: log out."""
    call.world.sessions.close(call.session)
    return Answer(models.StatusResult(status="SUCCESS"), TEXT)


def _login_account(call: Call, account: Account) -> models.LoginAccount:
    return models.LoginAccount(
        account_id=account.account_id,
        account_name=account.currency,
        preferred=account.preferred,
        account_type=models.AccountType.CFD,
        currency=account.currency,
        symbol=account.symbol,
        balance=balance(call, account),
    )


def _stream(call: Call) -> str:
    """The stream's host as the client can reach it; like the real one it ends in a slash."""
    return f"ws://{call.request.headers.get('host', 'localhost')}/"
