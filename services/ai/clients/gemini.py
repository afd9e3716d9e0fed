"""Port `Model` over Google's `google-genai`; nothing else in Hark knows of Gemini.

The SDK is imported when it is needed first: it takes a second or two, which a start without a key
must not pay. Its own retries are off: `usecases.understanding` decides about them.
"""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any

import httpx2

from chassis import log
from services.ai.domain import proposal
from services.ai.domain.model import ModelFailure, Prompt, Reply, Trouble

if TYPE_CHECKING:
    from google import genai

_MOST_OUTPUT_TOKENS = 2048
_LONGEST_PAUSE = 600.0
_CONNECTIONS = 32
# Reasons to end an answer that mean: not to this question.
_REFUSALS = frozenset(
    {"SAFETY", "PROHIBITED_CONTENT", "BLOCKLIST", "RECITATION", "SPII", "IMAGE_SAFETY"}
)


class GeminiModel:
    """Asks Gemini. Start it before use, stop it at the end."""

    name = "gemini"

    def __init__(
        self,
        *,
        key: str,
        model: str,
        url: str,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._key = key
        self._transport = transport
        self._model = model
        self._url = url
        self._client: genai.Client | None = None
        self._http: httpx2.AsyncClient | None = None
        self._log = log.get_logger()
        self._schema = proposal.schema()

    async def start(self) -> None:
        """Loads the SDK, beside the loop."""
        self._http = httpx2.AsyncClient(
            transport=self._transport,
            limits=httpx2.Limits(max_connections=_CONNECTIONS),
            follow_redirects=False,
        )
        self._client = await asyncio.to_thread(self._open, self._http)

    async def stop(self) -> None:
        """Closes the connections."""
        if self._http is not None:
            await self._http.aclose()

    def _open(self, http: httpx2.AsyncClient) -> genai.Client:
        from google import genai
        from google.genai import types

        options = types.HttpOptions(
            base_url=self._url or None,
            # With a client of ours it never looks for another HTTP library.
            httpx_async_client=http,
            retry_options=types.HttpRetryOptions(attempts=1),
        )
        return genai.Client(api_key=self._key, vertexai=False, http_options=options)

    async def ask(self, prompt: Prompt, *, timeout: float) -> Reply:
        """One call, at most `timeout` seconds. Raises `ModelFailure`."""
        if self._client is None:
            raise ModelFailure(Trouble.UNAVAILABLE)
        from google.genai import errors

        try:
            async with asyncio.timeout(timeout):
                answer = await self._client.aio.models.generate_content(
                    model=self._model, contents=_contents(prompt), config=self._config(prompt)
                )
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise ModelFailure(Trouble.TIMED_OUT) from error
        except errors.APIError as error:
            raise self._failure(error) from error
        except httpx2.TransportError as error:
            raise ModelFailure(Trouble.UNAVAILABLE) from error
        except (ValueError, TypeError) as error:
            # What the SDK makes of a body that is no JSON or of another shape.
            raise ModelFailure(Trouble.NONSENSE) from error
        return _reply(answer)

    def _config(self, prompt: Prompt) -> Any:
        from google.genai import types

        return types.GenerateContentConfig(
            system_instruction=prompt.orders,
            response_mime_type="application/json",
            response_json_schema=self._schema,
            temperature=0.0,
            candidate_count=1,
            max_output_tokens=_MOST_OUTPUT_TOKENS,
            automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
        )

    def _failure(self, error: Any) -> ModelFailure:
        code = int(error.code or 0)
        if code == 429:
            return ModelFailure(Trouble.RATE_LIMITED, retry_after=_retry_after(error.details))
        if code >= 500:
            return ModelFailure(Trouble.UNAVAILABLE, retry_after=_retry_after(error.details))
        # Of the body nothing is logged: it may repeat what the person said.
        self._log.error(
            "model rejected the request", status_code=code, reason=str(error.status or "")
        )
        return ModelFailure(Trouble.REJECTED)


def _contents(prompt: Prompt) -> list[Any]:
    from google.genai import types

    parts = [types.Part.from_text(text=prompt.message or "(no words)")]
    if prompt.medium is not None:
        mime_type = prompt.medium.mime_type.partition(";")[0].strip()
        parts.insert(0, types.Part.from_bytes(data=prompt.medium.data, mime_type=mime_type))
    contents = [
        types.Content(role="user", parts=[types.Part.from_text(text=prompt.surroundings)]),
        types.Content(role="user", parts=parts),
    ]
    if prompt.complaint:
        rejected = types.Part.from_text(text=prompt.rejected or "(nothing)")
        wrong = f"That does not fit the schema: {prompt.complaint}. Answer the message again."
        contents += [
            types.Content(role="model", parts=[rejected]),
            types.Content(role="user", parts=[types.Part.from_text(text=wrong), *parts]),
        ]
    return contents


def _reply(answer: Any) -> Reply:
    usage = answer.usage_metadata
    spent = (
        int((usage and usage.prompt_token_count) or 0),
        int((usage and usage.candidates_token_count) or 0)
        + int((usage and usage.thoughts_token_count) or 0),
    )
    candidate = answer.candidates[0] if answer.candidates else None
    reason = candidate.finish_reason.name if candidate and candidate.finish_reason else ""
    if candidate is None or reason in _REFUSALS:
        raise ModelFailure(Trouble.REFUSED, tokens=sum(spent))
    parts = (candidate.content and candidate.content.parts) or []
    text = "".join(part.text or "" for part in parts if not part.thought)
    return Reply(text=text, input_tokens=spent[0], output_tokens=spent[1])


def _retry_after(details: Any) -> float:
    """Seconds that Google asks to be left alone (`RetryInfo`), 0 where it does not say."""
    if not isinstance(details, dict):
        return 0.0
    for detail in details.get("error", details).get("details") or []:
        delay = str(detail.get("retryDelay", "")) if isinstance(detail, dict) else ""
        if found := re.fullmatch(r"(\d{1,6}(?:\.\d+)?)s", delay):
            return min(float(found[1]), _LONGEST_PAUSE)
    return 0.0
