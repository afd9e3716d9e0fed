"""One message that says what several notifications say."""

from __future__ import annotations

from collections.abc import Sequence

from services.notifier.domain.notification import MAX_TEXT
from services.notifier.domain.template import Catalogue

# The last message of a person's day names what else is due, with its time.
DAY_IS_FULL = "day_is_full"


def together(
    catalogue: Catalogue, text: str, others: Sequence[tuple[str, str]], *, is_last: bool
) -> str:
    """`text` and those of the `others` (local time and text), one below the other.

    With `is_last` they are what cannot go out by itself any more today. What is longer than a
    message can be is cut at its end; who puts bubbles together sees to it that none is.
    """
    if is_last:
        rest = "\n".join(f"{time} {said}" for time, said in others)
        whole = catalogue.get(DAY_IS_FULL).render({"text": text, "rest": rest})
    else:
        whole = "\n".join([text, *(said for _time, said in others)])
    return whole if len(whole) <= MAX_TEXT else whole[: MAX_TEXT - 1] + "…"
