"""`/control/faults`, `/control/gemini`, `/control/templates`: what goes wrong, what is there."""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.routing import Route

from simulator.control.request import endpoint, json_object
from simulator.domain.graph_error import GraphError
from simulator.domain.part import Part
from simulator.domain.problem import Problem
from simulator.domain.template import Template
from simulator.outside import Outside


class SwitchEndpoints:
    """Faults on and off, Gemini's scripts, templates and their approval."""

    def __init__(self, outside: Outside) -> None:
        self._outside = outside

    def routes(self) -> list[Route]:
        """The paths."""
        return [
            Route("/control/faults", endpoint(self._list_faults), methods=["GET"]),
            Route("/control/faults", endpoint(self._switch_on), methods=["POST"]),
            Route("/control/faults", endpoint(self._switch_off), methods=["DELETE"]),
            Route("/control/faults/{name}", endpoint(self._switch_off), methods=["DELETE"]),
            Route("/control/gemini", endpoint(self._list_scripts), methods=["GET"]),
            Route("/control/gemini", endpoint(self._add_script), methods=["POST"]),
            Route("/control/gemini", endpoint(self._clear_scripts), methods=["DELETE"]),
            Route("/control/templates", endpoint(self._list_templates), methods=["GET"]),
            Route("/control/templates", endpoint(self._put_template), methods=["PUT", "POST"]),
            Route("/control/templates/{name}", endpoint(self._move_template), methods=["PATCH"]),
        ]

    async def _list_faults(self, request: Request) -> Any:
        del request
        return self._outside.faults.view()

    async def _switch_on(self, request: Request) -> Any:
        body = await json_object(request)
        wanted = body.get("faults", [body])
        if not isinstance(wanted, list) or not all(isinstance(item, dict) for item in wanted):
            raise Problem("faults must be a list of faults")
        switched = [self._outside.faults.switch_on(item) for item in wanted]
        self._tell()
        return {"on": [fault.view() for fault in switched]}

    async def _switch_off(self, request: Request) -> Any:
        self._outside.faults.switch_off(request.path_params.get("name"))
        self._tell()
        return self._outside.faults.view()

    def _tell(self) -> None:
        self._outside.feed.publish("faults", {"on": self._outside.faults.view()["on"]})

    async def _list_scripts(self, request: Request) -> Any:
        del request
        scripts = self._outside.scripts
        return {
            "scripts": [script.view() for script in scripts.rules],
            "unanswered": scripts.unanswered,
        }

    async def _add_script(self, request: Request) -> Any:
        return self._outside.scripts.add(await json_object(request)).view()

    async def _clear_scripts(self, request: Request) -> Any:
        self._outside.scripts.clear()
        return await self._list_scripts(request)

    async def _list_templates(self, request: Request) -> Any:
        del request
        return {"templates": [template.view() for template in self._outside.templates]}

    async def _put_template(self, request: Request) -> Any:
        try:
            template = self._outside.templates.submit(await json_object(request), replacing=True)
        except GraphError as error:
            raise Problem(f"Meta would refuse it: {error.details} (code {error.code})") from None
        return template.view()

    async def _move_template(self, request: Request) -> Any:
        body = await json_object(request)
        moved = self._outside.templates.move(
            request.path_params["name"], body.get("language"), body.get("status", "")
        )
        for template in moved:
            self._outside.dispatch.send(_status_update(template, str(body.get("reason", "NONE"))))
        return {"templates": [template.view() for template in moved]}


def _status_update(template: Template, reason: str) -> Part:
    """What Meta tells the business when a template's approval changes."""
    return Part(
        sort="other",
        field="message_template_status_update",
        payload={
            "event": template.status,
            "message_template_id": int(template.id),
            "message_template_name": template.name,
            # Meta writes the language with a hyphen here, and with an underscore elsewhere.
            "message_template_language": template.language.replace("_", "-"),
            "message_template_category": template.category,
            "reason": reason,
        },
    )
