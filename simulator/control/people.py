"""`/control/people`: speaking as a person, and seeing what their phone shows."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from typing import Any
from zoneinfo import available_timezones

from starlette.requests import Request
from starlette.routing import Route

from simulator.control.request import endpoint, json_object, seconds, whole
from simulator.domain.media import Media
from simulator.domain.message import Message
from simulator.domain.person import Person, wa_id_of
from simulator.domain.problem import Problem
from simulator.handset import Sent
from simulator.outside import Outside

_MEDIA = {
    "voice": "audio/ogg; codecs=opus",
    "audio": "audio/mpeg",
    "image": "image/jpeg",
    "video": "video/mp4",
    "document": "application/pdf",
    "sticker": "image/webp",
}
_USERNAME = re.compile(r"[a-z0-9._]{3,35}")


class PeopleEndpoints:
    """What can be done with a phone in hand."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def routes(self) -> list[Route]:
        """The paths under `/control/people`."""
        one = "/control/people/{number}"
        return [
            Route("/control/people", endpoint(self._list), methods=["GET"]),
            Route(one, endpoint(self._get), methods=["GET"]),
            Route(one, endpoint(self._describe), methods=["PATCH"]),
            Route(one + "/messages", endpoint(self._write), methods=["POST"]),
            Route(one + "/transcript", endpoint(self._transcript), methods=["GET"]),
        ]

    def _person(self, request: Request) -> Person:
        return self._outside.phones.person(wa_id_of(request.path_params["number"]))

    async def _list(self, request: Request) -> Any:
        del request
        return {"people": [person.view() for person in self._outside.phones]}

    async def _get(self, request: Request) -> Any:
        return self._person(request).view()

    async def _describe(self, request: Request) -> Any:
        body = await json_object(request)
        person = self._person(request)
        for name, value in body.items():
            _check_description(name, value)
        if body.get("window") == "closed":
            person.last_wrote = None
        for name in _DESCRIPTION & body.keys():
            setattr(person, name, body[name])
        if person.hides_number and not person.username:
            person.username = f"person.{person.wa_id[-4:]}"
        self._outside.phones.person_changed(person)
        return person.view()

    async def _write(self, request: Request) -> Any:
        body = await json_object(request)
        person = self._person(request)
        wamid, delivery = self._sent(person, body)
        attempt = await asyncio.shield(delivery.first)
        message = self._outside.phones.message(wamid)
        return {
            "wamid": wamid,
            "sequence": message.created if message else self._outside.phones.sequence,
            "webhook_status": attempt.status,
            "webhook_error": attempt.error,
        }

    def _sent(self, person: Person, body: dict[str, Any]) -> Sent:
        kind, handset = body.get("type", "text"), self._outside.handset
        how: dict[str, Any] = {
            "reply_to": self._reply_to(body),
            "forwarded": body.get("forwarded") is True,
        }
        if kind == "text":
            return handset.write(person, "text", {"body": _text(body, "text")}, **how)
        if kind in _MEDIA:
            extra: dict[str, Any] = {
                key: _text(body, key) for key in ("caption", "filename") if key in body
            }
            return handset.send_media(person, kind, self._media(kind, body), extra, **how)
        if kind in {"location", "contacts"}:
            return handset.write(person, kind, _content(kind, body), **how)
        if kind in {"tap", "button_reply", "list_reply", "quick_reply"}:
            return handset.tap(person, self._target(body), _text(body, "choice"))
        if kind == "reaction":
            emoji = body.get("emoji", "")
            if not isinstance(emoji, str) or len(emoji) > 16:
                raise Problem("emoji must be one emoji, or empty")
            return handset.react(person, self._target(body), emoji)
        if kind == "edit":
            return handset.edit(person, self._target(body), _text(body, "text"))
        if kind == "revoke":
            return handset.revoke(person, self._target(body))
        if kind == "unsupported":
            return handset.send_unsupported(person, body.get("what"))
        if kind == "number_changed":
            return handset.change_number(person, wa_id_of(_text(body, "number")))
        if kind == "raw" and isinstance(body.get("payload"), dict):
            return handset.send_raw(person, body["payload"])
        raise Problem(f"people cannot send {kind!r}")

    def _reply_to(self, body: dict[str, Any]) -> str | None:
        wanted = body.get("reply_to")
        if wanted is not None and not isinstance(wanted, str):
            raise Problem("reply_to must be the id of a message")
        return wanted

    def _target(self, body: dict[str, Any]) -> Message:
        message = self._outside.phones.message(_text(body, "message"))
        if message is None:
            raise Problem("there is no message with this id", status=404)
        return message

    def _media(self, kind: str, body: dict[str, Any]) -> Media:
        if "media" in body:
            media = self._outside.shelf.find(_text(body, "media"))
            if media is None:
                raise Problem("there is no file with this id", status=404)
            return media
        try:
            content = base64.b64decode(_text(body, "data"), validate=True)
        except binascii.Error:
            raise Problem("data must be base64") from None
        mime_type = body.get("mime_type", _MEDIA[kind])
        if not isinstance(mime_type, str) or "/" not in mime_type:
            raise Problem("mime_type must be a type such as image/png")
        return self._outside.shelf.receive(content, mime_type)

    async def _transcript(self, request: Request) -> Any:
        wa_id = wa_id_of(request.path_params["number"])
        after, wait = whole(request, "after", 0), seconds(request, "wait")
        return await self._outside.phones.transcript(wa_id, after=after, wait=wait)


_DESCRIPTION = {"name", "username", "hides_number", "time_zone", "read_receipts", "on_whatsapp"}


def _check_description(name: str, value: Any) -> None:
    if name in {"hides_number", "read_receipts", "on_whatsapp"}:
        fine = isinstance(value, bool)
    elif name == "name":
        fine = isinstance(value, str) and 1 <= len(value) <= 100
    elif name == "username":
        fine = value is None or (isinstance(value, str) and bool(_USERNAME.fullmatch(value)))
    elif name == "time_zone":
        fine = isinstance(value, str) and value in available_timezones()
    elif name == "window":
        fine = value == "closed"
    else:
        raise Problem(f"a person has no {name!r}")
    if not fine:
        raise Problem(f"{value!r} is no {name}")


def _text(body: dict[str, Any], name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise Problem(f"{name} must be a string with something in it")
    return value


def _content(kind: str, body: dict[str, Any]) -> dict[str, Any]:
    if kind == "contacts":
        cards = body.get("contacts")
        if not isinstance(cards, list) or not cards:
            raise Problem("contacts must be a list of contact cards")
        return {"contacts": cards}
    place: dict[str, Any] = {
        key: body[key] for key in ("latitude", "longitude", "name", "address") if key in body
    }
    for name in ("latitude", "longitude"):
        if not isinstance(place.get(name), int | float):
            raise Problem(f"{name} must be a number")
    return place
