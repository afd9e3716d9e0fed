"""`hark keys`: which keys seal what is kept, and how they are replaced."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(no_args_is_help=True, help="The keys that seal what is kept.")


def home() -> Path:
    """Where the embedded Postgres and the secrets are: HARK_HOME, or `.hark` here."""
    return Path(os.environ.get("HARK_HOME") or ".hark").resolve()


@app.command()
def status() -> None:
    """Tell how many values each key has sealed."""
    from cli.rotation import status as run_status

    raise typer.Exit(run_status(home()))


@app.command()
def new() -> None:
    """Print a new key, to be put before the others in HARK_KEYS."""
    from cli.rotation import fresh_key

    typer.echo(fresh_key())


@app.command()
def rewrap() -> None:
    """Seal again, with the newest key, what older ones sealed."""
    from cli.rotation import rewrap as run_rewrap

    raise typer.Exit(run_rewrap(home()))


@app.command()
def rotate(
    settle: Annotated[
        float, typer.Option(min=1.2, help="Seconds until nobody uses the old key any more.")
    ] = 30.0,
) -> None:
    """Replace the key while everything runs; run it again where it was interrupted."""
    from cli.rotation import rotate as run_rotate

    raise typer.Exit(run_rotate(home(), settle=settle))
