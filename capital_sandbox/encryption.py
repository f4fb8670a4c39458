"""The server's side of the encrypted login.

The vendor calls it AES; what it does, and what this does, is RSA with PKCS#1 v1.5 padding over the base64
form of ``password|timeStamp``.
"""

from base64 import b64decode, b64encode
from collections import OrderedDict
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

_VALID_FOR = 10 * 60 * 1000
_MOST_OUTSTANDING = 1000


class LoginKey:
    """Hands out the public key and reads the passwords that were encrypted with it."""

    def __init__(self) -> None:
        self._issued: OrderedDict[int, None] = OrderedDict()

    def issue(self, now: int) -> tuple[str, int]:
        """The public key (base64 of its DER form) and the timestamp to be encrypted with the password."""
        from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

        self._issued[now] = None
        if len(self._issued) > _MOST_OUTSTANDING:
            self._issued.popitem(last=False)
        der = _private_key().public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return b64encode(der).decode(), now

    def decrypt(self, ciphertext: str, now: int) -> str | None:
        """The password inside, or None: not our key, not our timestamp, or one too old."""
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        try:
            encoded = _private_key().decrypt(b64decode(ciphertext, validate=True), PKCS1v15())
            password, _, stamp = b64decode(encoded, validate=True).decode().rpartition("|")
            issued = int(stamp)
        except ValueError:
            return None
        return password if issued in self._issued and now - issued <= _VALID_FOR else None


@cache
def _private_key() -> "RSAPrivateKey":
    """One key for the process: making one takes long enough to be felt in a test suite."""
    from cryptography.hazmat.primitives.asymmetric.rsa import generate_private_key

    return generate_private_key(public_exponent=65537, key_size=2048)
