"""The one thing between the wire and a servicer: token, deadline, errors, metrics, log line.

It wraps each handler once, when the server is built. gRPC's own chain of interceptors would look
the handler up anew for every call, and run before and after nothing that this one could not. A
unary request is parsed only after its token has been checked.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractContextManager
from typing import Any

import grpc
from google.protobuf.message import DecodeError

from chassis import context, ids, log, refusal, tracing
from chassis.auth import ANY_CLIENT, Authorization, PermissionDenied, Tokens, Unauthenticated
from chassis.errors import ServiceError
from chassis.guessing import Guesses, TooManyGuesses
from chassis.refusal import MalformedRequest, NoTimeLeft, Unimplemented
from chassis.telemetry import ServerMetrics

_LONGEST_ID = 128
_UNKNOWN = "unknown"
_NO_SPAN: AbstractContextManager[object] = contextlib.nullcontext()

# gRPC's handlers and contexts are typed by their messages; nothing here looks into one.
Handler = Any
Call = Any
Parse = Callable[[bytes], Any]


class Interceptor:
    """Guards every method of one server."""

    def __init__(
        self,
        *,
        tokens: Tokens,
        authorization: Authorization,
        metrics: ServerMetrics,
        open_services: frozenset[str] = frozenset(),
        is_outage: Callable[[BaseException], bool] = refusal.never,
        guesses: Guesses | None = None,
    ) -> None:
        self._is_outage = is_outage
        self._guesses = guesses or Guesses()
        self._tokens = tokens
        self._authorization = authorization
        self._metrics = metrics
        self._open_services = open_services

    def wrap(self, service: str, name: str, handler: Handler) -> Handler:
        """The handler of one method, guarded. Raises TypeError where it is not asynchronous."""
        guard = _Guard(
            service,
            name,
            client_for=self._tokens.client_for,
            clients=self._authorization.clients_of(f"/{service}/{name}"),
            is_open=service in self._open_services,
            metrics=self._metrics,
            is_outage=self._is_outage,
            guesses=self._guesses,
        )
        return _wrapped(guard, handler)

    def unknown_method(self) -> Handler:
        """The handler for every method that is not served: guarded and counted like the others."""

        guard = _Guard(
            _UNKNOWN,
            _UNKNOWN,
            client_for=self._tokens.client_for,
            clients=frozenset((ANY_CLIENT,)),
            is_open=False,
            metrics=self._metrics,
            is_outage=self._is_outage,
            guesses=self._guesses,
        )
        # A refusal fits every shape of call, so one shape does.
        return grpc.stream_unary_rpc_method_handler(_single(guard, _not_implemented, None))


class _Guard:
    """One method's guard; all that can be known before a call comes is looked up here."""

    def __init__(
        self,
        service: str,
        name: str,
        *,
        client_for: Callable[[str], str | None],
        clients: frozenset[str],
        is_open: bool,
        metrics: ServerMetrics,
        is_outage: Callable[[BaseException], bool],
        guesses: Guesses,
    ) -> None:
        self._is_outage = is_outage
        self._guesses = guesses
        self._method = f"/{service}/{name}"
        self._domain = service.rpartition(".")[0]
        self._client_for = client_for
        self._clients = clients
        self._any_client = ANY_CLIENT in clients
        self._is_open = is_open
        self._observe = metrics.seconds.labels(service, name).observe
        self._count_ok = metrics.handled.labels(service, name, "OK").inc
        self._count: Callable[[str], None] = lambda code: metrics.handled.labels(
            service, name, code
        ).inc()
        # Bound now, so that no call pays for finding the logger.
        self._log = log.get_logger().bind()
        # Probes come every few seconds and say nothing while all is well.
        self._is_quiet = service.startswith("grpc.")

    def admit(self, call: Call) -> None:
        """Binds what the metadata says and refuses what must not pass."""
        request_id = message_id = client = ""
        for key, value in call.invocation_metadata():
            if key == "authorization":
                client = self._client_of(value)
            elif key == context.REQUEST_ID_KEY:
                request_id = value
            elif key == context.MESSAGE_ID_KEY:
                message_id = value
        context.request_id.set(request_id[:_LONGEST_ID] or ids.new_id())
        context.message_id.set(message_id[:_LONGEST_ID])
        context.caller.set(client)
        left = call.time_remaining()
        context.deadline.set(None if left is None else time.monotonic() + left)
        if not self._is_open:
            if not client:
                self._guesses.count(call.peer())
                raise Unauthenticated
            if not self._any_client and client not in self._clients:
                raise PermissionDenied(metadata={"client": client, "method": self._method})
        if left is not None and left <= context.RETURN_MARGIN_SECONDS:
            raise NoTimeLeft

    def span(self, call: Call) -> AbstractContextManager[object]:
        """What a trace shows of the call; nothing where nobody looks, and for probes."""
        if self._is_quiet or not tracing.is_on():
            return _NO_SPAN
        parent = next(
            (value for key, value in call.invocation_metadata() if key == tracing.TRACEPARENT), ""
        )
        return tracing.span(self._method, parent=parent, server=True, caller=context.caller.get())

    def explain(self, error: Exception) -> ServiceError:
        """What the caller is told; the log has the rest."""
        known = refusal.known(error, self._is_outage)
        if known is error:
            return known
        fields = {"method": self._method, **log.describe(error)}
        if known is None:
            self._log.error("unexpected error", **fields)
            return ServiceError()
        if not isinstance(known, Unimplemented):
            self._log.warning("peer failed", **fields)
        return known

    async def refuse(self, call: Call, error: Exception, started: float) -> None:
        """Ends the call with the status of `error`; raises what ends the handler too."""
        known = self.explain(error)
        # First, because the caller may have its answer before this coroutine goes on.
        self.finish(started, known.code.name, is_quiet=isinstance(known, TooManyGuesses))
        await refusal.refuse(call, known, self._domain)

    def finish(self, started: float, code: str, *, is_quiet: bool = False) -> None:
        """Counts the call and writes its one line, if it is worth one."""
        seconds = time.perf_counter() - started
        if code == "CANCELLED" and (context.remaining() or 1.0) <= 0:
            code = "DEADLINE_EXCEEDED"
        self._observe(seconds)
        if code == "OK":
            self._count_ok()
            if self._is_quiet:
                return
        else:
            self._count(code)
            if is_quiet:
                # Whoever guesses must not fill the disk; the counter has them.
                return
        self._log.info(
            "rpc",
            method=self._method,
            code=code,
            caller=context.caller.get(),
            seconds=round(seconds, 6),
        )

    def _client_of(self, authorization: str) -> str:
        if authorization[:7].lower() != "bearer ":
            return ""
        return self._client_for(authorization[7:]) or ""


