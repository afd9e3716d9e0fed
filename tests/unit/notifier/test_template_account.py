"""Handing templates in, and reading where they stand."""

from __future__ import annotations

from typing import Any

import httpx2
import orjson
import pytest

from services.notifier.clients.template_account import TemplateAccount, TemplateAccountError
from services.notifier.domain.approved import ApprovedTemplate

TEMPLATE = ApprovedTemplate(
    name="hark_test",
    language="pt_BR",
    category="UTILITY",
    body="A message from Hark: {text} (reply here)",
    example={"text": "call Ada"},
)


def view(**fields: Any) -> dict[str, Any]:
    return {
        "name": "hark_test",
        "language": "pt_BR",
        "status": "APPROVED",
        "category": "UTILITY",
        "components": [{"type": "BODY", "text": "A message from Hark: {{text}} (reply here)"}],
    } | fields


class Account(httpx2.AsyncBaseTransport):
    """Answers a GET with the pages it was given, one after the other, and keeps what is posted."""

    def __init__(self, *pages: Any, status: int = 200) -> None:
        self._pages = pages
        self._status = status
        self.posted: list[Any] = []
        self.asked: list[str] = []

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        if request.method == "POST":
            self.posted.append(orjson.loads(await request.aread()))
            return httpx2.Response(200, json={"id": "1", "status": "PENDING"})
        self.asked.append(request.url.params.get("after") or "")
        page = self._pages[len(self.asked) - 1]
        if isinstance(page, Exception):
            raise page
        return httpx2.Response(self._status, content=orjson.dumps(page))


def account(transport: Account) -> TemplateAccount:
    return TemplateAccount(
        api_url="http://graph/v26.0", account_id="1", auth_token="secret", transport=transport
    )


async def test_what_is_missing_is_handed_in_with_an_example_for_every_place() -> None:
    transport = Account({"data": [view(language="en")]})
    async with account(transport) as templates:
        (standing,) = await templates.push([TEMPLATE])
    assert (standing.status, standing.is_usable) == ("PENDING", False)
    assert transport.posted == [
        {
            "name": "hark_test",
            "language": "pt_BR",
            "category": "UTILITY",
            "parameter_format": "NAMED",
            "components": [
                {
                    "type": "BODY",
                    "text": "A message from Hark: {{text}} (reply here)",
                    "example": {
                        "body_text_named_params": [{"param_name": "text", "example": "call Ada"}]
                    },
                }
            ],
        }
    ]


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "APPROVED"),
        ({"language": "pt-BR"}, "APPROVED"),
        ({"status": "PAUSED"}, "PAUSED"),
        ({"category": "MARKETING"}, "DIFFERENT"),
        ({"components": [{"type": "BODY", "text": "Something else"}]}, "DIFFERENT"),
        ({"components": None}, "DIFFERENT"),
    ],
)
async def test_what_is_there_is_never_overwritten(fields: dict[str, Any], status: str) -> None:
    transport = Account({"data": [view(**fields)]})
    async with account(transport) as templates:
        (standing,) = await templates.push([TEMPLATE])
    assert standing.status == status
    assert transport.posted == []


async def test_all_pages_are_read() -> None:
    first = {"data": [view(name="other")], "paging": {"cursors": {"after": "25"}}}
    transport = Account(first, {"data": [view()], "paging": {"cursors": {"after": "26"}}}, {})
    async with account(transport) as templates:
        (standing,) = await templates.status([TEMPLATE])
    assert standing.is_usable
    assert transport.asked == ["", "25", "26"]


@pytest.mark.parametrize(
    ("page", "status", "said"),
    [
        ({"error": {"code": 190, "message": "expired"}}, 401, "code 190: expired"),
        ({"error": {"code": 100, "error_data": {"details": "why"}}}, 400, "code 100: why"),
        ([], 200, "refused with 200"),
        (httpx2.ConnectError("no"), 200, "no answer"),
    ],
)
async def test_a_refusal_says_what_meta_said(page: Any, status: int, said: str) -> None:
    async with account(Account(page, status=status)) as templates:
        with pytest.raises(TemplateAccountError, match=said):
            await templates.status([TEMPLATE])
