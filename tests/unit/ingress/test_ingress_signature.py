"""Nothing unsigned gets in."""

from __future__ import annotations

import pytest

from services.ingress.domain.refusal import (
    HandshakeIncomplete,
    HandshakeRefused,
    SignatureMismatch,
    SignatureMissing,
)
from services.ingress.domain.signature import Signatures, check_handshake, signature_of

SECRET = "test_app_secret"
# Computed with another implementation (FACTS §1.2).
VECTORS = [
    (
        b'{"object":"whatsapp_business_account","entry":[]}',
        b"dec6a680679a968e7e0319355b23599cbfc54502c0784668e9618baa0c633756",
    ),
    (
        b'{"object": "whatsapp_business_account", "entry": []}',
        b"56cbbaf4961c6cfdae48b7f116c047e5eb513d2c931baae63a2bc1afd26f803a",
    ),
    (
        rb'{"text":"caf\u00e9 \ud83d\ude00 a\/b"}',
        b"c9d22e3d453aada7996dfd47aee775408502fd3317fb0ccb53e35b4575aeb923",
    ),
]


@pytest.mark.parametrize(("body", "signature"), VECTORS)
def test_what_meta_signs_is_let_in(body: bytes, signature: bytes) -> None:
    assert signature_of(b"sha256=" + signature) == signature
    Signatures([SECRET]).check(body, signature)


@pytest.mark.parametrize(("body", "signature"), VECTORS)
def test_one_changed_byte_is_not_let_in(body: bytes, signature: bytes) -> None:
    with pytest.raises(SignatureMismatch):
        Signatures([SECRET]).check(body + b" ", signature)


def test_while_rotating_the_old_secret_is_still_good() -> None:
    body, signature = VECTORS[0]
    Signatures(["the_new_one", SECRET]).check(body, signature)


def test_a_retired_secret_is_not() -> None:
    body, signature = VECTORS[0]
    with pytest.raises(SignatureMismatch):
        Signatures(["the_new_one"]).check(body, signature)


@pytest.mark.parametrize(
    "header",
    [
        None,
        b"",
        VECTORS[0][1],
        b"sha256=",
        b"sha1=" + VECTORS[0][1],
        b"sha256=" + VECTORS[0][1].upper(),
        b"sha256=" + VECTORS[0][1] + b"0",
        b"sha256=" + VECTORS[0][1][:-1] + b"g",
        b"sha256=" + VECTORS[0][1] + b"\n",
        b"SHA256=" + VECTORS[0][1],
    ],
)
def test_a_header_that_is_no_signature_is_missing(header: bytes | None) -> None:
    with pytest.raises(SignatureMissing):
        signature_of(header)


@pytest.mark.parametrize("secrets", [[], [""], ["  "], [SECRET, ""]])
def test_a_blank_secret_is_refused_at_once(secrets: list[str]) -> None:
    with pytest.raises(ValueError, match="blank"):
        Signatures(secrets)


def test_the_handshake_echoes_the_challenge() -> None:
    assert check(token="word") == "1158201444"


@pytest.mark.parametrize("changed", ["mode", "challenge", "token"])
def test_a_handshake_without_one_of_its_parts_is_incomplete(changed: str) -> None:
    with pytest.raises(HandshakeIncomplete):
        check(**{changed: None})


@pytest.mark.parametrize(
    "changed", [{"token": "Word"}, {"token": ""}, {"token": "wörd"}, {"mode": "unsubscribe"}]
)
def test_a_handshake_with_the_wrong_word_is_refused(changed: dict[str, str]) -> None:
    with pytest.raises(HandshakeRefused):
        check(**changed)


def test_no_blank_token_matches_a_blank_one() -> None:
    with pytest.raises(HandshakeRefused):
        check_handshake(mode="subscribe", challenge="1", token="", verify_token="")


def check(
    mode: str | None = "subscribe", challenge: str | None = "1158201444", token: str | None = "word"
) -> str:
    return check_handshake(mode=mode, challenge=challenge, token=token, verify_token="word")
