"""Every RPC there is, from the generated descriptors, and what the tables say about it."""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from dataclasses import dataclass

from google.protobuf.descriptor import MethodDescriptor

from chassis.auth import Authorization
from chassis.server import _DIAGNOSTIC_RULES, CHANNELZ
from services.run import KINDS

# Served by every server beside its own; they are asked under these names.
DIAGNOSTICS = (
    "/grpc.health.v1.Health/Check",
    "/grpc.health.v1.Health/Watch",
    "/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
    "/grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo",
    f"/{CHANNELZ}/GetServers",
    f"/{CHANNELZ}/GetTopChannels",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """One RPC of one of our services."""

    service: str
    path: str
    takes_stream: bool
    gives_stream: bool

    @property
    def name(self) -> str:
        """As the proto file calls it."""
        return self.path.rpartition("/")[2]


def methods_of(service: str) -> list[Method]:
    """The RPCs of one of the four services, in the order of the proto file."""
    module = importlib.import_module(f"hark.{service}.v1.{service}_service_pb2")
    (described,) = module.DESCRIPTOR.services_by_name.values()
    return [_method(service, described.full_name, each) for each in described.methods]


def diagnostics_of(service: str) -> list[Method]:
    """What operators' tools ask of each server."""
    return [
        Method(
            service=service,
            path=path,
            takes_stream="Reflection" in path,
            gives_stream="Reflection" in path or path.endswith("Watch"),
        )
        for path in DIAGNOSTICS
    ]


def table_of(service: str) -> Mapping[str, tuple[str, ...]]:
    """What stands in `services/<service>/authorization.py`."""
    table: Mapping[str, tuple[str, ...]] = importlib.import_module(
        f"services.{service}.authorization"
    ).TABLE
    return table


def rules_of(service: str) -> Authorization:
    """The whole table of a server, diagnostics included."""
    return Authorization(table_of(service)).extended(_DIAGNOSTIC_RULES)


def all_methods() -> list[Method]:
    """Every RPC of ours."""
    return [method for service in KINDS for method in methods_of(service)]


def _method(service: str, full_name: str, described: MethodDescriptor) -> Method:
    return Method(
        service=service,
        path=f"/{full_name}/{described.name}",
        takes_stream=bool(described.client_streaming),
        gives_stream=bool(described.server_streaming),
    )
