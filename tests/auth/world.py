"""A stand-in for the API that shows how a session is used, and a clock that tests move themselves."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable
from functools import cache

import httpx
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

from capital_ext import CapitalAuth, Credentials, Quota
from capital_ext.waiting import Sleep

BASE = "https://api.test"
PASSWORD = "pässword €1"
DEAD = {"errorCode": "error.invalid.session.token"}
LOGINS_ONLY = Quota(calls_per_second=None, trades_per_second=None, jitter=0)
"""What these tests need of the quota: one login a second, and a second that is one exactly."""


@cache
def rsa_key() -> rsa.RSAPrivateKey:
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def public_key(key: rsa.RSAPrivateKey) -> str:
    der = key.public_key().public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return base64.b64encode(der).decode()


def decrypt(ciphertext: str) -> str:
    return base64.b64decode(rsa_key().decrypt(base64.b64decode(ciphertext), PKCS1v15())).decode()


class Time:
    """A clock and the ways to let it pass: waiting moves it and takes no time."""

    def __init__(self) -> None:
        self.now = 0.0
        self.waits: list[float] = []

    def clock(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += seconds

    async def sleep_async(self, seconds: float) -> None:
        self.sleep(seconds)

    @property
    def ways(self) -> Sleep:
        return Sleep(self.sleep, self.sleep_async)


Answer = Callable[[httpx.Request], httpx.Response]


class Server:
    """The parts of the API that a session meets. Answers any other path with 200 and the account that is active."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.seen: list[httpx.Request] = []
        self.sent_bodies: list[bytes] = []
        self.sessions: dict[tuple[str, str], str] = {}
        self.accounts = ["preferred", "second", "third"]
        self.logins = 0
        self.rotations = 0
        self.login_answers: list[httpx.Response | Exception] = []
        """Answers to the next attempts at POST /session, in place of a login."""
        self.switch_answers: list[httpx.Response | Exception] = []
        """Answers to the next PUT /session."""
        self.next_answers: list[httpx.Response | Exception] = []
        """Answers to the next requests of the caller."""
        self.rotate_always = False

    # --- what happened ---

    def calls(self, method: str, path: str) -> list[httpx.Request]:
        return [r for r in self.seen if (r.method, r.url.path) == (method, "/api/v1" + path)]

    @property
    def log(self) -> list[str]:
        return [f"{r.method} {r.url.path.removeprefix('/api/v1')}" for r in self.seen]

    def expire(self) -> None:
        self.sessions.clear()

    # --- answering ---

    def __call__(self, request: httpx.Request) -> httpx.Response:
        with self.lock:
            self.seen.append(request)
            self.sent_bodies.append(request.content)
            return self.answer(request)

    async def aio(self, request: httpx.Request) -> httpx.Response:
        return self(request)

    def answer(self, request: httpx.Request) -> httpx.Response:
        path = request.url.path.removeprefix("/api/v1")
        if path == "/time":
            return httpx.Response(200, json={"serverTime": 1})
        if path == "/session/encryptionKey":
            return httpx.Response(200, json={"encryptionKey": public_key(rsa_key()), "timeStamp": 1700000000000})
        if (request.method, path) == ("POST", "/session"):
            return self.log_in()
        pair = request.headers.get("cst", ""), request.headers.get("x-security-token", "")
        if pair not in self.sessions:
            return httpx.Response(401, json=DEAD)
        if (request.method, path) == ("PUT", "/session"):
            return self.switch(request, pair)
        if (request.method, path) == ("DELETE", "/session"):
            del self.sessions[pair]
            return httpx.Response(200, text='{"status":"SUCCESS"}', headers=_tokens(pair))
        if self.next_answers:
            return _given(self.next_answers)
        if self.rotate_always:
            pair = self.rotate(pair)
        return httpx.Response(200, json={"account": self.sessions[pair]}, headers=_tokens(pair))

    def log_in(self) -> httpx.Response:
        self.logins += 1
        if self.login_answers:
            return _given(self.login_answers)
        pair = f"cst{self.logins}", f"xst{self.logins}"
        self.sessions[pair] = "preferred"
        # The real API labels this text/plain.
        return httpx.Response(200, text=json.dumps({"currentAccountId": "preferred"}), headers=_tokens(pair))

    def switch(self, request: httpx.Request, pair: tuple[str, str]) -> httpx.Response:
        if self.switch_answers:
            return _given(self.switch_answers)
        account = json.loads(request.content)["accountId"]
        if account not in self.accounts:
            return httpx.Response(400, json={"errorCode": "error.invalid.accountId"}, headers=_tokens(pair))
        if account == self.sessions[pair]:
            return httpx.Response(400, json={"errorCode": "error.not-different.accountId"}, headers=_tokens(pair))
        pair = self.rotate(pair)
        self.sessions[pair] = account
        return httpx.Response(200, json={"dealingEnabled": True}, headers=_tokens(pair))

    def rotate(self, pair: tuple[str, str]) -> tuple[str, str]:
        self.rotations += 1
        new = pair[0], f"{pair[1]}.{self.rotations}"
        self.sessions[new] = self.sessions.pop(pair)
        return new


def _tokens(pair: tuple[str, str]) -> dict[str, str]:
    return {"CST": pair[0], "X-SECURITY-TOKEN": pair[1]}


def _given(answers: list[httpx.Response | Exception]) -> httpx.Response:
    answer = answers.pop(0)
    if isinstance(answer, Exception):
        raise answer
    return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


def refused(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"errorCode": code})


def session(
    *,
    key: str = "KEY-SECRET",
    time: Time | None = None,
    account_id: str | None = None,
    encrypt_password: bool = True,
    patience: float = 30.0,
    base_url: str = BASE,
) -> CapitalAuth:
    time = time or Time()
    return CapitalAuth(
        Credentials(key, "me@example.test", PASSWORD),
        base_url=base_url,
        account_id=account_id,
        encrypt_password=encrypt_password,
        quota=LOGINS_ONLY,
        clock=time.clock,
        sleep=time.ways,
        patience=patience,
    )


def client(auth: CapitalAuth, server: Answer, timeout: float = 5.0) -> httpx.Client:
    return httpx.Client(base_url=BASE, auth=auth, transport=httpx.MockTransport(server), timeout=timeout)
