"""What a draft says: in the person's language, with what can be tapped and what goes along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from chassis.errors import InvalidArgument
from services.notifier.domain import button, document
from services.notifier.domain.button import Button
from services.notifier.domain.contact import Preferences
from services.notifier.domain.notification import MAX_CONTENTS, Draft
from services.notifier.domain.template import Catalogues


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A bubble as it goes out while the person's window is open."""

    locale: str
    text: str
    buttons: Sequence[Button]


def rendered(catalogues: Catalogues, draft: Draft, preferences: Preferences) -> Rendered:
    """The draft's bubble for a person of these preferences.

    Raises TemplateNotFound, and InvalidArgument for what could not be sent as it is.
    """
    if not 1 <= len(draft.contents) <= MAX_CONTENTS:
        raise _invalid("contents", f"has 1 to {MAX_CONTENTS} parts")
    locale = catalogues.locale_for(preferences.locale)
    catalogue = catalogues.by_locale[locale]
    text = catalogue.render(draft.contents, is_spoken=preferences.is_spoken)
    if draft.document is not None:
        document.check(draft.document)
        if draft.buttons:
            raise _invalid("buttons", "cannot go along with a document")
    if draft.buttons or draft.document is not None:
        for problem in button.problems(draft.buttons):
            raise _invalid("buttons", problem)
        if len(text) > button.MAX_BODY:
            problem = f"renders to more than {button.MAX_BODY} characters beside buttons or a file"
            raise _invalid("contents", problem)
        return Rendered(locale=locale, text=text, buttons=draft.buttons)
    # A template's own buttons are left out where there is no room for them, rather than the text.
    fits = len(text) <= button.MAX_BODY
    buttons = catalogue.buttons(draft.contents) if fits else ()
    return Rendered(locale=locale, text=text, buttons=buttons)


def _invalid(field: str, problem: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {problem}", violations={field: problem})
