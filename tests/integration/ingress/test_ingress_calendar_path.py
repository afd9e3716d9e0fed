"""Calendars are served beside the webhook, by the ingress that is wired for production."""

from __future__ import annotations

import pytest

from tests.integration.ingress.house import House

pytestmark = pytest.mark.postgres


async def test_a_calendar_is_asked_for_at_scheduler_and_its_absence_is_told(house: House) -> None:
    # No scheduler runs beside this ingress.
    answer = await house.web.get(f"/calendar/{'t' * 43}.ics")
    assert answer.status_code == 503
    assert answer.json()["error"]["reason"] == "CALENDAR_UNAVAILABLE"
    assert int(answer.headers["retry-after"]) > 0
    assert (await house.web.get("/calendar/short.ics")).status_code == 404
    assert (await house.web.post(f"/calendar/{'t' * 43}.ics")).status_code == 405
