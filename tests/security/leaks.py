"""Looking for what people wrote in bytes that must not hold it, however it is encoded."""

from __future__ import annotations

import base64
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from urllib.parse import quote

_BASE64 = re.compile(rb"[A-Za-z0-9+/_-]{12,}")


class Seeds:
    """Names, numbers and texts that were put in and must not come out."""

    def __init__(self, seeds: Iterable[str]) -> None:
        self._forms: dict[bytes, str] = {}
        for seed in seeds:
            for form in _forms(seed):
                self._forms[form.lower()] = seed

    def found_in(self, content: bytes) -> set[str]:
        """Which of them stand there: plain, escaped, in UTF-16, or inside base64."""
        plain = content.lower()
        found = {seed for form, seed in self._forms.items() if form in plain}
        for match in _BASE64.finditer(content):
            decoded = _decoded(match.group()).lower()
            found |= {seed for form, seed in self._forms.items() if form in decoded}
        return found


def _forms(seed: str) -> set[bytes]:
    ascii_only = seed.encode("unicode_escape")
    return {
        seed.encode(),
        ascii_only,
        ascii_only.replace(b"\\x", b"\\u00"),
        quote(seed).encode(),
        seed.encode("utf-16-le"),
        repr(seed.encode())[2:-1].encode(),
    }


def _decoded(text: bytes) -> bytes:
    """What a run of base64 says, at each of the four places where it may begin."""
    standard = text.translate(bytes.maketrans(b"-_", b"+/"))
    parts = []
    for start in range(4):
        whole = standard[start:]
        if len(whole) % 4 == 1:
            whole = whole[:-1]
        parts.append(base64.b64decode(whole + b"=" * (-len(whole) % 4)))
    return b"\n".join(parts)


def files_with(folder: Path, values: Mapping[str, bytes]) -> dict[str, set[str]]:
    """For each named value the files below `folder` that hold its bytes."""
    found: dict[str, set[str]] = {name: set() for name in values}
    for path in folder.rglob("*"):
        if not path.is_file() or path.is_socket():
            continue
        content = path.read_bytes()
        for name, value in values.items():
            if value in content:
                found[name].add(str(path.relative_to(folder)))
    return found
