"""What every endpoint of the Graph API does around its own work: check, answer, write down."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.cloud_api.request import Json, check_token, check_version
from simulator.domain.graph_error import GraphError, not_found
from simulator.domain.part import Account
from simulator.journal import Entry, monotonic
from simulator.outside import Outside

Handler = Callable[[Request, Entry], Awaitable[Any]]


class File(Response):
    """The bytes of a file; the journal keeps none of them."""


class Endpoints:
    """A group of paths of the Graph API."""

    def __init__(self, outside: Outside, *, token: str) -> None:
        self.outside = outside
        self.token = token

    @property
    def account(self) -> Account:
        """The business number that this is the API of."""
        return self.outside.sender.account

    def route(self, path: str, handler: Handler, method: str, *, token: str = "") -> Route:
        """A path under the version; `{object}` in it is the id of a number, an account, a thing.

        `token` where it takes another one than that of the business.
        """
        answer = self.endpoint(handler, token=token)
        return Route("/{version}" + path, answer, methods=[method])

    def endpoint(
        self, handler: Handler, *, versioned: bool = True, token: str = ""
    ) -> Callable[[Request], Awaitable[Response]]:
        """Checks the caller, turns what the handler returns or raises into Meta's answer."""

        async def answer(request: Request) -> Response:
            entry = Entry(
                kind="api",
                time=self.outside.clock.now(),
                monotonic=monotonic(),
                method=request.method,
                path=request.scope["path"],
            )
            try:
                if versioned:
                    check_version(request)
                check_token(request, token or self.token)
                result = await handler(request, entry)
                response = result if isinstance(result, Response) else Json(result)
            except GraphError as error:
                response = Json(error.body(), status_code=error.status, headers=error.headers())
            entry.status = response.status_code
            if not isinstance(response, File):
                entry.answer = bytes(response.body)
            entry.duration_ms = (monotonic() - entry.monotonic) * 1000
            self.outside.journal.add(entry)
            return response

        return answer

    def of_account(self, request: Request) -> None:
        """Raises `GraphError` unless the path names the account."""
        wanted = request.path_params["object"]
        if wanted != self.account.account_id:
            raise not_found(wanted)

    def of_number(self, request: Request) -> None:
        """Raises `GraphError` unless the path names the number."""
        wanted = request.path_params["object"]
        if wanted != self.account.phone_number_id:
            raise not_found(wanted)


def only(request: Request, view: dict[str, Any]) -> dict[str, Any]:
    """The fields that were asked for; without `fields`, all of them."""
    wanted = request.query_params.get("fields")
    if not wanted:
        return view
    names = {name.strip() for name in wanted.split(",")} | {"id"}
    unknown = sorted(names - view.keys())
    if unknown:
        raise GraphError(100, message=f"(#100) Tried accessing nonexisting field ({unknown[0]})")
    return {name: value for name, value in view.items() if name in names}
