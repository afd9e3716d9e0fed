"""Who may use this installation: everybody, or those who are named."""

from __future__ import annotations

import re
from collections.abc import Iterable

from services.ingress.domain.sender import Sender

EVERYBODY = "*"
_BUSINESS_ID = re.compile(r"[A-Z]{2}\.(?:ENT\.)?[A-Za-z0-9]{1,128}")
_NUMBER = re.compile(r"\+?[0-9]{5,15}")
_SPACING = str.maketrans("", "", " -()./")
# WhatsApp writes some countries' mobile numbers with or without a digit, as it pleases.
_MEXICO = re.compile(r"521?(\d{10})")
_ARGENTINA = re.compile(r"549?(\d{10})")
_BRAZIL = re.compile(r"55(\d{2})9?(\d{8})")


class Guests:
    """The people who may use it. Raises ValueError for what is neither a number nor an id."""

    def __init__(self, names: Iterable[str]) -> None:
        self._everybody = False
        self._names: set[str] = set()
        for name in filter(None, (each.strip() for each in names)):
            self._everybody = self._everybody or name == EVERYBODY
            if name != EVERYBODY:
                self._names.add(_name(name))

    @classmethod
    def parse(cls, setting: str) -> Guests:
        """Those in a comma-separated list; `*` is everybody."""
        return cls(setting.split(","))

    def admits(self, sender: Sender) -> bool:
        """Whether this person may use it."""
        if self._everybody:
            return True
        named = {sender.business_user_id, sender.parent_user_id}
        if sender.wa_id:
            named.add(_plain(sender.wa_id))
        return not self._names.isdisjoint(named - {""})


def _name(written: str) -> str:
    if _BUSINESS_ID.fullmatch(written):
        return written
    number = written.translate(_SPACING)
    if not _NUMBER.fullmatch(number):
        raise ValueError("names somebody by neither a number with country code nor a user id")
    return _plain(number.removeprefix("+"))


def _plain(number: str) -> str:
    """One form of a number for all that WhatsApp writes it in."""
    for shape, country in ((_MEXICO, "52"), (_ARGENTINA, "54"), (_BRAZIL, "55")):
        if found := shape.fullmatch(number):
            return country + "".join(found.groups())
    return number
