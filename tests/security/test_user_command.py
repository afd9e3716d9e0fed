"""`hark user export | erase | erasures | reapply`, as an operator types them."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from pathlib import Path

import pytest

from cli.peers import AI, INGRESS, NOTIFIER, SCHEDULER
from tests.integration.notifier.graph import ScriptedGraph
from tests.security.forgetting import contact, finished, settled
from tests.security.said import ADA, said
from tests.security.village import TOKENS, Village, village

ROOT = Path(__file__).parents[2]


async def hark(running: Village, home: Path, *arguments: str) -> tuple[int, str]:
    """Its exit code and what it printed."""
    places = (("ingress", INGRESS), ("ai", AI), ("scheduler", SCHEDULER), ("notifier", NOTIFIER))
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "cli", "user", *arguments),
        cwd=ROOT,
        env=os.environ
        | {variable: running.address(name) for name, (variable, _) in places}
        | {"HARK_HOME": str(home), "HARK_TOKENS": f"operator:{TOKENS['operator']}"},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    async with asyncio.timeout(50):
        printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


@pytest.mark.timeout(240)
async def test_an_operator_exports_and_erases_a_person(
    database_url: str, graph: ScriptedGraph, tmp_path: Path
) -> None:
    async with village(database_url, graph.url) as running:
        await said(running, "add milk to my shopping list")
        await said(running, "remind me to call Zerlinde tomorrow at 9am")
        await graph.sent(2, timeout=40)
        await settled(running)
        ada = await contact(running)
        assert ada is not None

        code, printed = await hark(running, tmp_path, "export", f"+{ADA}", "--to", str(tmp_path))
        assert code == 0, printed
        exported = json.loads((tmp_path / "hark.json").read_text())
        assert exported["contact"]["sender"]["wa_id"] == ADA
        assert len(exported["turns"]) == 2
        assert len(exported["notifications"]) >= 2
        assert "Zerlinde" in json.dumps(exported["tasks"])
        assert b"Zerlinde" in (tmp_path / "hark.ics").read_bytes()
        assert (tmp_path / "hark.json").stat().st_mode & 0o077 == 0

        code, printed = await hark(running, tmp_path, "erase", f"+{ADA}", "--yes", "--wait", "0")
        assert (code, "goes on" in printed) == (2, True), printed
        await finished(running, ada.user_id)
        code, printed = await hark(running, tmp_path, "erase", ada.user_id, "--yes")
        assert (code, json.loads(printed)["state"]) == (0, "STATE_FINISHED")

        code, ledger = await hark(running, tmp_path, "erasures")
        (tmp_path / "ledger").write_text(ledger)
        assert json.loads(ledger)["user_id"] == ada.user_id
        code, printed = await hark(running, tmp_path, "reapply", str(tmp_path / "ledger"))
        assert code == 0, printed
        await finished(running, ada.user_id)
