"""Taking notifications on, with the ledger and the contacts in memory."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from chassis.errors import InvalidArgument, ServiceError
from services.notifier import catalogue
from services.notifier.domain.cap import Caps
from services.notifier.domain.contact import UserNotFound, UserStopped
from services.notifier.domain.kind import DEFAULT_KINDS, KINDS
from services.notifier.domain.notification import Content, Draft, Notification, Type
from services.notifier.domain.template import TemplateNotFound
from services.notifier.usecases.acceptance import MAX_BATCH, Acceptance, canonical
from tests.unit.notifier.fakes import (
    ADA,
    NOW,
    FakeClock,
    FakeContacts,
    FakeEvents,
    FakeLedger,
    FakeProfiles,
)

BO = "00000000-0000-4000-8000-00000000000b"


class Desk:
    """An `Acceptance` and everything around it."""

    def __init__(self) -> None:
        self.ledger = FakeLedger()
        self.contacts = FakeContacts(phones={"15550100001": ADA})
        self.profiles = FakeProfiles()
        self.events = FakeEvents()
        # How many were kept each time the bell rang.
        self.rings: list[int] = []
        self.acceptance = Acceptance(
            self.ledger,
            self.contacts,
            self.profiles,
            catalogue.load_all(),
            ring=lambda: self.rings.append(len(self.ledger.kept)),
            events=self.events,
            clock=FakeClock(),
            hash_key=b"h" * 32,
            caps=Caps(),
        )


@pytest.fixture
def desk() -> Desk:
    return Desk()


def a_draft(**fields: Any) -> Draft:
    draft = Draft(
        request_id=str(uuid.uuid4()),
        user_id=ADA,
        type=Type.TASK_UPDATE,
        contents=(Content(template="task_due", parameters={"title": "Ada", "number": "1"}),),
    )
    return replace(draft, **fields)


async def test_what_is_good_is_kept_before_the_bell_rings(desk: Desk) -> None:
    accepted = await desk.acceptance.send(a_draft())
    (kept,) = desk.ledger.kept
    assert kept.text == "Reminder: Ada"
    assert (kept.user_id, kept.kind.name) == (ADA, "task_due")
    assert kept.request_id == accepted.request_id
    assert desk.rings == [1]
    assert desk.events.counted == [("accepted", "task_due")]


@pytest.mark.parametrize("type_", list(Type))
async def test_each_type_has_a_default_kind(desk: Desk, type_: Type) -> None:
    accepted = await desk.acceptance.send(a_draft(type=type_))
    assert accepted.kind == DEFAULT_KINDS[type_].name


@pytest.mark.parametrize("name", sorted(KINDS))
async def test_a_kind_is_accepted_with_its_own_type_only(desk: Desk, name: str) -> None:
    kind = KINDS[name]
    assert (await desk.acceptance.send(a_draft(type=kind.type, kind=name))).kind == name
    other = next(type_ for type_ in Type if type_ is not kind.type)
    with pytest.raises(InvalidArgument) as caught:
        await desk.acceptance.send(a_draft(type=other, kind=name))
    assert set(caught.value.violations) == {"kind"}


async def test_a_phone_number_leads_to_its_person_and_a_stranger_is_refused(desk: Desk) -> None:
    accepted = await desk.acceptance.send(a_draft(user_id="", phone_number="+15550100001"))
    assert accepted.user_id == ADA
    with pytest.raises(UserNotFound):
        await desk.acceptance.send(a_draft(user_id="", phone_number="+15550100002"))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"user_id": "ada"}, "recipient"),
        ({"user_id": ""}, "recipient"),
        ({"user_id": "", "phone_number": "15550100001"}, "phone_number"),
        ({"user_id": "", "phone_number": "+1 555"}, "phone_number"),
        ({"type": 0}, "type"),
        ({"type": 99}, "type"),
        ({"kind": "unheard_of"}, "kind"),
        ({"contents": ()}, "contents"),
        ({"contents": (Content(template="reply", parameters={"text": "x"}),) * 11}, "contents"),
        ({"contents": (Content(template="reply", parameters={"text": " "}),)}, "contents"),
        ({"request_id": "r-1"}, "request_id"),
        ({"reply_to_message_id": "wamid with spaces"}, "reply_to_message_id"),
        ({"due_time": NOW + timedelta(days=30, seconds=1)}, "due_time"),
        ({"expire_time": NOW}, "expire_time"),
        (
            {"due_time": NOW + timedelta(hours=2), "expire_time": NOW + timedelta(hours=1)},
            "expire_time",
        ),
    ],
)
async def test_what_is_faulty_is_named_and_nothing_is_kept(
    desk: Desk, fields: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidArgument) as caught:
        await desk.acceptance.send(a_draft(**fields))
    assert set(caught.value.violations) == {named}
    assert desk.ledger.kept == []
    assert desk.rings == []


async def test_what_was_due_before_is_due_now_and_expires_by_its_kind(desk: Desk) -> None:
    await desk.acceptance.send(a_draft(due_time=NOW - timedelta(days=3)))
    later = NOW + timedelta(days=30)
    await desk.acceptance.send(a_draft(due_time=later))
    past, ahead = desk.ledger.kept
    assert (past.send_time, past.expire_time) == (NOW, NOW + KINDS["task_due"].expiry)
    assert (ahead.send_time, ahead.expire_time) == (later, later + KINDS["task_due"].expiry)


async def test_in_a_batch_each_is_judged_by_itself_and_answered_in_its_place(desk: Desk) -> None:
    desk.ledger.refusals[BO] = UserStopped()
    answers = await desk.acceptance.send_batch(
        [
            a_draft(),
            a_draft(contents=(Content(template="nope"),)),
            a_draft(user_id=BO),
            a_draft(type=0),
            a_draft(type=Type.CONFIRMATION),
        ]
    )
    assert [type(each) for each in answers] == [
        Notification,
        TemplateNotFound,
        UserStopped,
        InvalidArgument,
        Notification,
    ]
    assert len(desk.ledger.kept) == 2


async def test_what_stands_in_the_way_of_one_is_raised(desk: Desk) -> None:
    desk.ledger.refusals[ADA] = UserStopped()
    with pytest.raises(UserStopped):
        await desk.acceptance.send(a_draft())


@pytest.mark.parametrize("count", [0, MAX_BATCH + 1])
async def test_a_batch_has_bounds(desk: Desk, count: int) -> None:
    with pytest.raises(InvalidArgument):
        await desk.acceptance.send_batch([a_draft() for _ in range(count)])


async def test_a_batch_that_names_a_request_twice_is_refused_whole(desk: Desk) -> None:
    draft = a_draft()
    with pytest.raises(InvalidArgument):
        await desk.acceptance.send_batch([draft, draft])
    assert desk.ledger.kept == []


async def test_a_batch_in_which_nothing_is_good_does_not_ring(desk: Desk) -> None:
    (answer,) = await desk.acceptance.send_batch([a_draft(type=0)])
    assert isinstance(answer, ServiceError)
    assert desk.rings == []


@pytest.mark.parametrize(
    "fields",
    [
        {"user_id": BO},
        {"type": Type.STATUS_UPDATE},
        {"kind": "task_due"},
        {"contents": (Content(template="reply", parameters={"text": "x"}),)},
        {"reply_to_message_id": "m_1"},
        {"due_time": NOW},
        {"expire_time": NOW},
        {"holds_overflow": True},
    ],
)
async def test_a_repeated_request_says_the_same_only_if_everything_is_the_same(
    fields: dict[str, Any],
) -> None:
    draft = a_draft()
    assert canonical(draft) == canonical(replace(draft, request_id=str(uuid.uuid4())))
    assert canonical(draft) != canonical(replace(draft, **fields))


async def test_the_order_of_parameters_makes_no_difference() -> None:
    one = Content(template="task_due", parameters={"title": "Ada", "number": "1"})
    other = Content(template="task_due", parameters={"number": "1", "title": "Ada"})
    draft = a_draft(contents=(one,))
    assert canonical(draft) == canonical(replace(draft, contents=(other,)))
