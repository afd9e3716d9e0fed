"""`GET /calendar/<token>.ics`: a person's calendar, for the programs that know its address.

The token in the address is all that opens it: it is written nowhere here, neither into logs nor
into metrics.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from chassis.errors import RemoteError
from services.ingress.domain.pace import Pace
from services.ingress.domain.refusal import (
    CalendarBusy,
    CalendarUnavailable,
    CalendarUnknown,
)
from services.ingress.ports import Calendars

PATH = "/calendar/{name}"
_NAME = re.compile(r"([A-Za-z0-9_-]{43})\.ics")
_ETAG = re.compile(r'(?:W/)?"([0-9a-f]{1,128})"')
# Of one address, and of all together that opened nothing yet: programs look once an hour, guessers
# much more often.
_EACH_MINUTE, _STRANGERS_MINUTE = 20, 600
_MOST_KNOWN = 10_000
_HEADERS = {
    "cache-control": "private, max-age=300, must-revalidate",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-robots-tag": "noindex",
}


def calendar_routes(calendars: Calendars, *, monotonic: Callable[[], float]) -> list[Route]:
    """The route; `monotonic` tells seconds."""
    each = Pace(per_minute=_EACH_MINUTE)
    strangers = Pace(per_minute=_STRANGERS_MINUTE)
    # Those that opened something lately, so that guessing keeps nobody from their calendar.
    known: OrderedDict[str, None] = OrderedDict()

    async def read(request: Request) -> Response:
        name = _NAME.fullmatch(request.path_params["name"])
        if name is None:
            raise CalendarUnknown
        token, now = name[1], monotonic()
        wait = each.wait(token, now)
        if wait is None and token not in known:
            wait = strangers.wait("", now)
        if wait is not None:
            raise CalendarBusy(wait)
        try:
            page = await calendars.read(token, _known(request.headers.get("if-none-match", "")))
        except RemoteError as error:
            raise CalendarUnavailable from error
        if page is None:
            known.pop(token, None)
            raise CalendarUnknown
        known[token] = None
        known.move_to_end(token)
        if len(known) > _MOST_KNOWN:
            known.popitem(last=False)
        headers = {**_HEADERS, "etag": f'"{page.etag}"'}
        if page.content is None:
            return Response(status_code=304, headers=headers)
        headers["content-disposition"] = 'inline; filename="hark.ics"'
        return Response(page.content, media_type="text/calendar; charset=utf-8", headers=headers)

    return [Route(PATH, read, methods=["GET"])]


def _known(header: str) -> str:
    """The tag that the reader has; nobody has more than one of ours."""
    found = _ETAG.search(header[:1024])
    return found[1] if found else ""