def _wrapped(guard: _Guard, handler: Handler) -> Handler:
    parse, serialize = handler.request_deserializer, handler.response_serializer
    if handler.request_streaming:
        # A stream is read, and so parsed, only by the behaviour itself.
        if handler.response_streaming:
            answer = _streaming(guard, handler.stream_stream, None)
            return grpc.stream_stream_rpc_method_handler(answer, parse, serialize)
        answer = _single(guard, handler.stream_unary, None)
        return grpc.stream_unary_rpc_method_handler(answer, parse, serialize)
    if handler.response_streaming:
        answer = _streaming(guard, handler.unary_stream, _strict(parse))
        return grpc.unary_stream_rpc_method_handler(answer, None, serialize)
    answer = _single(guard, handler.unary_unary, _strict(parse))
    return grpc.unary_unary_rpc_method_handler(answer, None, serialize)


def _single(guard: _Guard, behaviour: Any, parse: Parse | None) -> Any:
    behaviour = _coroutine(behaviour)

    async def answer(request: Any, call: Call) -> Any:
        started = time.perf_counter()
        try:
            guard.admit(call)
            with guard.span(call):
                response = await behaviour(request if parse is None else parse(request), call)
        except grpc.aio.AbortError:
            guard.finish(started, _code_of(call))
            raise
        except Exception as error:
            await guard.refuse(call, error, started)
        except asyncio.CancelledError:
            guard.finish(started, "CANCELLED")
            raise
        else:
            guard.finish(started, _code_of(call))
            return response

    return answer


def _streaming(guard: _Guard, behaviour: Any, parse: Parse | None) -> Any:
    if not inspect.isasyncgenfunction(behaviour):
        # A coroutine that writes through the context is guarded like any other.
        return _single(guard, behaviour, parse)

    async def answer(request: Any, call: Call) -> AsyncIterator[Any]:
        started = time.perf_counter()
        try:
            guard.admit(call)
            responses = behaviour(request if parse is None else parse(request), call)
            async with contextlib.aclosing(responses):
                async for response in responses:
                    yield response
        except grpc.aio.AbortError:
            guard.finish(started, _code_of(call))
            raise
        except Exception as error:
            await guard.refuse(call, error, started)
        except (asyncio.CancelledError, GeneratorExit):
            guard.finish(started, "CANCELLED")
            raise
        else:
            guard.finish(started, _code_of(call))

    return answer


def _strict(parse: Parse) -> Parse:
    def parsed(raw: bytes) -> Any:
        try:
            return parse(raw)
        except DecodeError as error:
            raise MalformedRequest from error

    return parsed


def _coroutine(behaviour: Any) -> Any:
    if asyncio.iscoroutinefunction(behaviour):
        return behaviour
    if str(behaviour.__module__).endswith("_pb2_grpc"):
        return _not_implemented
    raise TypeError(f"{behaviour!r} is not asynchronous and would block every other call")


async def _not_implemented(_request: Any, _call: Call) -> Any:
    raise NotImplementedError


def _code_of(call: Call) -> str:
    """The code a behaviour set by itself; only those of libraries do."""
    code = call.code()
    if not code:
        return "OK"
    return str(code.name)
