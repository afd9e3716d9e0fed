"""Mutual TLS between the services."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from chassis.errors import RemoteError
from chassis.tls import Tls
from tests.integration.chassis.conftest import Connect, Echo, Serve

Signer = tuple[x509.Certificate, ec.EllipticCurvePrivateKey]


def certificate(name: str, signer: Signer | None = None) -> Signer:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
    built = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(signer[0].subject if signer else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(signer[1] if signer else key, hashes.SHA256())
    )
    return built, key


def tls(folder: Path, name: str, ca: Signer) -> Tls:
    """What a service reads from its three files."""
    built, key = certificate(name, ca)
    files = {kind: folder / f"{name}.{kind}.pem" for kind in ("certificate", "key", "ca")}
    files["certificate"].write_bytes(built.public_bytes(serialization.Encoding.PEM))
    files["key"].write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    files["ca"].write_bytes(ca[0].public_bytes(serialization.Encoding.PEM))
    return Tls.from_files(**files)


async def test_services_of_one_ca_reach_each_other_and_a_stranger_does_not(
    echo: Echo, serve: Serve, connect: Connect, tmp_path: Path
) -> None:
    async def answer(request: Any, _context: Any) -> Any:
        return echo.response(request.text)

    ours, others = certificate("our ca"), certificate("another ca")
    running = await serve(Echo=answer, options={"tls": tls(tmp_path, "notifier", ours)})
    peer, stub = connect(running, tls=tls(tmp_path, "ai", ours))
    # It trusts our servers, but nobody of ours signed what it shows.
    theirs = tls(tmp_path, "stranger", others)
    trusting = replace(theirs, ca=tls(tmp_path, "known", ours).ca)
    stranger, stranger_stub = connect(running, tls=trusting)
    impostor = await serve(Echo=answer, options={"tls": theirs})
    misled, misled_stub = connect(impostor, tls=tls(tmp_path, "misled", ours))
    plain, plain_stub = connect(running)

    assert (await peer.call(stub.Echo, echo.request("hi"), timeout=5)).text == "hi"
    with pytest.raises(RemoteError):
        await stranger.call(stranger_stub.Echo, echo.request("hi"), timeout=2)
    with pytest.raises(RemoteError):
        await misled.call(misled_stub.Echo, echo.request("hi"), timeout=2)
    with pytest.raises(RemoteError):
        await plain.call(plain_stub.Echo, echo.request("hi"), timeout=2)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"absent\.pem"):
        Tls.from_files(certificate=tmp_path / "absent.pem", key=tmp_path / "k.pem", ca=None)
