"""The `hark` command and its parts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from cli import home as secrets
from cli.keys import app as keys
from cli.understand import understand
from cli.user import app as user

app = typer.Typer(
    name="hark",
    help="Hark: an assistant for WhatsApp that keeps events, tasks and reminders.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_show_locals=False,
)
app.command()(understand)
app.add_typer(keys, name="keys")
app.add_typer(user, name="user")


def home() -> Path:
    """Where the embedded Postgres and the secrets are: HARK_HOME, or `.hark` here."""
    return Path(os.environ.get("HARK_HOME") or ".hark").resolve()


@app.command()
def up() -> None:
    """Run everything on this machine until Ctrl-C; the simulator too, without credentials."""
    from cli.up import up as run_up

    raise typer.Exit(run_up(home()))


@app.command()
def migrate(
    revision: Annotated[
        str, typer.Option(help="Write a new migration with this message instead.")
    ] = "",
) -> None:
    """Bring the database to the newest schema."""
    from cli.migrate import migrate as run_migrate

    typer.echo(run_migrate(home(), revision=revision))


@app.command()
def say(
    text: Annotated[str, typer.Argument(help="What the person writes.")],
    person: Annotated[str, typer.Option("--as", help="Who says it.")] = "+15550100001",
    wait: Annotated[float, typer.Option(help="Seconds to wait for an answer.")] = 10.0,
    listen: Annotated[
        float, typer.Option(help="Seconds to go on listening, e.g. for a reminder.")
    ] = 0.0,
) -> None:
    """Speak to Hark as a person with a simulated phone, and hear the answer."""
    from cli.say import say as run_say

    raise typer.Exit(run_say(text, person=person, wait=wait, listen=listen))


@app.command()
def send(
    text: Annotated[str, typer.Argument(help="What to tell them.")],
    to: Annotated[str, typer.Option(help="Phone number in E.164, or a Hark user id.")],
) -> None:
    """Send a notification through the notifier, as the operator."""
    from cli.operator import send as run_send

    secrets.export(home())
    raise typer.Exit(run_send(text, to=to))


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Check this deployment: settings, database, services, the number at Meta, the model."""
    from cli.doctor.examine import doctor as run_doctor

    raise typer.Exit(run_doctor(home(), as_json=as_json))


@app.command()
def trace(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="ID", help="A message's id (m_…), or a notification's or request's."
        ),
    ],
) -> None:
    """Tell every step a message took through the services, or where it died and why."""
    from cli.trace import trace as run_trace

    secrets.export(home())
    raise typer.Exit(run_trace(wanted))


@app.command()
def console() -> None:
    """Serve the operators' page: how it is doing, where a message is, what died."""
    from cli.console import console as run_console

    raise typer.Exit(run_console())


deadletters = typer.Typer(no_args_is_help=True, help="What was given up, and how to try it again.")
app.add_typer(deadletters, name="deadletters")


@deadletters.command("list")
def deadletters_list() -> None:
    """List the parts of webhooks that were buried, and the notifications that died."""
    from cli.operator import list_deadletters

    secrets.export(home())
    raise typer.Exit(list_deadletters())


@deadletters.command("redrive")
def deadletters_redrive(
    ids: Annotated[list[str], typer.Argument(help="Ids that `list` shows, of parts or others.")],
) -> None:
    """Open buried parts of webhooks again, and send notifications once more."""
    from cli.operator import redrive

    secrets.export(home())
    raise typer.Exit(redrive(ids))


templates = typer.Typer(no_args_is_help=True, help="The templates that WhatsApp has to approve.")
app.add_typer(templates, name="templates")


@templates.command("lint")
def templates_lint() -> None:
    """Check them against Meta's rules, without asking anybody."""
    from cli.templates import lint

    raise typer.Exit(lint())


@templates.command("push")
def templates_push() -> None:
    """Create those that the account does not have yet."""
    from cli.templates import push

    secrets.export(home())
    raise typer.Exit(push())


@templates.command("status")
def templates_status() -> None:
    """Tell how each one stands."""
    from cli.templates import status

    secrets.export(home())
    raise typer.Exit(status())
