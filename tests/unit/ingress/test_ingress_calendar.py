"""`GET /calendar/<token>.ics`: conditional, private, paced, and silent about its address."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx2
import pytest
import pytest_asyncio

from chassis.errors import Code, RemoteError
from services.ingress.domain.pace import Pace
from services.ingress.ports import CalendarPage
from services.ingress.web.calendar import calendar_routes
from services.ingress.web.pages import pages

TOKEN = "t" * 43
ADDRESS = f"/calendar/{TOKEN}.ics"


class OneCalendar:
    """A calendar behind one token; `revoked` and `down` as they say."""

    def __init__(self) -> None:
        self.etag, self.content = "aa11", b"BEGIN:VCALENDAR\r\n"
        self.revoked = self.down = False
        self.asked: list[tuple[str, str]] = []

    async def read(self, token: str, etag: str) -> CalendarPage | None:
        self.asked.append((token, etag))
        if self.down:
            raise RemoteError("", remote_code=Code.UNAVAILABLE, remote_reason="X", domain="y")
        if token != TOKEN or self.revoked:
            return None
        return CalendarPage(etag=self.etag, content=None if etag == self.etag else self.content)


class World:
    def __init__(self) -> None:
        self.calendar = OneCalendar()
        self.seconds = 0.0
        self.refused: list[str] = []
        app = pages(
            verify_token="v",
            ready=lambda: True,
            refused=self.refused.append,
            more=calendar_routes(self.calendar, monotonic=lambda: self.seconds),
        )
        transport = httpx2.ASGITransport(app=app)
        self.client = httpx2.AsyncClient(transport=transport, base_url="http://hark")


@pytest_asyncio.fixture(loop_scope="session")
async def world() -> AsyncIterator[World]:
    made = World()
    async with made.client:
        yield made


async def test_a_calendar_is_served_with_what_programs_need(world: World) -> None:
    answer = await world.client.get(ADDRESS)
    assert (answer.status_code, answer.content) == (200, world.calendar.content)
    assert answer.headers["content-type"] == "text/calendar; charset=utf-8"
    assert answer.headers["etag"] == '"aa11"'
    assert "private" in answer.headers["cache-control"]
    assert answer.headers["referrer-policy"] == "no-referrer"
    head = await world.client.head(ADDRESS)
    assert (head.status_code, head.content) == (200, b"")


@pytest.mark.parametrize("given", ['"aa11"', 'W/"aa11"', '"aa11", "bb22"'])
async def test_what_the_reader_has_is_not_sent_again(world: World, given: str) -> None:
    answer = await world.client.get(ADDRESS, headers={"if-none-match": given})
    assert (answer.status_code, answer.content) == (304, b"")
    assert answer.headers["etag"] == '"aa11"'
    world.calendar.etag = "cc33"
    changed = await world.client.get(ADDRESS, headers={"if-none-match": given})
    assert (changed.status_code, changed.headers["etag"]) == (200, '"cc33"')


@pytest.mark.parametrize(
    "path",
    [
        f"/calendar/{'u' * 43}.ics",
        f"/calendar/{TOKEN}",
        f"/calendar/{TOKEN}.ICS",
        f"/calendar/{TOKEN}x.ics",
        "/calendar/.ics",
        "/calendar/..%2f..%2fetc.ics",
    ],
)
async def test_any_other_address_is_unknown(world: World, path: str) -> None:
    answer = await world.client.get(path)
    assert answer.status_code == 404


async def test_a_revoked_calendar_is_unknown_like_any_other(world: World) -> None:
    await world.client.get(ADDRESS)
    world.calendar.revoked = True
    revoked = await world.client.get(ADDRESS)
    never = await world.client.get(f"/calendar/{'u' * 43}.ics")
    assert (revoked.status_code, revoked.json()) == (never.status_code, never.json())


async def test_an_outage_says_when_to_come_back(world: World) -> None:
    world.calendar.down = True
    answer = await world.client.get(ADDRESS)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")


async def test_who_reads_too_often_is_told_to_wait(world: World) -> None:
    answers = [await world.client.get(ADDRESS) for _ in range(21)]
    assert [answer.status_code for answer in answers] == [200] * 20 + [429]
    assert int(answers[-1].headers["retry-after"]) >= 1
    world.seconds += 3.1
    assert (await world.client.get(ADDRESS)).status_code == 200


async def test_guessing_ends_and_keeps_nobody_from_their_calendar(world: World) -> None:
    await world.client.get(ADDRESS)
    guesses = [
        (await world.client.get(f"/calendar/{number:043d}.ics")).status_code
        for number in range(620)
    ]
    assert guesses.count(404) < 600 < len(guesses)
    assert guesses[-1] == 429
    assert (await world.client.get(ADDRESS)).status_code == 200


async def test_the_token_is_written_nowhere(
    world: World, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with caplog.at_level(logging.DEBUG, logger="services"):
        for _ in range(25):
            await world.client.get(ADDRESS)
        world.calendar.down = True
        world.seconds += 60
        await world.client.get(ADDRESS)
    ours = [record.getMessage() for record in caplog.records if record.name != "httpx2"]
    written = "".join((*ours, *capsys.readouterr(), *world.refused))
    assert TOKEN not in written


def test_a_pace_lets_so_many_through_at_once_and_then_one_by_one() -> None:
    pace = Pace(per_minute=6)
    assert [pace.wait("a", 0.0) for _ in range(7)] == [None] * 6 + [timedelta(seconds=10)]
    assert pace.wait("b", 0.0) is None
    assert pace.wait("a", 9.0) == timedelta(seconds=1)
    assert pace.wait("a", 10.0) is None
    assert pace.wait("a", 10.0) is not None


def test_a_pace_remembers_a_bounded_number_of_keys() -> None:
    pace = Pace(per_minute=1, most_keys=2)
    for key in "abc":
        assert pace.wait(key, 0.0) is None
    # "a" was forgotten, "c" was not.
    assert pace.wait("a", 0.0) is None
    assert pace.wait("c", 0.0) is not None
