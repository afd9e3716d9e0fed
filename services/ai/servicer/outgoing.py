"""What ai works with as what goes over the wire."""

from __future__ import annotations

import base64

from hark.ai.v1 import turn_pb2
from services.ai.domain import codec
from services.ai.domain.intent import Intent
from services.ai.domain.turn import Turn


def intent(found: Intent) -> turn_pb2.Intent:
    """One intent."""
    made = turn_pb2.Intent(kind=codec.kind_of(found))
    made.slots.update(codec.slots_of(found))
    return made


def turn(found: Turn) -> turn_pb2.Turn:
    """A turn, without what was said."""
    how = found.interpretation
    made = turn_pb2.Turn(
        message_id=found.message_id,
        user_id=found.user_id,
        state=turn_pb2.Turn.State.ValueType(found.state.value),
        engine=how.engine,
        path=how.path,
        confidence=how.confidence,
        intents=[intent(each) for each in how.intents],
    )
    made.message_time.FromDatetime(found.message_time)
    made.interpret_time.FromDatetime(found.interpret_time)
    if found.finish_time is not None:
        made.finish_time.FromDatetime(found.finish_time)
    return made


def page_token(last: Turn) -> str:
    """Where the next page begins."""
    return base64.urlsafe_b64encode(
        f"{last.interpret_time.isoformat()} {last.message_id}".encode()
    ).decode()
