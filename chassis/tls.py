"""Certificates for the wire between the services."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import grpc
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
)
from cryptography.x509 import load_pem_x509_certificate

from chassis.log import get_logger
from chassis.settings import TlsSettings

log = get_logger()


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """Where a certificate, its key, and the CA of the other sides stand, in PEM."""

    certificate: Path
    key: Path
    ca: Path | None

    @property
    def stamp(self) -> tuple[tuple[int, int, int], ...]:
        """Changes when one of the files does. Raises OSError where one is gone."""
        paths = [path for path in (self.certificate, self.key, self.ca) if path is not None]
        found = [path.stat() for path in paths]
        return tuple((each.st_mtime_ns, each.st_size, each.st_ino) for each in found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """One certificate and key in PEM; with `ca`, the other side must show one that `ca` signed."""

    certificate: bytes
    key: bytes
    ca: bytes | None = None
    files: Files | None = field(default=None, compare=False)

    @classmethod
    def from_files(cls, *, certificate: Path, key: Path, ca: Path | None) -> Tls:
        """The files' content. Raises OSError where one cannot be read."""
        return cls(
            certificate=certificate.read_bytes(),
            key=key.read_bytes(),
            ca=ca.read_bytes() if ca else None,
            files=Files(certificate=certificate, key=key, ca=ca),
        )

    @classmethod
    def from_settings(cls, settings: TlsSettings) -> Tls | None:
        """What the settings name; None where they name nothing. Raises OSError, ValueError."""
        certificate, key = settings.hark_tls_certificate_file, settings.hark_tls_key_file
        if certificate is None and key is None:
            if settings.hark_tls_ca_file is not None:
                raise ValueError("and HARK_TLS_KEY_FILE must be set beside HARK_TLS_CA_FILE")
            return None
        if certificate is None or key is None:
            raise ValueError("and HARK_TLS_KEY_FILE must be set together")
        made = cls.from_files(certificate=certificate, key=key, ca=settings.hark_tls_ca_file)
        if not made.is_pair:
            raise ValueError("and HARK_TLS_KEY_FILE do not belong together")
        return made

    @property
    def is_pair(self) -> bool:
        """Whether the key is that of the certificate; False too where one of them is no PEM."""
        form = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        try:
            shown = load_pem_x509_certificate(self.certificate).public_key().public_bytes(*form)
            held = load_pem_private_key(self.key, password=None).public_key().public_bytes(*form)
        except (ValueError, TypeError):
            return False
        return shown == held

    def server_credentials(self) -> grpc.ServerCredentials:
        """What a server shows and asks for; files that changed count from the next connection."""
        if self.files is None:
            return grpc.ssl_server_credentials(
                [(self.key, self.certificate)],
                root_certificates=self.ca,
                require_client_auth=self.ca is not None,
            )
        return grpc.dynamic_ssl_server_credentials(
            _shown(self),
            # The stubs do not know that None means: nothing new.
            cast("Callable[[], grpc.ServerCertificateConfiguration]", _renewal(self.files)),
            require_client_authentication=self.ca is not None,
        )

    def channel_credentials(self) -> grpc.ChannelCredentials:
        """What a client shows and trusts, for the whole life of its channel."""
        return grpc.ssl_channel_credentials(
            root_certificates=self.ca, private_key=self.key, certificate_chain=self.certificate
        )


def _shown(tls: Tls) -> grpc.ServerCertificateConfiguration:
    return grpc.ssl_server_certificate_configuration(
        [(tls.key, tls.certificate)], root_certificates=tls.ca
    )


def _renewal(files: Files) -> Callable[[], grpc.ServerCertificateConfiguration | None]:
    """What gRPC asks before every handshake, on a thread of its own: anything new?"""
    known = files.stamp

    def renewed() -> grpc.ServerCertificateConfiguration | None:
        nonlocal known
        try:
            stamp = files.stamp
            if stamp == known:
                return None
            found = Tls.from_files(certificate=files.certificate, key=files.key, ca=files.ca)
        except OSError as error:
            log.warning("certificate not reloaded", **_described(error))
            return None
        if not found.is_pair:
            # Somebody is in the middle of replacing them; the next connection looks again.
            log.warning("certificate not reloaded", reason="NO_PAIR")
            return None
        known = stamp
        log.info("certificate reloaded")
        return _shown(found)

    return renewed


def _described(error: OSError) -> dict[str, str]:
    return {"error": type(error).__name__}
