"""`multipart/form-data` (RFC 7578), as far as uploads need it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from simulator.domain.graph_error import GraphError

_BOUNDARY = re.compile(r'boundary="?([^";,]{1,70})"?', re.IGNORECASE)
_NAME = re.compile(r'[; ]name="([^"]*)"')
_FILENAME = re.compile(r'[; ]filename="([^"]*)"')
_FIELDS = 16
_HEADER_BYTES = 8 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field of a form; a file has a filename and perhaps a type."""

    name: str
    content: bytes
    filename: str | None = None
    mime_type: str | None = None

    @property
    def text(self) -> str:
        """The content of a field that is no file."""
        return self.content.decode("utf-8", "replace")


def fields(content_type: str, body: bytes) -> dict[str, Field]:
    """The fields by name; raises `GraphError` for anything that is no such form."""
    boundary = _BOUNDARY.search(content_type)
    if not content_type.lower().startswith("multipart/form-data") or boundary is None:
        raise GraphError(100, "the request must be multipart/form-data")
    delimiter = b"\r\n--" + boundary[1].encode()
    # The first delimiter has no line break before it.
    pieces = (b"\r\n" + body).split(delimiter, _FIELDS + 1)
    if len(pieces) < 3 or not pieces[-1].startswith(b"--"):
        raise GraphError(100, f"the form is cut off, or has more than {_FIELDS} fields")
    return {field.name: field for field in map(_field, pieces[1:-1])}


def _field(piece: bytes) -> Field:
    header, separator, content = piece.partition(b"\r\n\r\n")
    if not separator or len(header) > _HEADER_BYTES:
        raise GraphError(100, "a field of the form has no header")
    disposition, mime_type = "", None
    for line in header.decode("utf-8", "replace").split("\r\n"):
        name, _, value = line.partition(":")
        if name.strip().lower() == "content-disposition":
            disposition = value
        elif name.strip().lower() == "content-type":
            mime_type = value.strip()
    named = _NAME.search(disposition)
    if named is None:
        raise GraphError(100, "a field of the form has no name")
    filename = _FILENAME.search(disposition)
    return Field(
        name=named[1],
        content=content,
        filename=filename[1] if filename else None,
        mime_type=mime_type,
    )
