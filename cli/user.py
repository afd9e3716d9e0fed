"""`hark user`: what is kept of one person, and how they are forgotten."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="One person's data: export it, erase it.")

_WHO = Annotated[str, typer.Argument(help="Phone number in E.164, or a Hark user id.")]


def home() -> Path:
    """Where the embedded Postgres and the secrets are: HARK_HOME, or `.hark` here."""
    return Path(os.environ.get("HARK_HOME") or ".hark").resolve()


@app.command()
def export(
    who: _WHO,
    to: Annotated[Path, typer.Option(help="Folder for hark.json and hark.ics.")] = Path(),
) -> None:
    """Write everything that is kept of a person as JSON, and their calendar as iCalendar."""
    from cli.home import export as export_secrets
    from cli.people import export as run_export

    export_secrets(home())
    raise typer.Exit(run_export(who, to))


@app.command()
def erase(
    who: _WHO,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    wait: Annotated[float, typer.Option(help="Seconds to wait for the receipt.")] = 120.0,
) -> None:
    """Have all services forget a person; print the receipt."""
    from cli.home import export as export_secrets
    from cli.people import erase as run_erase

    export_secrets(home())
    if not yes:
        typer.confirm(
            "Everything that is kept of this person will be gone for good. Go on?", abort=True
        )
    raise typer.Exit(run_erase(who, wait=wait))


@app.command()
def erasures() -> None:
    """Print the ledger of erasures, one JSON object a line; keep it beside your backups."""
    from cli.home import export as export_secrets
    from cli.people import print_ledger

    export_secrets(home())
    raise typer.Exit(print_ledger())


@app.command()
def reapply(
    ledger: Annotated[Path, typer.Argument(help="What `hark user erasures` printed.")],
) -> None:
    """Erase again whom a restore has brought back."""
    from cli.home import export as export_secrets
    from cli.people import reapply as run_reapply

    export_secrets(home())
    raise typer.Exit(run_reapply(ledger))
