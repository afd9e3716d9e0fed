"""Changes as ai sends them."""

from __future__ import annotations

from typing import Any

from google.protobuf.duration_pb2 import Duration

from hark.scheduler.v1 import change_pb2 as pb


def when(**given: Any) -> pb.When:
    if isinstance(given.get("after"), int | float):
        given["after"] = Duration(seconds=int(given["after"]))
    return pb.When(**given)


def task(title: str, list_name: str = "", **given: Any) -> pb.Change:
    at = when(**given) if given else None
    return pb.Change(add_task=pb.AddTask(title=title, when=at, list_name=list_name))


def event(
    title: str, place: str = "", participants: tuple[str, ...] = (), **given: Any
) -> pb.Change:
    return pb.Change(
        add_event=pb.AddEvent(
            title=title, when=when(**given), place=place, participants=participants
        )
    )


def item(**given: Any) -> pb.ItemReference:
    return pb.ItemReference(**given)


def done(**given: Any) -> pb.Change:
    return pb.Change(complete_task=pb.CompleteTask(item=item(**given)))


def reopen(**given: Any) -> pb.Change:
    return pb.Change(reopen_task=pb.ReopenTask(item=item(**given)))


def cancel(part: Any = None, **given: Any) -> pb.Change:
    return pb.Change(cancel_item=pb.CancelItem(item=item(**given), **(part or {})))


def move(to: pb.When, part: Any = None, **given: Any) -> pb.Change:
    return pb.Change(move_item=pb.MoveItem(item=item(**given), when=to, **(part or {})))


def edit(to: Any, part: Any = None, **given: Any) -> pb.Change:
    return pb.Change(edit_item=pb.EditItem(item=item(**given), **to, **(part or {})))


def snooze(to: pb.When, **given: Any) -> pb.Change:
    return pb.Change(snooze_item=pb.SnoozeItem(item=item(**given), when=to))


def undo(change_request_id: str = "") -> pb.Change:
    return pb.Change(undo=pb.Undo(change_request_id=change_request_id))


def this(day: str) -> Any:
    return {"scope": pb.SCOPE_THIS, "occurrence": when(local_date=day)}


def from_then_on(day: str) -> Any:
    return {"scope": pb.SCOPE_THIS_AND_FOLLOWING, "occurrence": when(local_date=day)}


def zone(name: str) -> pb.Change:
    return pb.Change(set_time_zone=pb.SetTimeZone(time_zone=name))
