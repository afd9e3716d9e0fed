"""Mutual TLS between all services and their clients, under a throw-away CA."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import grpc
import pytest
from cryptography.x509 import load_pem_x509_certificate

from chassis.channel import Peer
from chassis.errors import RemoteError
from chassis.settings import TlsSettings
from chassis.tls import Tls
from hark.ingress.v1.ingress_service_pb2 import GetInboxRequest
from hark.ingress.v1.ingress_service_pb2_grpc import IngressServiceStub
from tests.integration.notifier.graph import ScriptedGraph
from tests.security.authority import DAY, Authority, write
from tests.security.said import said
from tests.security.village import TOKENS, village


async def inbox_depth(address: str, tls: Tls | None) -> int:
    peer = Peer(address, token=TOKENS["operator"], tls=tls)
    try:
        stub = IngressServiceStub(peer.channel)
        answer = await peer.call(stub.GetInbox, GetInboxRequest(), timeout=20)
        return int(answer.open_count)
    finally:
        await peer.close()


async def test_a_message_crosses_all_four_services_under_tls(
    database_url: str, graph: ScriptedGraph
) -> None:
    async with village(database_url, graph.url, tls=Authority().issue("hark")) as running:
        await said(running, "remind me to call Ada in 10 minutes")
        await graph.sent(1, timeout=30)
    assert "call Ada" in str(graph.sends[0])


async def test_whoever_our_authority_did_not_sign_is_refused(database_url: str) -> None:
    ours, theirs = Authority(), Authority("another")
    stranger = theirs.issue("stranger")
    refused = {
        "another authority's": replace(stranger, ca=ours.pem),
        "expired": ours.issue("late", starts=-2 * DAY, ends=-DAY),
        "not valid yet": ours.issue("early", starts=DAY, ends=2 * DAY),
        "no TLS at all": None,
    }
    async with village(database_url, tls=ours.issue("hark"), names=["ingress"]) as running:
        address = running.address("ingress")
        assert await inbox_depth(address, ours.issue("operator")) == 0
        for name, shown in refused.items():
            with pytest.raises(RemoteError) as error:
                await inbox_depth(address, shown)
            assert error.value.remote_code.name == "UNAVAILABLE", name


@pytest.mark.parametrize("kind", ["another authority's", "expired"])
async def test_a_client_speaks_to_no_server_that_our_authority_did_not_sign(
    database_url: str, kind: str
) -> None:
    ours = Authority()
    impostor = (
        replace(Authority("another").issue("hark"), ca=ours.pem)
        if kind != "expired"
        else ours.issue("hark", starts=-2 * DAY, ends=-DAY)
    )
    async with village(database_url, tls=impostor, names=["ingress"]) as running:
        with pytest.raises(RemoteError):
            await inbox_depth(running.address("ingress"), ours.issue("operator"))


async def test_a_server_shows_a_renewed_certificate_without_a_restart(
    database_url: str, tmp_path: Path
) -> None:
    ours = Authority()
    served = write(ours.issue("first"), tmp_path)
    async with village(database_url, tls=served, names=["ingress"]) as running:
        address = running.address("ingress")
        assert shown(address, ours) == served.certificate
        renewed = ours.issue("second")
        # Half of a renewal is no renewal: what was valid goes on.
        (tmp_path / "certificate.pem").write_bytes(renewed.certificate)
        assert await inbox_depth(address, ours.issue("operator")) == 0
        write(renewed, tmp_path)
        assert await inbox_depth(address, ours.issue("operator")) == 0
        assert shown(address, ours) == renewed.certificate


def shown(address: str, authority: Authority) -> bytes:
    """The certificate that a server shows, in PEM."""
    import socket
    import ssl
    import tempfile

    client = authority.issue("observer")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.set_alpn_protocols(["h2"])
    context.load_verify_locations(cadata=authority.pem.decode())
    with tempfile.NamedTemporaryFile(suffix=".pem") as file:
        file.write(client.certificate + client.key)
        file.flush()
        context.load_cert_chain(file.name)
    host, _, port = address.rpartition(":")
    with (
        socket.create_connection((host, int(port)), timeout=20) as plain,
        context.wrap_socket(plain, server_hostname=host) as wrapped,
    ):
        der = wrapped.getpeercert(binary_form=True)
    assert der is not None
    pem = ssl.DER_cert_to_PEM_cert(der).encode()
    assert load_pem_x509_certificate(pem)
    return pem


def settings(**files: Path) -> TlsSettings:
    return TlsSettings(**{f"hark_tls_{name}_file": path for name, path in files.items()})


def test_settings_that_do_not_fit_together_are_refused(tmp_path: Path) -> None:
    ours = Authority()
    write(ours.issue("one"), tmp_path)
    other = tmp_path / "other.pem"
    other.write_bytes(ours.issue("two").key)
    certificate, key, ca = (tmp_path / f"{name}.pem" for name in ("certificate", "key", "ca"))

    assert Tls.from_settings(settings()) is None
    assert Tls.from_settings(settings(certificate=certificate, key=key, ca=ca)) is not None
    for wrong in (
        settings(certificate=certificate),
        settings(key=key),
        settings(ca=ca),
        settings(certificate=certificate, key=other),
        settings(certificate=key, key=key),
    ):
        with pytest.raises(ValueError, match="HARK_TLS_KEY_FILE"):
            Tls.from_settings(wrong)
    with pytest.raises(FileNotFoundError):
        Tls.from_settings(settings(certificate=tmp_path / "absent.pem", key=key))


def test_credentials_are_made_of_a_pair_without_a_ca_too() -> None:
    alone = replace(Authority().issue("hark"), ca=None)
    assert isinstance(alone.server_credentials(), grpc.ServerCredentials)
    assert alone.is_pair
