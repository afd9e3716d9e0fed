"""Which files are read, where they may be fetched, and how their checksums are written."""

from __future__ import annotations

import base64
import hashlib

import pytest

from services.ingress.domain.content import Failure
from services.ingress.domain.media import (
    digest_of,
    looks_like,
    may_be_asked,
    plain_type,
    refusal,
)

API = "https://graph.facebook.com/v26.0"
SIMULATOR = "http://127.0.0.1:8090/v26.0"
MIB = 1024 * 1024


@pytest.mark.parametrize(
    ("kind", "mime_type", "size", "expected"),
    [
        ("voice", "audio/ogg; codecs=opus", 16 * MIB, None),
        ("voice", "audio/ogg; codecs=opus", 16 * MIB + 1, Failure.TOO_LARGE),
        ("voice", "Audio/OGG", None, None),
        ("audio", "audio/amr", 1, None),
        ("audio", "audio/mpeg", 1, None),
        ("audio", "audio/flac", 1, Failure.WRONG_TYPE),
        ("voice", "image/png", 1, Failure.WRONG_TYPE),
        ("image", "image/png", 5 * MIB, None),
        ("image", "image/jpeg", 5 * MIB + 1, Failure.TOO_LARGE),
        ("image", "image/webp", 1, Failure.WRONG_TYPE),
        ("image", "", 1, Failure.WRONG_TYPE),
        ("image", "image/png", 0, Failure.CORRUPT),
    ],
)
def test_limits(kind: str, mime_type: str, size: int | None, expected: Failure | None) -> None:
    assert refusal(kind, mime_type, size) is expected


@pytest.mark.parametrize(
    ("url", "api", "expected"),
    [
        ("https://lookaside.fbsbx.com/x?mid=1", API, True),
        ("https://scontent.whatsapp.net/x", API, True),
        ("https://graph.facebook.com/x", API, True),
        ("https://graph.facebook.com:443/x", API, True),
        ("http://lookaside.fbsbx.com/x", API, False),
        ("https://lookaside.fbsbx.com:8443/x", API, False),
        ("https://evilfbsbx.com/x", API, False),
        ("https://fbsbx.com.evil.example/x", API, False),
        ("https://user@lookaside.fbsbx.com/x", API, False),
        ("https://lookaside.fbsbx.com@evil.example/x", API, False),
        ("https://[::1/x", API, False),
        ("https://lookaside.fbsbx.com:port/x", API, False),
        ("file:///etc/passwd", API, False),
        ("", API, False),
        ("http://127.0.0.1:8090/lookaside/x", SIMULATOR, True),
        ("http://127.0.0.1:8091/lookaside/x", SIMULATOR, False),
        ("http://127.0.0.1:8090/lookaside/x", API, False),
    ],
)
def test_the_token_is_shown_to_metas_hosts_and_to_the_api_itself(
    url: str, api: str, expected: bool
) -> None:
    assert may_be_asked(url, api) is expected


def test_a_checksum_is_read_in_hex_and_in_base64() -> None:
    digest = hashlib.sha256(b"x").digest()
    assert digest_of(digest.hex()) == digest
    assert digest_of(digest.hex().upper()) == digest
    assert digest_of(base64.b64encode(digest).decode()) == digest


@pytest.mark.parametrize("written", ["", "x", "zz" * 32, "a1b2c3...", "AAAA", "é" * 64])
def test_what_is_no_checksum_is_none(written: str) -> None:
    assert digest_of(written) is None


@pytest.mark.parametrize(
    ("start", "mime_type"),
    [
        (b"OggS\0", "audio/ogg; codecs=opus"),
        (b"\0\0\0\x20ftypM4A ", "audio/mp4"),
        (b"#!AMR\n", "audio/amr"),
        (b"\xff\xf1\x50", "audio/aac"),
        (b"ID3\x04", "audio/mpeg"),
        (b"\xff\xfb\x90", "audio/mpeg"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
    ],
)
def test_a_file_is_known_by_its_first_bytes(start: bytes, mime_type: str) -> None:
    assert looks_like(start, mime_type)
    assert not looks_like(b"<!doctype html>", mime_type)
    assert not looks_like(b"", mime_type)


def test_parameters_of_a_type_do_not_matter() -> None:
    assert plain_type("audio/ogg; codecs=opus") == "audio/ogg"
