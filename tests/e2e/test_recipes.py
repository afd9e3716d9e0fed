"""The recipes of docs/recipes.md work as they stand there, against a whole system."""

from __future__ import annotations

import asyncio
import os
import re
import sys
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from tests.e2e.system import Person, System

pytestmark = pytest.mark.timeout(180)
PAGE = Path(__file__).parents[2] / "docs" / "recipes.md"
_RECIPE = re.compile(
    r"```sh\n(?P<command>.*?)```\nexpect(?P<refused> a refusal)?: `(?P<expected>[^\n]+)`\n",
    re.DOTALL,
)


@dataclass(frozen=True)
class Recipe:
    """One command, and what its answer must hold."""

    command: str
    expected: str
    is_refused: bool

    @property
    def method(self) -> str:
        return self.command.strip().rpartition("/")[2]


RECIPES = [
    Recipe(found["command"], found["expected"], bool(found["refused"]))
    for found in _RECIPE.finditer(PAGE.read_text())
]


async def run(command: str, environment: dict[str, str]) -> tuple[int, str]:
    process = await asyncio.create_subprocess_exec(
        "bash",
        "-c",
        command,
        env=environment,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(60):
        out, _ = await process.communicate()
    return process.returncode or 0, out.decode()


def test_every_command_of_the_page_says_what_it_must_answer() -> None:
    assert len(RECIPES) == PAGE.read_text().count("```sh\n") >= 10
    assert all("buf curl " in recipe.command for recipe in RECIPES)


async def test_the_recipes_work_in_their_order(system: System, client: httpx2.AsyncClient) -> None:
    ada = Person(system, "+15550100001", client)
    await ada.says("hello")
    await ada.hears()
    environment = {
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
        "HOME": str(system.folder),
        "NOTIFIER": f"127.0.0.1:{system.ports['NOTIFIER']}",
        "HARK_TOKEN": system.token_of("operator"),
    }
    for recipe in RECIPES:
        code, answer = await run(recipe.command, environment)
        assert (code != 0) is recipe.is_refused, f"{recipe.method}: {answer}"
        assert recipe.expected in answer, f"{recipe.method}: {answer}"
