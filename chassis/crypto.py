"""Sealing (AES-256-GCM under named keys), keyed hashes, and keys derived from one master."""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import re
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
_VERSION = 1
_NONCE_BYTES = 12
_TAG_BYTES = 16
_KEY_ID = re.compile(r"[A-Za-z0-9_.-]{1,32}")


class Unreadable(Exception):
    """No key at hand opens this: it was altered, sealed for another place, or its key is gone."""


class Keyring:
    """The keys of one purpose, newest first: the first seals, every one of them opens.

    A sealed value is version (1 byte) · length of the key id (1) · key id · nonce (12) ·
    ciphertext and tag. `context` is bound in as associated data: a value moved to another row or
    column does not open there. Random 96-bit nonces: rotate a key before 2**32 values.
    """

    def __init__(self, keys: Sequence[tuple[str, bytes]]) -> None:
        self.replace(keys)

    def replace(self, keys: Sequence[tuple[str, bytes]]) -> None:
        """Takes other keys in place of these. Raises ValueError, and then keeps what it has."""
        if not keys:
            raise ValueError("a keyring needs at least one key")
        ciphers: dict[bytes, AESGCM] = {}
        for key_id, key in keys:
            if not _KEY_ID.fullmatch(key_id):
                raise ValueError("a key id has 1 to 32 letters, digits, '_', '.' or '-'")
            if len(key) != KEY_BYTES:
                raise ValueError(f"key {key_id} has {len(key)} bytes instead of {KEY_BYTES}")
            if key_id.encode() in ciphers:
                raise ValueError(f"key id {key_id} stands twice")
            ciphers[key_id.encode()] = AESGCM(key)
        newest = keys[0][0].encode()
        self.newest = keys[0][0]
        self._ciphers = ciphers
        self._header = bytes((_VERSION, len(newest))) + newest
        self._sealing = ciphers[newest]

    @property
    def header(self) -> bytes:
        """What every value sealed with the newest key begins with."""
        return self._header

    @classmethod
    def from_setting(cls, text: str) -> Keyring:
        """The keyring that `id2:base64key,id1:base64key` (newest first) describes.

        Raises ValueError that names every faulty entry by position, never by its content.
        """
        return cls(parsed_keys(text))

    def seal(self, plaintext: bytes, context: bytes) -> bytes:
        """`plaintext` sealed with the newest key for this one place."""
        nonce = os.urandom(_NONCE_BYTES)
        return self._header + nonce + self._sealing.encrypt(nonce, plaintext, context)

    def open(self, sealed: bytes, context: bytes) -> bytes:
        """What was sealed. Raises `Unreadable`; its text never holds any of the content."""
        key_id, body = _split(sealed)
        cipher = self._ciphers.get(key_id)
        if cipher is None:
            raise Unreadable("sealed with a key that is not in the keyring")
        nonce, ciphertext = body[:_NONCE_BYTES], body[_NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, ciphertext, context)
        except InvalidTag as error:
            raise Unreadable("altered, or sealed for another place") from error

    def knows(self, sealed: bytes) -> bool:
        """Whether the key that sealed this is in the ring."""
        return sealed[2 : 2 + sealed[1]] in self._ciphers if len(sealed) > 1 else False

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key sealed this (rotation seals again what it did not)."""
        return sealed.startswith(self._header)


def parsed_keys(text: str) -> list[tuple[str, bytes]]:
    """The ids and keys of `id2:base64key,id1:base64key`.

    Raises ValueError that names every faulty entry by position, never by its content.
    """
    keys: list[tuple[str, bytes]] = []
    problems: list[str] = []
    for position, entry in enumerate(_entries(text), start=1):
        key_id, colon, encoded = entry.partition(":")
        try:
            key = base64.b64decode(encoded.strip(), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if not colon or not _KEY_ID.fullmatch(key_id.strip()):
            problems.append(f"entry {position} is not id:key")
        elif len(key) != KEY_BYTES:
            problems.append(f"entry {position} is not {KEY_BYTES} bytes in base64")
        else:
            keys.append((key_id.strip(), key))
    if problems:
        raise ValueError("; ".join(problems))
    return keys


def new_key() -> bytes:
    """Thirty-two fresh random bytes."""
    return os.urandom(KEY_BYTES)


def encoded_key(key: bytes) -> str:
    """A key as it stands in a setting."""
    return base64.b64encode(key).decode("ascii")


def keyed_hash(key: bytes, data: bytes, size: int = 16) -> bytes:
    """`size` bytes (1 to 64) that stand for `data` and say nothing about it without the key."""
    if not 16 <= len(key) <= 64:
        raise ValueError("the hash key must have 16 to 64 bytes")
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def derive(master: bytes, purpose: str) -> bytes:
    """A key of 32 bytes for one purpose; those of two purposes say nothing about each other."""
    if len(master) < KEY_BYTES:
        raise ValueError(f"the master key must have at least {KEY_BYTES} bytes")
    hkdf = HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=None, info=purpose.encode())
    return hkdf.derive(master)


def _entries(text: str) -> list[str]:
    return [entry.strip() for entry in text.split(",") if entry.strip()]


def _split(sealed: bytes) -> tuple[bytes, bytes]:
    if len(sealed) < 2 or sealed[0] != _VERSION:
        raise Unreadable("not a sealed value of a known version")
    start = 2 + sealed[1]
    if len(sealed) < start + _NONCE_BYTES + _TAG_BYTES:
        raise Unreadable("cut short")
    return sealed[2:start], sealed[start:]
