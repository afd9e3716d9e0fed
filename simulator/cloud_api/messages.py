"""`POST /{phone}/messages`: sending, marking as read, showing "typing…"."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from simulator.cloud_api.request import (
    Json,
    check_token,
    check_version,
    hang,
    parsed,
    raw_body,
)
from simulator.domain.graph_error import CATALOGUE, GraphError, invalid, not_found
from simulator.domain.message import Message
from simulator.domain.outgoing import Outgoing, check_product
from simulator.domain.person import Person
from simulator.journal import Entry, monotonic
from simulator.outside import Outside

# How long an answer waits for the status that is to overtake it, in seconds.
_OVERTAKEN = 5.0
_REFUSALS = {"http_429": 130429, "pair_limited": 131056, "http_500": 131000, "http_503": 131016}
_STATUSES = {"http_503": 503}


class MessagesEndpoint:
    """The one call that a business makes all day."""

    def __init__(self, outside: Outside, *, token: str) -> None:
        self._outside = outside
        self._token = token

    async def __call__(self, request: Request) -> Response:
        """Answers as Meta does, and writes down what came and what was answered."""
        entry = Entry(
            kind="api",
            time=self._outside.clock.now(),
            monotonic=monotonic(),
            method="POST",
            path=request.scope["path"],
        )
        try:
            check_version(request)
            check_token(request, self._token)
            if request.path_params["object"] != self._outside.sender.account.phone_number_id:
                raise not_found(request.path_params["object"])
            entry.body = await raw_body(request)
            return await self._answer(request, parsed(entry.body), entry)
        except GraphError as error:
            answer = Json(error.body(), status_code=error.status, headers=error.headers())
            return self._written_down(entry, answer)

    async def _answer(self, request: Request, body: dict[str, Any], entry: Entry) -> Response:
        _describe(entry, body)
        if "status" in body:
            return self._written_down(entry, Json(self._mark_read(body)))
        if not self._outside.faults:
            outgoing, person, message = self._accept(body, entry)
            self._outside.statuses.follow(message)
            return self._written_down(entry, Json(accepted(outgoing, person, message)))
        return await self._disturbed(request, body, entry)

    def _accept(self, body: dict[str, Any], entry: Entry) -> tuple[Outgoing, Person, Message]:
        outgoing, person, message = self._outside.acceptance.accept(body)
        entry.to, entry.wamid = person.wa_id, message.wamid
        return outgoing, person, message

    def _written_down(self, entry: Entry, answer: Response | None) -> Response:
        """The answer itself; without one, what is answered to who still listens at the end."""
        if answer is not None:
            entry.status = answer.status_code
            entry.answer = bytes(answer.body)
        entry.duration_ms = (monotonic() - entry.monotonic) * 1000
        self._outside.journal.add(entry)
        return answer if answer is not None else Response(status_code=504)

    async def _disturbed(self, request: Request, body: dict[str, Any], entry: Entry) -> Response:
        strikes, to = self._outside.faults.strikes, entry.to
        if (options := strikes("timeout_before_accept", to)) is not None:
            entry.fault = "timeout_before_accept"
            answer = self._written_down(entry, None)
            return await hang(request, answer, options)
        self._refuse(entry)
        outgoing, person, message = self._accept(body, entry)
        delivery = None
        if strikes("status_overtakes", to) is not None:
            entry.fault = "status_overtakes"
            delivery = self._outside.statuses.follow(message, at_once=True)
        else:
            self._outside.statuses.follow(message)
        if delivery is not None:
            await asyncio.wait([delivery.first], timeout=_OVERTAKEN)
        if (options := strikes("timeout_after_accept", to)) is not None:
            entry.fault = "timeout_after_accept"
            return await hang(request, self._written_down(entry, None), options)
        return await self._spoilt(accepted(outgoing, person, message), entry)

    def _refuse(self, entry: Entry) -> None:
        strikes, to = self._outside.faults.strikes, entry.to
        for name, code in _REFUSALS.items():
            if (options := strikes(name, to)) is not None:
                entry.fault = name
                raise GraphError(
                    code,
                    "Switched on by hand.",
                    status=_STATUSES.get(name),
                    retry_after=options["retry_after"] or None,
                )
        if (options := strikes("refused", to)) is not None:
            entry.fault = "refused"
            code = options["code"] if options["code"] in CATALOGUE else 131000
            raise GraphError(code, options["details"])

    async def _spoilt(self, content: dict[str, Any], entry: Entry) -> Response:
        strikes, to = self._outside.faults.strikes, entry.to
        if (options := strikes("slow_answer", to)) is not None:
            entry.fault = "slow_answer"
            await asyncio.sleep(options["delay_ms"] / 1000)
        if strikes("answer_without_id", to) is not None:
            entry.fault = "answer_without_id"
            content = {"messaging_product": "whatsapp", "contacts": content["contacts"]}
        answer = Json(content)
        if strikes("answer_truncated", to) is not None:
            entry.fault = "answer_truncated"
            whole = orjson.dumps(content)
            answer = Json(whole[: len(whole) // 2])
        return self._written_down(entry, answer)

    def _mark_read(self, body: dict[str, Any]) -> dict[str, Any]:
        check_product(body)
        if body["status"] != "read":
            raise invalid("status", 'it must be "read"')
        typing = body.get("typing_indicator")
        if typing is not None and typing != {"type": "text"}:
            raise invalid("typing_indicator['type']", 'it must be "text"')
        self._outside.acceptance.mark_read(body.get("message_id"), typing=typing is not None)
        return {"success": True}


def _describe(entry: Entry, body: dict[str, Any]) -> None:
    to = body.get("to", body.get("recipient"))
    entry.to = str(to).removeprefix("+") if to is not None else None
    if "status" in body:
        entry.type = "typing" if "typing_indicator" in body else "read"
    else:
        entry.type = str(body.get("type", "text"))
    data = body.get("biz_opaque_callback_data")
    entry.callback_data = data if isinstance(data, str) else None


def accepted(outgoing: Outgoing, person: Person, message: Message) -> dict[str, Any]:
    """The answer to a message that is on its way; it is not a promise that it arrives."""
    contact = {"input": outgoing.input}
    if outgoing.wa_id is not None:
        contact["wa_id"] = person.wa_id
    else:
        contact["user_id"] = person.user_id
    sent: dict[str, Any] = {"id": message.wamid}
    if outgoing.kind == "template":
        sent["message_status"] = "accepted"
    return {"messaging_product": "whatsapp", "contacts": [contact], "messages": [sent]}
