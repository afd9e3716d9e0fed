"""What is looked up, and what takes effect outside the scheduler's changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import orjson

from services.ai.domain import answer
from services.ai.domain.intent import (
    CalendarLink,
    DeleteData,
    ExportData,
    FindFreeTime,
    ShowAgenda,
    ShowTasks,
    StartMessages,
    StopMessages,
)
from services.ai.domain.plan import Effect, Plan, Query
from services.ai.domain.turn import Item, Turn
from services.ai.domain.wording import Wording
from services.ai.ports import Document, Mouth, Oblivion, Planner, Turns
from services.ai.usecases.interpreting import Scene

_HISTORY = 500
_LARGEST_EXPORT = 1_000_000
# WhatsApp takes few types; what the file is, its name says.
PLAIN = "text/plain"


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What was looked up or done beside the changes."""

    texts: Sequence[str] = ()
    document: Document | None = None
    items: Sequence[Item] = ()


class Errands:
    """Runs queries and effects; every one is idempotent by the message's id."""

    def __init__(self, *, turns: Turns, planner: Planner, mouth: Mouth, oblivion: Oblivion) -> None:
        self._turns = turns
        self._planner = planner
        self._mouth = mouth
        self._oblivion = oblivion

    async def run(self, scene: Scene, turn: Turn, made: Plan, wording: Wording) -> Done:
        """Does what is to be done and found out; the texts are in the order of the plan."""
        done = Done(texts=tuple(made.texts))
        for query in made.queries:
            text, items = await self._look_up(scene, query, wording)
            done = replace(done, texts=(*done.texts, text), items=(*done.items, *items))
        for effect in made.effects:
            text, document = await self._effect(scene, turn, effect, wording)
            done = replace(done, texts=(*done.texts, text), document=document or done.document)
        return done

    async def _look_up(
        self, scene: Scene, query: Query, wording: Wording
    ) -> tuple[str, Sequence[Item]]:
        user_id = scene.message.user_id
        match query:
            case ShowTasks(list_name=name):
                lines = await self._planner.tasks(user_id, name)
                items = [Item(id=each.id, title=each.title) for each in lines if each.id]
                return answer.tasks(lines, name, wording), items
            case ShowAgenda(free_time=True, start=first, end=last):
                wanted = FindFreeTime()
                if first is not None:
                    wanted = _window(first, last or first)
                return await self._free(user_id, wanted, wording), ()
            case FindFreeTime():
                return await self._free(user_id, query, wording), ()
        start = query.start or scene.wall.date()
        agenda = await self._planner.agenda(user_id, start, max(query.end or start, start))
        return answer.agenda(agenda.text, agenda.lines, agenda.has_more, wording), ()

    async def _free(self, user_id: str, wanted: FindFreeTime, wording: Wording) -> str:
        return await self._planner.free_time(user_id, wanted) or wording("free_none")

    async def _effect(
        self, scene: Scene, turn: Turn, effect: Effect, wording: Wording
    ) -> tuple[str, Document | None]:
        user_id, message_id = turn.user_id, turn.message_id
        match effect:
            case StopMessages():
                # The notifier says so itself: it alone knows whether that is news.
                await self._mouth.stop(user_id, message_id)
                return "", None
            case StartMessages():
                await self._mouth.start(user_id, message_id)
                return wording("started"), None
            case CalendarLink(revoked=True):
                gone = await self._planner.revoke_link(user_id)
                return wording("link_revoked" if gone else "link_none"), None
            case CalendarLink():
                return wording(
                    "link", url=await self._planner.create_link(user_id, message_id)
                ), None
            case ExportData(what="calendar"):
                content = await self._planner.calendar(user_id)
                return _exported(wording, "calendar_exported", "hark.ics", PLAIN, content)
            case ExportData():
                content = await self._everything(scene)
                return _exported(wording, "exported", "hark.json", PLAIN, content)
            case DeleteData():
                await self._oblivion.erase(user_id, message_id)
                return wording("erasing"), None

    async def _everything(self, scene: Scene) -> bytes | None:
        """All that is kept of a person, as JSON; None where it is too much for one message."""
        user_id = scene.message.user_id
        calendar = await self._planner.calendar(user_id)
        turns = await self._turns.list(user_id=user_id, message_id="", limit=_HISTORY, before=None)
        if calendar is None:
            return None
        content = orjson.dumps(
            {
                "time_zone": scene.preferences.time_zone,
                "locale": scene.preferences.locale,
                "calendar": calendar.decode(),
                "messages": [
                    {"time": each.message_time, "you": each.heard, "hark": each.outcome.said}
                    for each in turns
                ],
            },
            option=orjson.OPT_INDENT_2,
        )
        return content if len(content) <= _LARGEST_EXPORT else None


def _exported(
    wording: Wording, key: str, file_name: str, mime_type: str, content: bytes | None
) -> tuple[str, Document | None]:
    if not content:
        return wording("export_failed"), None
    return wording(key), Document(file_name=file_name, mime_type=mime_type, content=content)


def _window(first: date, last: date) -> FindFreeTime:
    midnight = datetime.min.time()
    return FindFreeTime(
        start=datetime.combine(first, midnight),
        end=datetime.combine(last + timedelta(days=1), midnight),
    )
