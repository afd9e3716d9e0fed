"""A gRPC server with everything an operator's tools ask for: health, reflection, channelz."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import grpc
from grpc_channelz.v1 import channelz
from grpc_channelz.v1.channelz_pb2_grpc import add_ChannelzServicer_to_server
from grpc_health.v1 import health_pb2_grpc

from chassis import health, log, reflection, refusal
from chassis.address import ListenAddress
from chassis.auth import ANY_CLIENT, OPERATOR, Authorization, Tokens
from chassis.interceptor import Interceptor
from chassis.telemetry import ServerMetrics
from chassis.tls import Tls

# (the generated add_XServicer_to_server, the servicer, the full service name)
Registration = tuple[Callable[[Any, Any], None], Any, str]

CHANNELZ = "grpc.channelz.v1.Channelz"
_DIAGNOSTICS = frozenset((reflection.V1, reflection.V1ALPHA, CHANNELZ))
_DIAGNOSTIC_RULES: dict[str, Iterable[str]] = {
    f"/{health.SERVICE_NAME}/*": (ANY_CLIENT,),
    f"/{reflection.V1}/*": (OPERATOR,),
    f"/{reflection.V1ALPHA}/*": (OPERATOR,),
    f"/{CHANNELZ}/*": (OPERATOR,),
}


class GrpcServer:
    """Serves the registered services behind one guard.

    On a loopback address health, reflection and channelz need no token. Elsewhere health needs any
    client's (none with `open_health`, for probes that cannot send one), the others the operator's.
    `is_outage` tells errors of the store that pass (UNAVAILABLE) from mistakes (INTERNAL). Health
    tells about the `dependencies`, too, as `set_serving` has it.
    """

    def __init__(
        self,
        listen: ListenAddress,
        registrations: Sequence[Registration],
        *,
        tokens: Tokens,
        authorization: Authorization,
        metrics: ServerMetrics,
        tls: Tls | None = None,
        max_concurrent_rpcs: int = 1000,
        max_receive_message_bytes: int = 4 * 1024 * 1024,
        grace: float = 10.0,
        open_health: bool = False,
        is_outage: Callable[[BaseException], bool] = refusal.never,
        name: str = "grpc",
        dependencies: Sequence[str] = (),
    ) -> None:
        self.name = name
        self.listen = listen
        self._registrations = registrations
        self._tls = tls
        self._grace = grace
        self._dependencies = dependencies
        self._max_concurrent_rpcs = max_concurrent_rpcs
        self._options = _options(max_receive_message_bytes)
        open_services = _DIAGNOSTICS | {health.SERVICE_NAME} if listen.is_loopback else frozenset()
        if open_health:
            open_services |= {health.SERVICE_NAME}
        self._interceptor = Interceptor(
            tokens=tokens,
            authorization=authorization.extended(_DIAGNOSTIC_RULES),
            metrics=metrics,
            open_services=open_services,
            is_outage=is_outage,
        )
        self._server: grpc.aio.Server | None = None

    async def start(self) -> int:
        """Binds and serves; returns the port. Raises OSError where the address is taken."""
        names = [name for _add, _servicer, name in self._registrations]
        self._health = health.HealthServicer((*names, *self._dependencies))
        server = grpc.aio.server(
            options=self._options, maximum_concurrent_rpcs=self._max_concurrent_rpcs
        )
        guarded = _Guarded(server, self._interceptor)
        for add, servicer, _name in self._registrations:
            add(servicer, guarded)
        health_pb2_grpc.add_HealthServicer_to_server(self._health, guarded)
        add_ChannelzServicer_to_server(channelz.aio.ChannelzServicer(), guarded)
        listed = (*names, health.SERVICE_NAME, CHANNELZ)
        for service, handlers in reflection.method_handlers(listed).items():
            guarded.add_registered_method_handlers(service, handlers)
        server.add_generic_rpc_handlers((_Unknown(self._interceptor.unknown_method()),))
        port = self._bind(server)
        await server.start()
        self._server = server
        self._health.set_all(True)
        log.get_logger().info(
            "grpc serving", component=self.name, listen=str(self.listen), port=port
        )
        return port

    async def stop(self, grace: float | None = None) -> None:
        """Says NOT_SERVING, takes no new call, waits up to `grace` seconds for those in flight."""
        if self._server is None:
            return
        self._health.drain()
        await self._server.stop(self._grace if grace is None else grace)
        self._server = None

    def set_serving(self, service: str, serving: bool) -> None:
        """Sets what health says of one service ("" is the server as a whole)."""
        self._health.set_serving(service, serving)

    def _bind(self, server: grpc.aio.Server) -> int:
        address = str(self.listen)
        try:
            if self._tls is None:
                return server.add_insecure_port(address)
            return server.add_secure_port(address, self._tls.server_credentials())
        except RuntimeError as error:
            raise OSError(f"cannot listen on {address}: is it taken?") from error


class _Guarded:
    """Takes the place of a server while services register, and wraps every handler once."""

    def __init__(self, server: grpc.aio.Server, interceptor: Interceptor) -> None:
        self._server = server
        self._interceptor = interceptor

    def add_generic_rpc_handlers(self, handlers: Iterable[Any]) -> None:
        """Ignored: generated code registers the same handlers by name right after."""

    def add_registered_method_handlers(self, service: str, handlers: Mapping[str, Any]) -> None:
        """Registers the guarded form of every handler."""
        wrapped = {
            name: self._interceptor.wrap(service, name, handler)
            for name, handler in handlers.items()
        }
        self._server.add_registered_method_handlers(service, wrapped)


class _Unknown(grpc.GenericRpcHandler):
    """Answers for every method nobody registered."""

    def __init__(self, handler: Any) -> None:
        self._handler = handler

    def service(self, handler_call_details: grpc.HandlerCallDetails) -> Any:
        """The same refusal for each."""
        return self._handler


def _options(max_receive_message_bytes: int) -> Sequence[tuple[str, Any]]:
    return (
        ("grpc.max_receive_message_length", max_receive_message_bytes),
        # Two servers on one port would share its calls at random; refuse instead.
        ("grpc.so_reuseport", 0),
        ("grpc.enable_channelz", 1),
        ("grpc.keepalive_time_ms", 30_000),
        ("grpc.keepalive_timeout_ms", 10_000),
        ("grpc.keepalive_permit_without_calls", 1),
        ("grpc.http2.min_ping_interval_without_data_ms", 10_000),
        # Clients look at their connections again, so that new replicas get their share.
        ("grpc.max_connection_age_ms", 600_000),
    )
