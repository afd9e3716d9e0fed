"""Certificates for the wire between the services."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import grpc


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """One certificate and key in PEM; with `ca`, the other side must show one that `ca` signed."""

    certificate: bytes
    key: bytes
    ca: bytes | None = None

    @classmethod
    def from_files(cls, *, certificate: Path, key: Path, ca: Path | None) -> Tls:
        """The files' content. Raises OSError where one cannot be read."""
        return cls(
            certificate=certificate.read_bytes(),
            key=key.read_bytes(),
            ca=ca.read_bytes() if ca else None,
        )

    def server_credentials(self) -> grpc.ServerCredentials:
        """What a server shows and asks for."""
        return grpc.ssl_server_credentials(
            [(self.key, self.certificate)],
            root_certificates=self.ca,
            require_client_auth=self.ca is not None,
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """What a client shows and trusts."""
        return grpc.ssl_channel_credentials(
            root_certificates=self.ca, private_key=self.key, certificate_chain=self.certificate
        )
