"""The password as the login wants it: RSA, although the vendor's description says AES."""

from __future__ import annotations

import base64

from .errors import InvalidInputError


def encrypt_password(password: str, encryption_key: str, timestamp: int) -> str:
    """Encrypt a password for ``POST /session`` with ``encryptedPassword: true``.

    Base64 of ``password|timestamp`` is encrypted with RSA, PKCS#1 v1.5, and the result is base64 again. The vendor's
    text calls this AES; its own sample code and the length of the published ciphertext show RSA.

    Args:
        password: The API key's custom password.
        encryption_key: ``encryptionKey`` of ``GET /session/encryptionKey``: base64 of a DER public key.
        timestamp: ``timeStamp`` of the same answer, in epoch milliseconds.

    Returns:
        The ciphertext, base64.

    Raises:
        InvalidInputError: The key is no RSA public key, or the password is too long for it (about 169 bytes).
    """
    # Imported here: only a login needs it, and it would double the time of importing this package.
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
    from cryptography.hazmat.primitives.serialization import load_der_public_key

    plain = base64.b64encode(f"{password}|{timestamp}".encode())
    del password  # so that no traceback below can show it among its locals
    try:
        key = load_der_public_key(base64.b64decode(encryption_key))
    except (ValueError, UnsupportedAlgorithm) as error:
        del plain
        raise InvalidInputError("the encryption key is not a DER public key in base64") from error
    if not isinstance(key, RSAPublicKey):
        del plain
        raise InvalidInputError("the encryption key is not an RSA key")
    if len(plain) > key.key_size // 8 - 11:
        del plain
        raise InvalidInputError("the password is too long for the server's key: at most about 169 bytes")
    return base64.b64encode(key.encrypt(plain, PKCS1v15())).decode()
