"""What is known about the work at hand, wherever it is: ids, caller, and the time left.

A gRPC call has a context of its own (its task's), so the interceptor sets these; everything else
(a worker, a web handler) uses `bind`.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

# The metadata keys under which the ids travel.
REQUEST_ID_KEY = "x-request-id"
MESSAGE_ID_KEY = "x-message-id"
# What a server keeps back of a call's time for the way home.
RETURN_MARGIN_SECONDS = 0.02

# Ties together the log lines and calls of one piece of work, over all services.
request_id: ContextVar[str] = ContextVar("request_id", default="")
# The message a person sent that all this is about, by Hark's own name for it.
message_id: ContextVar[str] = ContextVar("message_id", default="")
# The client that called, by the name its token stands for.
caller: ContextVar[str] = ContextVar("caller", default="")
# When the work must be finished, in seconds of `time.monotonic()`; None is never.
deadline: ContextVar[float | None] = ContextVar("deadline", default=None)


def remaining() -> float | None:
    """Seconds left for the work at hand (negative when it is over); None is no limit."""
    ends = deadline.get()
    return None if ends is None else ends - time.monotonic()


@contextmanager
def bind(
    *,
    request_id: str | None = None,
    message_id: str | None = None,
    caller: str | None = None,
    timeout: float | None = None,
) -> Iterator[None]:
    """Sets what is given for the block; a `timeout` (seconds) can only shorten the time left."""
    tokens = [
        (variable, variable.set(value))
        for variable, value in (
            (_REQUEST_ID, request_id),
            (_MESSAGE_ID, message_id),
            (_CALLER, caller),
        )
        if value is not None
    ]
    ends = deadline.get()
    if timeout is not None:
        mine = time.monotonic() + timeout
        ends = mine if ends is None else min(ends, mine)
    deadline_token = deadline.set(ends)
    try:
        yield
    finally:
        deadline.reset(deadline_token)
        for variable, token in reversed(tokens):
            variable.reset(token)


_REQUEST_ID, _MESSAGE_ID, _CALLER = request_id, message_id, caller
