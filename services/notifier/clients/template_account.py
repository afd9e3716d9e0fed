"""The approved templates as Meta has them: what is there, and handing in what is not."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import httpx2
import orjson

from services.notifier.domain.approved import ApprovedTemplate

_TIMEOUT_SECONDS = 10.0
_PAGE = 100
# An account has at most 6,000 templates.
_MOST_PAGES = 60
_PLACE = re.compile(r"\{([a-z][a-z0-9_]*)\}")


class TemplateAccountError(Exception):
    """The Graph API refused, or did not answer; says what it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Submitted:
    """A template as Meta has it; `status` and `category` as Meta spells them."""

    name: str
    language: str
    status: str
    category: str
    body: str
    buttons: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where one of Hark's templates stands: Meta's status, or one of ours.

    `MISSING`: never handed in. `DIFFERENT`: Meta has another body, category or buttons under this
    name; it is not overwritten, because what is approved is being sent: a new one takes a new name.
    """

    name: str
    language: str
    status: str

    @property
    def is_usable(self) -> bool:
        """Whether it can be sent now."""
        return self.status == "APPROVED"


class TemplateAccount:
    """The templates of one WhatsApp Business account; a context manager that closes its pool.

    `auth_token` needs whatsapp_business_management. Every method raises TemplateAccountError.
    """

    def __init__(
        self,
        *,
        api_url: str,
        account_id: str,
        auth_token: str,
        transport: httpx2.AsyncBaseTransport | None = None,
    ) -> None:
        self._url = f"{api_url.rstrip('/')}/{account_id}/message_templates"
        self._client = httpx2.AsyncClient(
            headers={"authorization": f"Bearer {auth_token}", "content-type": "application/json"},
            timeout=_TIMEOUT_SECONDS,
            transport=transport,
        )

    async def __aenter__(self) -> TemplateAccount:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self._client.aclose()

    async def status(self, templates: Sequence[ApprovedTemplate]) -> Sequence[Standing]:
        """Where each of them stands, in the same order."""
        known = await self._known()
        return [_standing(each, known.get((each.name, each.language))) for each in templates]

    async def push(self, templates: Sequence[ApprovedTemplate]) -> Sequence[Standing]:
        """Hands in those that are missing; where each of them stands then, in the same order."""
        standings = list(await self.status(templates))
        for index, template in enumerate(templates):
            if standings[index].status == "MISSING":
                answer = await self._call("POST", content=orjson.dumps(request_of(template)))
                status = str(answer.get("status") or "PENDING")
                standings[index] = Standing(
                    name=template.name, language=template.language, status=status
                )
        return standings

    async def _known(self) -> Mapping[tuple[str, str], Submitted]:
        found: dict[tuple[str, str], Submitted] = {}
        cursor: dict[str, str] = {}
        for _page in range(_MOST_PAGES):
            answer = await self._call(
                "GET",
                params={"fields": "name,language,status,category,components", "limit": _PAGE}
                | cursor,
            )
            entries = answer.get("data")
            for entry in entries if isinstance(entries, list) else []:
                # Meta spells a language in two ways.
                language = str(entry.get("language")).replace("-", "_")
                found[str(entry.get("name")), language] = Submitted(
                    name=str(entry.get("name")),
                    language=language,
                    status=str(entry.get("status")),
                    category=str(entry.get("category")),
                    body=str(_component(entry, "BODY").get("text", "")),
                    buttons=_buttons(entry),
                )
            after = ((answer.get("paging") or {}).get("cursors") or {}).get("after")
            if not entries or not after:
                break
            cursor = {"after": str(after)}
        return found

    async def _call(self, method: str, **options: Any) -> Mapping[str, Any]:
        try:
            response = await self._client.request(method, self._url, **options)
            answer = orjson.loads(response.content)
        except (httpx2.TransportError, orjson.JSONDecodeError) as error:
            raise TemplateAccountError(f"no answer: {type(error).__name__}") from error
        if response.status_code != 200 or not isinstance(answer, dict):
            raise TemplateAccountError(_refusal(response.status_code, answer))
        return answer


def _refusal(status: int, answer: Any) -> str:
    said = answer.get("error") if isinstance(answer, dict) else None
    said = said if isinstance(said, dict) else {}
    details = (said.get("error_data") or {}).get("details") or said.get("message")
    return f"refused with {status}, code {said.get('code')}: {details}"


def request_of(template: ApprovedTemplate) -> Mapping[str, Any]:
    """What creates a template through the Graph API."""
    examples = [
        {"param_name": place, "example": template.example[place]} for place in template.places
    ]
    components: list[Mapping[str, Any]] = [
        {
            "type": "BODY",
            "text": _graph_body(template),
            "example": {"body_text_named_params": examples},
        }
    ]
    if template.buttons:
        buttons = [{"type": "QUICK_REPLY", "text": button.title} for button in template.buttons]
        components.append({"type": "BUTTONS", "buttons": buttons})
    return {
        "name": template.name,
        "language": template.language,
        "category": template.category,
        "parameter_format": "NAMED",
        "components": components,
    }


def _standing(template: ApprovedTemplate, submitted: Submitted | None) -> Standing:
    if submitted is None:
        status = "MISSING"
    elif (submitted.body, submitted.category, list(submitted.buttons)) != (
        _graph_body(template),
        template.category,
        [button.title for button in template.buttons],
    ):
        status = "DIFFERENT"
    else:
        status = submitted.status
    return Standing(name=template.name, language=template.language, status=status)


def _graph_body(template: ApprovedTemplate) -> str:
    return _PLACE.sub(r"{{\1}}", template.body)


def _buttons(entry: Mapping[str, Any]) -> Sequence[str]:
    buttons = _component(entry, "BUTTONS").get("buttons")
    listed = buttons if isinstance(buttons, list) else []
    return [str(each.get("text")) for each in listed if isinstance(each, dict)]


def _component(entry: Mapping[str, Any], kind: str) -> Mapping[str, Any]:
    given = entry.get("components")
    parts = given if isinstance(given, list) else []
    fitting = (each for each in parts if isinstance(each, dict) and each.get("type") == kind)
    return next(fitting, {})
