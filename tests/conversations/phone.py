"""A simulated phone that goes through a conversation."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from tests.conversations.script import Conversation
from tests.conversations.town import Town

PATIENCE = 50.0
_OGG = "T2dnUwACAAAAAAAAAAA="
_JPEG = "/9j/4AAQSkZJRgABAQEASABIAAD/2wBDAP//////////////////////////2Q=="
_PDF = "JVBERi0xLjQKJSVFT0YK"
_FILES = {"voice": _OGG, "image": _JPEG, "document": _PDF}


@dataclass
class Phone:
    """Says what stands in the conversation and checks what comes back."""

    town: Town
    talk: Conversation
    after: int = 0
    own: list[str] = field(default_factory=list)
    heard: list[dict[str, Any]] = field(default_factory=list)

    async def run(self) -> None:
        """Goes through all steps; raises AssertionError that names the step."""
        await self._get_acquainted()
        for number, step in enumerate(self.talk.steps, 1):
            try:
                await self._do(step)
                await self._check(step)
            except (AssertionError, TimeoutError) as error:
                told = [text_of(each) for each in self.heard[-3:]]
                raise AssertionError(
                    f"{self.talk.name}, step {number} {step}: {error}\nlast answers: {told}"
                ) from error

    async def _get_acquainted(self) -> None:
        """A first message is welcomed beside its answer; what follows is then one for one."""
        await self._do({"say": "thanks"})
        await self._next()
        await self._next()

    async def _do(self, step: dict[str, Any]) -> None:
        match step:
            case {"later": span}:
                self.town.clock.move(timedelta(**span))
            case {"model": answer}:
                await self._script(answer)
            case {"fault": fault}:
                await self.town.control("POST", "/faults", fault)
            case _:
                sent = await self.town.control("POST", f"{self._url}/messages", self._body(step))
                self.own.append(sent["wamid"])
                assert sent["webhook_status"] == 200, sent

    @property
    def _url(self) -> str:
        return f"/people/{self.talk.number}"

    async def _script(self, answer: dict[str, Any]) -> None:
        wanted = dict(answer)
        which = {key: wanted.pop(key) for key in ("contains", "media", "times") if key in wanted}
        body = wanted.pop("text", None)
        if body is None:
            body = {"language": "en", "confidence": 0.97, "intents": []} | wanted
        await self.town.control("POST", "/gemini", {"answer": body, "times": 1, **which})

    def _body(self, step: dict[str, Any]) -> dict[str, Any]:
        beside: dict[str, Any] = {"forwarded": step.get("forwarded", False)}
        if target := step.get("reply_to"):
            beside["reply_to"] = self.heard[target - 1 if target > 0 else target]["wamid"]
        match step:
            case {"say": text}:
                return {"type": "text", "text": text} | beside
            case {"tap": title}:
                return {"type": "tap", "message": self.heard[-1]["wamid"], "choice": title}
            case {"react": emoji}:
                return {"type": "reaction", "message": self.heard[-1]["wamid"], "emoji": emoji}
            case {"edit": text}:
                return {"type": "edit", "message": self.own[-1], "text": text}
            case {"revoke": _}:
                return {"type": "revoke", "message": self.own[-1]}
            case {"location": [latitude, longitude, name]}:
                place = {"latitude": latitude, "longitude": longitude, "name": name}
                return {"type": "location"} | place
        kind = next(each for each in _FILES if each in step)
        body = {"type": kind, "data": _FILES[kind]} | beside
        return body | ({"caption": step["caption"]} if "caption" in step else {})

    async def _check(self, step: dict[str, Any]) -> None:
        wanted = step.get("hears", [])
        if not wanted and "also" not in step and "buttons" not in step and "not" not in step:
            return
        await self._hear(wanted, step.get("not", []))
        if "buttons" in step:
            assert titles_of(self.heard[-1]) == step["buttons"], titles_of(self.heard[-1])
        if "also" in step:
            await self._hear(step["also"], [])

    async def _hear(self, wanted: Any, unwanted: Any) -> None:
        self.heard.append(await self._next())
        text = text_of(self.heard[-1])
        for piece in [wanted] if isinstance(wanted, str) else wanted:
            assert piece.casefold() in text.casefold(), f"{piece!r} is not in {text!r}"
        for piece in [unwanted] if isinstance(unwanted, str) else unwanted:
            assert piece.casefold() not in text.casefold(), f"{piece!r} is in {text!r}"

    async def _next(self) -> dict[str, Any]:
        deadline = time.monotonic() + PATIENCE
        while (left := deadline - time.monotonic()) > 0:
            answer = await self.town.outside.get(
                f"/control{self._url}/transcript",
                params={"after": self.after, "wait": min(left, 10.0)},
            )
            for message in answer.json()["messages"]:
                if message["author"] == "business" and message["created"] > self.after:
                    self.after = message["created"]
                    return message
        raise TimeoutError("nothing was said")


def text_of(message: dict[str, Any]) -> str:
    """What a message of Hark's says, whatever its form."""
    kind = message["type"]
    content = message[kind]
    if kind == "text":
        return str(content["body"])
    if kind == "interactive":
        return str(content["body"]["text"])
    if kind == "document":
        return f"{content.get('caption', '')} [{content.get('filename', '')}]"
    return str(content)


def titles_of(message: dict[str, Any]) -> list[str]:
    """The buttons of a message, or the lines of its list."""
    if message["type"] != "interactive":
        return []
    action = message["interactive"]["action"]
    if "buttons" in action:
        return [each["reply"]["title"] for each in action["buttons"]]
    return [row["title"] for section in action["sections"] for row in section["rows"]]
