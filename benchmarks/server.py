"""A server that does as little as possible: every GET of a market has one fixed answer, every login succeeds.

``python -m benchmarks.server`` prints its port. It runs in a process of its own, so that its CPU time is not counted.
"""

from __future__ import annotations

import asyncio
import base64
import json

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from .answers import TOKENS, from_sandbox


def fixed_answers() -> tuple[bytes, bytes, bytes]:
    """The bodies for the encryption key, for a login, and for everything else."""
    public = rsa.generate_private_key(public_exponent=65537, key_size=2048).public_key()
    der = public.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    key = json.dumps({"encryptionKey": base64.b64encode(der).decode(), "timeStamp": 1781100000000}).encode()
    return key, b"{}", from_sandbox("/markets/SILVER")


class _Connection(asyncio.Protocol):
    def __init__(self, answers: tuple[bytes, bytes, bytes]) -> None:
        key, login, market = (self._whole(body) for body in answers)
        self._known = {b"GET /api/v1/session/encryptionKey": key, b"POST /api/v1/session": login}
        self._market = market

    @staticmethod
    def _whole(body: bytes) -> bytes:
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))} | TOKENS
        lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
        return f"HTTP/1.1 200 OK\r\n{lines}\r\n".encode() + body

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        line, _, rest = data.partition(b" HTTP/1.1\r\n")
        # A request and its body may arrive apart: only the part that begins with a request line is answered.
        if rest:
            self._transport.write(self._known.get(line, self._market))


async def main() -> None:
    answers = fixed_answers()
    server = await asyncio.get_running_loop().create_server(lambda: _Connection(answers), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
