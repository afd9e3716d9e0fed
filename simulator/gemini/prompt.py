"""What a `generateContent` request asks, checked as Gemini checks it."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any

_REQUEST_FIELDS = {
    "contents",
    "systemInstruction",
    "generationConfig",
    "safetySettings",
    "tools",
    "toolConfig",
    "cachedContent",
    "labels",
    "model",
    "store",
    "serviceTier",
}
_PART_FIELDS = ("text", "inlineData", "fileData", "functionCall", "functionResponse")
_INLINE_LIMIT = 20 * 1024**2
_ROLES = {None, "user", "model", "function"}
# Tokens: about 4 characters of text, 258 for an image, 32 a second of sound (some 2 KB each).
_CHARACTERS, _IMAGE, _SOUND_BYTES = 4, 258, 64


class Refused(Exception):
    """Gemini's error: `{error: {code, message, status, details?}}`."""

    def __init__(
        self,
        code: int,
        status: str,
        message: str,
        *,
        details: list[dict[str, Any]] | None = None,
    ) -> None:
        self.code = code
        self.status = status
        self.message = message
        self.details = details
        super().__init__(message)

    def body(self) -> dict[str, Any]:
        """What the answer holds."""
        error: dict[str, Any] = {
            "code": self.code,
            "message": self.message,
            "status": self.status,
        }
        if self.details:
            error["details"] = self.details
        return {"error": error}


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """The parts of a request that a script can look at."""

    system: str
    # All words of all turns, and those of the last turn.
    text: str
    last: str
    # The types of the files in it.
    media: tuple[str, ...]
    json: bool
    tokens: int


def parsed(request: dict[str, Any]) -> Prompt:
    """The prompt in a request; raises `Refused`."""
    for name in request:
        if _camel(name) not in _REQUEST_FIELDS:
            raise invalid(f'Invalid JSON payload received. Unknown name "{name}".')
    contents = request.get("contents")
    if not isinstance(contents, list) or not contents:
        raise invalid("* GenerateContentRequest.contents: contents is not specified")
    turns = [_turn(content) for content in contents]
    system = request.get("systemInstruction", request.get("system_instruction"))
    system_words, _, system_tokens = _turn(system) if system is not None else ("", (), 0)
    config = request.get("generationConfig", request.get("generation_config")) or {}
    return Prompt(
        system=system_words,
        text="\n".join(words for words, _, _ in turns),
        last=turns[-1][0],
        media=tuple(kind for _, media, _ in turns for kind in media),
        json=_wants_json(config),
        tokens=system_tokens + sum(tokens for _, _, tokens in turns),
    )


def _camel(name: str) -> str:
    head, *rest = name.split("_")
    return head + "".join(word.capitalize() for word in rest)


def invalid(message: str) -> Refused:
    """The request is wrong."""
    return Refused(400, "INVALID_ARGUMENT", message)


def _turn(content: Any) -> tuple[str, tuple[str, ...], int]:
    if not isinstance(content, dict) or content.get("role") not in _ROLES:
        raise invalid("Please use a valid role: user, model.")
    parts = content.get("parts")
    if not isinstance(parts, list) or not parts:
        raise invalid("* GenerateContentRequest.contents.parts: contents.parts must not be empty")
    words, media, tokens = [], [], 0
    for part in parts:
        if not isinstance(part, dict) or not any(name in part for name in map(_field, part)):
            raise invalid("* contents.parts: required oneof field 'data' must have one field set")
        if isinstance(part.get("text"), str):
            words.append(part["text"])
            tokens += -(-len(part["text"]) // _CHARACTERS)
        inline = part.get("inlineData", part.get("inline_data"))
        if inline is not None:
            mime_type, size = _inline(inline)
            media.append(mime_type)
            tokens += _IMAGE if mime_type.startswith("image/") else -(-size // _SOUND_BYTES)
    return "\n".join(words), tuple(media), tokens


def _field(name: str) -> str:
    return name if _camel(name) in _PART_FIELDS else ""


def _inline(data: Any) -> tuple[str, int]:
    if not isinstance(data, dict):
        raise invalid("inlineData must be an object")
    mime_type = data.get("mimeType", data.get("mime_type"))
    encoded = data.get("data")
    if not isinstance(mime_type, str) or "/" not in mime_type or ";" in mime_type:
        raise invalid(f"Unsupported MIME type: {mime_type}")
    if not isinstance(encoded, str):
        raise invalid("inlineData.data must be base64")
    try:
        # The SDK writes the URL-safe alphabet, others the plain one; Google takes both.
        raw = base64.b64decode(encoded.replace("-", "+").replace("_", "/"), validate=True)
    except binascii.Error:
        raise invalid("Base64 decoding failed for inlineData.data") from None
    if len(raw) > _INLINE_LIMIT:
        raise invalid("Request payload size exceeds the limit: 20971520 bytes.")
    return mime_type, len(raw)


def _wants_json(config: Any) -> bool:
    if not isinstance(config, dict):
        raise invalid("generationConfig must be an object")
    mime_type = config.get("responseMimeType", config.get("response_mime_type"))
    if mime_type not in {None, "text/plain", "application/json", "text/x.enum"}:
        raise invalid(f"response_mime_type {mime_type!r} is not supported")
    schema = any(
        config.get(name) is not None
        for name in ("responseSchema", "responseJsonSchema", "response_schema")
    )
    if schema and mime_type not in {"application/json", "text/x.enum"}:
        raise invalid("A response schema needs response_mime_type application/json.")
    return bool(mime_type == "application/json")
