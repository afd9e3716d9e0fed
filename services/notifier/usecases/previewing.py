"""What there is to say, and how something would look: nothing is kept or sent."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from chassis.clock import Clock
from chassis.errors import InvalidArgument
from services.notifier.domain.approved import ApprovedCatalogues, Filled
from services.notifier.domain.button import Button
from services.notifier.domain.contact import Preferences, UserNotFound, phone_digits
from services.notifier.domain.kind import GENERIC, Kind
from services.notifier.domain.notification import Draft
from services.notifier.domain.template import Catalogues, Template, best_locale
from services.notifier.ports.people import Contacts, Profiles
from services.notifier.usecases.acceptance import kind_of, user_id_of
from services.notifier.usecases.rendering import rendered

PAGE_SIZE = 100
MAX_PAGE_SIZE = 200
# Whether an approved template (name, language) is left alone at that time.
IsPaused = Callable[[str, str, datetime], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A template, and what stands for it outside the 24-hour window."""

    template: Template
    approved_template: str
    is_usable: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """How a draft would look; `outside` is None where nothing would go out."""

    locale: str
    kind: Kind
    text: str
    buttons: Sequence[Button]
    file_name: str
    outside: Filled | None
    is_window_open: bool | None


class Previewing:
    """Shows templates and what would be made of them."""

    def __init__(
        self,
        contacts: Contacts,
        profiles: Profiles,
        catalogues: Catalogues,
        approved: ApprovedCatalogues,
        *,
        is_paused: IsPaused,
        clock: Clock,
    ) -> None:
        self._contacts = contacts
        self._profiles = profiles
        self._catalogues = catalogues
        self._approved = approved
        self._is_paused = is_paused
        self._clock = clock

    def templates(
        self, *, locale: str, limit: int, after: tuple[str, str] | None
    ) -> tuple[Sequence[Listed], tuple[str, str] | None]:
        """A page by name and locale, and where the next one starts. Raises InvalidArgument."""
        if not 1 <= limit <= MAX_PAGE_SIZE:
            raise _invalid("page_size", f"is 1 to {MAX_PAGE_SIZE}, or 0 for {PAGE_SIZE}")
        if locale and locale not in self._catalogues.by_locale:
            raise _invalid("locale", f"is one of {', '.join(sorted(self._catalogues.by_locale))}")
        locales = [locale] if locale else sorted(self._catalogues.by_locale)
        found = {
            (name, each): template
            for each in locales
            for name, template in self._catalogues.by_locale[each].templates.items()
        }
        keys = sorted(key for key in found if after is None or key > after)
        now = self._clock.now()
        page = [self._listed(found[key], now) for key in keys[:limit]]
        return page, keys[limit - 1] if len(keys) > limit else None

    async def preview(self, draft: Draft, locale: str) -> Preview:
        """How it would look. Raises what accepting it would, but for its request id."""
        if locale and best_locale(locale, self._catalogues.by_locale) != locale:
            raise _invalid("locale", f"is one of {', '.join(sorted(self._catalogues.by_locale))}")
        now = self._clock.now()
        kind = kind_of(draft)
        preferences = await self._preferences(draft, locale, now)
        says = rendered(self._catalogues, draft, preferences)
        window = preferences.window_until
        return Preview(
            locale=says.locale,
            kind=kind,
            text=says.text,
            buttons=says.buttons,
            file_name=draft.document.file_name if draft.document else "",
            outside=self._outside(draft, kind, says.locale, says.text, now),
            is_window_open=None if window is None else window > now,
        )

    async def _preferences(self, draft: Draft, locale: str, now: datetime) -> Preferences:
        if not draft.user_id and not draft.phone_number:
            if not locale:
                raise _invalid("locale", "or a recipient is needed")
            return Preferences(locale=locale)
        people: Mapping[str, str] = {}
        if draft.phone_number:
            people = await self._contacts.user_ids([phone_digits(draft.phone_number)])
        user_id = user_id_of(draft, people)
        preferences = (await self._profiles.of([user_id], now)).get(user_id)
        if preferences is None:
            raise UserNotFound
        return replace(preferences, locale=locale) if locale else preferences

    def _outside(
        self, draft: Draft, kind: Kind, locale: str, text: str, now: datetime
    ) -> Filled | None:
        if draft.document is not None:
            return None
        catalogue = self._approved.of(locale)
        paused = [
            each.key
            for each in catalogue.templates.values()
            if self._is_paused(each.name, each.language, now)
        ]
        return catalogue.form(kind.approved_template, draft.contents, text, without=paused)

    def _listed(self, template: Template, now: datetime) -> Listed:
        catalogue = self._approved.of(template.locale)
        own = (t for t in catalogue.templates.values() if t.stands_for == template.name)
        approved = next(own, catalogue.templates[GENERIC])
        return Listed(
            template=template,
            approved_template=approved.name,
            is_usable=not self._is_paused(approved.name, approved.language, now),
        )


def _invalid(field: str, problem: str) -> InvalidArgument:
    return InvalidArgument(f"{field} {problem}", violations={field: problem})
