"""What WhatsApp says about the account, and what follows from it.

Every change is kept; few have a consequence. What is not known here has none.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from types import MappingProxyType

NOTED = "NOTED"
REPEATED = "REPEATED"
RESTRICTED = "ACCOUNT_RESTRICTED"
DISABLED = "ACCOUNT_DISABLED"

# Meta's pauses, and a little more: a try too early would lengthen the next one. What it ends
# without a word is tried again by then, and refused once at the worst.
_PAUSES = MappingProxyType(
    {
        "FIRST_PAUSE": timedelta(hours=3, minutes=5),
        "SECOND_PAUSE": timedelta(hours=6, minutes=5),
        "RATE_LIMITING_PAUSE": timedelta(minutes=30),
    }
)
_USUAL_PAUSE = timedelta(hours=6, minutes=5)
_LONG = timedelta(days=7)
_RESUMING = frozenset({"APPROVED", "REINSTATED", "UNARCHIVED", "UNPAUSED"})
_ENDING = frozenset(
    {"DISABLED", "REJECTED", "DELETED", "PENDING_DELETION", "ARCHIVED", "LOCKED", "LIMIT_EXCEEDED"}
)
_MOST_RESTRICTIONS = 20
_LONGEST_WORD = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountChange:
    """What a webhook said about the account."""

    change_id: str
    field: str
    value: Mapping[str, object]
    receive_time: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TemplatePause:
    """A template that is left alone until then; None: used again. No name means all of them."""

    name: str
    language: str
    until: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """A reason to send nothing: until then, until it is lifted (None), or lifted now."""

    reason: str
    until: datetime | None = None
    is_lifted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is in force: why nothing is sent, and which templates are left alone."""

    stops: Sequence[Stop] = ()
    pauses: Sequence[TemplatePause] = ()

    def stop(self, now: datetime) -> Stop | None:
        """The stop that lasts longest, if there is one."""
        in_force = [each for each in self.stops if each.until is None or each.until > now]
        forever = datetime.max.replace(tzinfo=UTC)
        return max(in_force, key=lambda each: each.until or forever, default=None)

    def is_paused(self, name: str, language: str, now: datetime) -> bool:
        """Whether an approved template is left alone."""
        return any(
            pause.name == name
            and pause.language in ("", language)
            and pause.until is not None
            and pause.until > now
            for pause in self.pauses
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut:
    """Somebody who wants no marketing (or wants it again), by the names WhatsApp has for them."""

    wa_id: str
    user_id: str
    stop_time: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """What follows from a change; `subject` and `detail` are for the operator, never a person."""

    name: str = NOTED
    subject: str = ""
    detail: str = ""
    pauses: Sequence[TemplatePause] = ()
    stops: Sequence[Stop] = ()
    opt_outs: Sequence[OptOut] = ()


def effect_of(field: str, value: Mapping[str, object], receive_time: datetime) -> Effect:
    """What follows from a webhook's `value` of this `field`."""
    match field:
        case "message_template_status_update":
            return _template_status(value, receive_time)
        case "message_template_quality_update" | "template_category_update":
            return Effect(subject=_template(value)[0], detail=_quality(value))
        case "account_update":
            return _account(value, receive_time)
        case "user_preferences":
            return _preferences(value, receive_time)
        case "phone_number_quality_update" | "business_capability_update" | "account_alerts":
            detail = _word(value.get("event")) or _word(value.get("alert_type"))
            return Effect(subject=_word(value.get("current_limit")), detail=detail)
        case _:
            return Effect(detail=_word(value.get("event")))


def _template_status(value: Mapping[str, object], now: datetime) -> Effect:
    event = _word(value.get("event"))
    name, language = _template(value)
    info = value.get("other_info")
    title = _word(info.get("title")) if isinstance(info, dict) else ""
    if event in _RESUMING or (event == "PAUSED" and title == "UNPAUSE"):
        effect, until = "TEMPLATE_RESUMED", None
    elif event == "PAUSED":
        effect, until = "TEMPLATE_PAUSED", now + _PAUSES.get(title, _USUAL_PAUSE)
    elif event in _ENDING:
        effect, until = "TEMPLATE_DISABLED", now + _LONG
    else:
        return Effect(subject=name, detail=event)
    if not name:
        return Effect(detail=event)
    pause = TemplatePause(name=name, language=language, until=until)
    return Effect(name=effect, subject=f"{name}/{language}", detail=title or event, pauses=(pause,))


def _account(value: Mapping[str, object], now: datetime) -> Effect:
    event = _word(value.get("event"))
    match event:
        case "ACCOUNT_RESTRICTION":
            return _restriction(value, now)
        case "DISABLED_UPDATE":
            info = value.get("ban_info")
            state = _word(info.get("waba_ban_state")) if isinstance(info, dict) else ""
            if state == "SCHEDULE_FOR_DISABLE":
                return Effect(detail=state)
            return _stopped(Stop(reason=DISABLED, is_lifted=state == "REINSTATE"), state or event)
        case "ACCOUNT_DELETED" | "ACCOUNT_OFFBOARDED":
            return _stopped(Stop(reason=DISABLED), event)
        case "ACCOUNT_RECONNECTED" | "ACCOUNT_REINSTATED":
            return _stopped(Stop(reason=DISABLED, is_lifted=True), event)
        case _:
            return Effect(detail=event)


def _restriction(value: Mapping[str, object], now: datetime) -> Effect:
    """Some keep us from writing first, some from writing at all; which end by themselves."""
    given = value.get("restriction_info")
    pauses: list[TemplatePause] = []
    stops: list[Stop] = []
    words = []
    for each in given[:_MOST_RESTRICTIONS] if isinstance(given, list) else []:
        if not isinstance(each, dict):
            continue
        kind = _word(each.get("restriction_type")) or _word(each.get("type"))
        until = _moment(each.get("expiration"))
        if until is not None and until <= now:
            continue
        words.append(kind)
        if "BIZ_INITIATED" in kind:
            pauses.append(TemplatePause(name="", language="", until=until or now + _LONG))
        elif "MESSAGING" in kind:
            stops.append(Stop(reason=RESTRICTED, until=until))
    detail = ", ".join(dict.fromkeys(words))[:_LONGEST_WORD]
    if stops:
        return Effect(name="SENDING_STOPPED", detail=detail, stops=stops[-1:], pauses=pauses)
    if pauses:
        return Effect(name="TEMPLATES_STOPPED", detail=detail, pauses=pauses)
    if not words:
        # A list without anything in force: whatever there was is over.
        lifted = Stop(reason=RESTRICTED, is_lifted=True)
        return Effect(
            name="SENDING_RESUMED",
            stops=(lifted,),
            pauses=(TemplatePause(name="", language="", until=None),),
        )
    return Effect(detail=detail)


def _stopped(stop: Stop, detail: str) -> Effect:
    name = "SENDING_RESUMED" if stop.is_lifted else "SENDING_STOPPED"
    return Effect(name=name, detail=detail, stops=(stop,))


def _preferences(value: Mapping[str, object], now: datetime) -> Effect:
    given = value.get("user_preferences")
    opt_outs = []
    for each in given if isinstance(given, list) else []:
        if not isinstance(each, dict) or each.get("category") != "marketing_messages":
            continue
        said = each.get("value")
        if said in ("stop", "resume"):
            opt_outs.append(
                OptOut(
                    wa_id=str(each.get("wa_id") or ""),
                    user_id=str(each.get("user_id") or ""),
                    stop_time=(_moment(each.get("timestamp")) or now) if said == "stop" else None,
                )
            )
    return Effect(name="MARKETING_PREFERENCE" if opt_outs else NOTED, opt_outs=opt_outs)


def _template(value: Mapping[str, object]) -> tuple[str, str]:
    name = _word(value.get("message_template_name"))
    # Meta spells a language in two ways.
    return name, _word(value.get("message_template_language")).replace("-", "_")


def _quality(value: Mapping[str, object]) -> str:
    return _word(value.get("new_quality_score")) or _word(value.get("new_category"))


def _word(value: object) -> str:
    return value[:_LONGEST_WORD] if isinstance(value, str) else ""


def _moment(value: object) -> datetime | None:
    """Seconds since 1970, as a number or in digits."""
    if isinstance(value, str) and value.isdecimal() and len(value) <= 10:
        value = int(value)
    if isinstance(value, int) and not isinstance(value, bool) and 0 < value < 7_258_118_400:
        return datetime.fromtimestamp(value, UTC)
    return None
