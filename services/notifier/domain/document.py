"""A file that goes along with a notification, and what WhatsApp takes as one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import timedelta

from chassis.errors import InvalidArgument

MAX_CONTENT = 1024**2
MAX_FILE_NAME = 240
# An uploaded file is there for 30 days; a day less, because Meta's clock decides and not ours.
UPLOAD_LASTS = timedelta(days=29)

# The types that Meta names, and two texts that it takes as well: calendars and tables.
MIME_TYPES = frozenset(
    {
        "text/plain",
        "text/calendar",
        "text/csv",
        "application/json",
        "application/pdf",
        "application/msword",
        "application/vnd.ms-excel",
        "application/vnd.ms-powerpoint",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    }
)
_FILE_NAME = re.compile(rf"[^/\\\x00-\x1f\x7f]{{1,{MAX_FILE_NAME}}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A file; `content` is empty where only its name and type are shown."""

    file_name: str
    mime_type: str
    content: bytes = b""


def check(document: Document) -> None:
    """Raises InvalidArgument for a file that WhatsApp or Hark would not take."""
    violations = {}
    if not _FILE_NAME.fullmatch(document.file_name) or document.file_name.startswith("."):
        violations["document.file_name"] = (
            f"has 1 to {MAX_FILE_NAME} characters, no path, and starts with no dot"
        )
    if document.mime_type not in MIME_TYPES:
        violations["document.mime_type"] = f"is one of {', '.join(sorted(MIME_TYPES))}"
    if not 0 < len(document.content) <= MAX_CONTENT:
        violations["document.content"] = f"has 1 to {MAX_CONTENT} bytes"
    if violations:
        raise InvalidArgument("the document cannot be sent", violations=violations)
