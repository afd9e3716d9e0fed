"""`/v1beta/models/…` and `/v1/models/…`: the part of Gemini's API that an assistant needs."""

from __future__ import annotations

import asyncio
import hmac
import re
from collections.abc import Awaitable, Callable
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from simulator.domain.fault import Faults
from simulator.gemini.prompt import Prompt, Refused, invalid, parsed
from simulator.gemini.scripts import Scripts
from simulator.journal import Entry, monotonic
from simulator.outside import Outside

_BODY_LIMIT = 29 * 1024**2
_MODEL = re.compile(r"gemini-[a-z0-9.-]{1,64}")
_VERSIONS = ("v1beta", "v1")
_CHARACTERS = 4


class GeminiEndpoints:
    """Answers from scripts; without a fitting one it is overloaded, which callers must survive."""

    def __init__(self, outside: Outside, *, key: str) -> None:
        self._outside = outside
        self._key = key

    @property
    def _faults(self) -> Faults:
        return self._outside.faults

    @property
    def _scripts(self) -> Scripts:
        return self._outside.scripts

    def routes(self) -> list[Route]:
        """The paths; the SDK speaks `v1` unless it is told to speak `v1beta`."""
        return [route for version in _VERSIONS for route in self._version(f"/{version}/models")]

    def _version(self, base: str) -> list[Route]:
        one = base + "/{model:str}"
        return [
            Route(one + ":generateContent", self._endpoint(self._generate), methods=["POST"]),
            Route(one + ":countTokens", self._endpoint(self._count), methods=["POST"]),
            Route(base, self._endpoint(self._list), methods=["GET"]),
            Route(one, self._endpoint(self._get), methods=["GET"]),
        ]

    def _endpoint(
        self, handler: Callable[[Request, Entry], Awaitable[Any]]
    ) -> Callable[[Request], Awaitable[Response]]:
        async def answer(request: Request) -> Response:
            entry = Entry(
                kind="gemini",
                time=self._outside.clock.now(),
                monotonic=monotonic(),
                method=request.method,
                path=request.url.path,
            )
            headers: dict[str, str] = {}
            try:
                self._check_key(request)
                result = await handler(request, entry)
                status, content = 200, result if isinstance(result, bytes) else _dumped(result)
            except Refused as error:
                status, content = error.code, _dumped(error.body())
            entry.status, entry.answer = status, content
            entry.duration_ms = (monotonic() - entry.monotonic) * 1000
            self._outside.journal.add(entry)
            return Response(content, status, headers, media_type="application/json; charset=UTF-8")

        return answer

    def _check_key(self, request: Request) -> None:
        given = request.headers.get("x-goog-api-key") or request.query_params.get("key", "")
        if not given:
            raise Refused(403, "PERMISSION_DENIED", "Method doesn't allow unregistered callers.")
        if not hmac.compare_digest(given.encode(), self._key.encode()):
            reason = {
                "@type": "type.googleapis.com/google.rpc.ErrorInfo",
                "reason": "API_KEY_INVALID",
                "domain": "googleapis.com",
            }
            raise Refused(
                400,
                "INVALID_ARGUMENT",
                "API key not valid. Please pass a valid API key.",
                details=[reason],
            )

    async def _generate(self, request: Request, entry: Entry) -> Any:
        model = _model(request)
        prompt = parsed(await _body(request, entry))
        entry.type = "generateContent"
        await self._delay(entry)
        self._refuse(entry)
        if self._faults.strikes("model_refusal") is not None:
            entry.fault = "model_refusal"
            return _blocked(model, prompt)
        answer = self._scripts.answer(prompt)
        if answer is None:
            raise Refused(
                503, "UNAVAILABLE", "No script of the simulator fits this prompt (see /control)."
            )
        if self._faults.strikes("model_wrong_schema") is not None:
            entry.fault = "model_wrong_schema"
            answer = '{"unexpected": ["shape", 1, null]}'
        finish = "STOP"
        if self._faults.strikes("model_bad_json") is not None:
            entry.fault = "model_bad_json"
            answer, finish = answer[: len(answer) // 2], "MAX_TOKENS"
        return _candidate(model, prompt, answer, finish)

    async def _delay(self, entry: Entry) -> None:
        if (options := self._faults.strikes("model_slow")) is not None:
            entry.fault = "model_slow"
            await asyncio.sleep(options["delay_ms"] / 1000)

    def _refuse(self, entry: Entry) -> None:
        if (options := self._faults.strikes("model_429")) is not None:
            entry.fault = "model_429"
            seconds = options["retry_after"]
            retry = {
                "@type": "type.googleapis.com/google.rpc.RetryInfo",
                "retryDelay": f"{seconds}s",
            }
            raise Refused(
                429,
                "RESOURCE_EXHAUSTED",
                "You exceeded your current quota.",
                details=[retry] if seconds else None,
            )
        if self._faults.strikes("model_503") is not None:
            entry.fault = "model_503"
            raise Refused(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")

    async def _count(self, request: Request, entry: Entry) -> Any:
        body = await _body(request, entry)
        inner = body.get("generateContentRequest", {"contents": body.get("contents")})
        if not isinstance(inner, dict):
            raise invalid("generateContentRequest must be an object")
        return {"totalTokens": parsed(inner).tokens}

    async def _list(self, request: Request, entry: Entry) -> Any:
        del request, entry
        return {"models": [_model_view("gemini-3.5-flash")]}

    async def _get(self, request: Request, entry: Entry) -> Any:
        del entry
        return _model_view(_model(request))


def _model(request: Request) -> str:
    model = str(request.path_params["model"])
    if not _MODEL.fullmatch(model):
        raise Refused(404, "NOT_FOUND", f"models/{model} is not found for API version v1beta.")
    return model


def _model_view(model: str) -> dict[str, Any]:
    return {
        "name": f"models/{model}",
        "displayName": model,
        "inputTokenLimit": 1_048_576,
        "outputTokenLimit": 65_536,
        "supportedGenerationMethods": ["generateContent", "countTokens"],
    }


async def _body(request: Request, entry: Entry) -> dict[str, Any]:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > _BODY_LIMIT:
            raise invalid("Request payload size exceeds the limit: 20971520 bytes.")
        chunks.append(chunk)
    body = b"".join(chunks)
    # Files inside would fill the journal: of large requests it keeps the size only.
    entry.body = body if size <= 256 * 1024 else _dumped({"bytes": size})
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError:
        raise invalid("Invalid JSON payload received.") from None
    if not isinstance(value, dict):
        raise invalid("Invalid JSON payload received: not an object.")
    return value


def _dumped(value: Any) -> bytes:
    return orjson.dumps(value)


def _usage(prompt: Prompt, answer: str) -> dict[str, Any]:
    candidates = -(-len(answer) // _CHARACTERS)
    return {
        "promptTokenCount": prompt.tokens,
        "candidatesTokenCount": candidates,
        "totalTokenCount": prompt.tokens + candidates,
    }


def _candidate(model: str, prompt: Prompt, answer: str, finish: str) -> dict[str, Any]:
    return {
        "candidates": [
            {
                "content": {"parts": [{"text": answer}], "role": "model"},
                "finishReason": finish,
                "index": 0,
            }
        ],
        "usageMetadata": _usage(prompt, answer),
        "modelVersion": model,
        "responseId": f"sim-{monotonic():.6f}",
    }


def _blocked(model: str, prompt: Prompt) -> dict[str, Any]:
    return {
        "promptFeedback": {"blockReason": "PROHIBITED_CONTENT"},
        "usageMetadata": _usage(prompt, ""),
        "modelVersion": model,
    }
