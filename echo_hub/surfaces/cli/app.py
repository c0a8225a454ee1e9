"""The commands and what they share: the settings file, safe mode, and errors told in one sentence."""

from __future__ import annotations

import logging
import signal
from pathlib import Path
from typing import Annotated

import typer

from echo_core.connectors.errors import HubError
from echo_hub import __version__
from echo_hub.surfaces.cli import (
    access,
    alerts,
    candidates,
    connections,
    corrections,
    demo,
    doctor,
    erasure,
    events,
    feed,
    looks,
    mentoring,
    occupations,
    operations,
    plugins,
    policy,
    quarantine,
    receipts,
    rematch,
    requirements,
    schedule,
    serve,
    sessions,
    skills,
    tasks,
    tokens,
    upkeep,
    worker,
)
from echo_hub.surfaces.cli.log_lines import write_logs
from echo_hub.surfaces.cli.output import say
from echo_hub.surfaces.cli.state import Chosen
from echo_hub.surfaces.cli.stream import OutputLostError, neutral_output
from echo_hub.surfaces.messages.locales import choose_locale

log = logging.getLogger(__name__)
app = typer.Typer(
    name="echo-hub",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"echo-hub {__version__}")
        raise typer.Exit


@app.callback()
def options(
    context: typer.Context,
    config: Annotated[Path, typer.Option("--config", "-c", envvar="ECHO_HUB_CONFIG", help="The settings file.")] = Path(
        "echo-hub.toml"
    ),
    as_: Annotated[
        str | None, typer.Option("--as", metavar="PERSON", help="Act as this person; by default the operator acts.")
    ] = None,
    no_plugins: Annotated[bool, typer.Option("--no-plugins", help="Safe mode: load no plug-in.")] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Log what happens to standard error.")] = False,
    locale: Annotated[
        str | None,
        typer.Option("--locale", envvar="ECHO_HUB_LOCALE", help="Language of sentences about matches, such as en."),
    ] = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version.")
    ] = False,
) -> None:
    """One list of jobs, projects, mentors and learning from the systems a company already has."""
    del version
    write_logs(logging.INFO if verbose else logging.ERROR)
    if locale is not None:
        choose_locale(locale)
    context.obj = Chosen(config, no_plugins, as_, locale, verbose)


app.command()(demo.demo)
app.command()(serve.serve)
app.command()(worker.worker)
app.command()(operations.sync)
app.command()(operations.runs)
app.command("cancel-run")(operations.cancel_run)
app.command()(quarantine.quarantine)
app.command()(quarantine.replay)
app.command()(operations.health)
app.add_typer(operations.holds_app, name="holds")
app.command()(plugins.plugins)
app.add_typer(connections.app, name="connections")
app.add_typer(schedule.app, name="schedule")
app.add_typer(tasks.app, name="tasks")
app.add_typer(alerts.app, name="alerts")
app.add_typer(skills.app, name="skills")
app.add_typer(mentoring.app, name="mentoring")
app.add_typer(corrections.app, name="corrections")
app.add_typer(requirements.app, name="requirements")
app.add_typer(receipts.app, name="receipts")
app.add_typer(events.app, name="events")
app.add_typer(sessions.app, name="sessions")
app.add_typer(policy.app, name="policy")
app.add_typer(policy.matching_app, name="matching")
app.command()(access.access)
app.add_typer(tokens.app, name="tokens")
app.command()(looks.looks)
app.command()(feed.people)
app.command()(feed.match)
app.command()(feed.search)
app.command()(feed.explain)
app.command()(occupations.roles)
app.command()(candidates.candidates)
app.command()(rematch.rematch)
app.command()(erasure.erase)
app.command()(doctor.doctor)
app.command()(upkeep.backup)
app.command()(upkeep.restore)
app.command()(upkeep.upgrade)


def run(arguments: list[str]) -> int:
    """Runs one command; an expected failure is one sentence on standard error, never a trace."""
    try:
        with neutral_output():
            outcome = app(arguments, standalone_mode=False)
    except typer.Exit as leave:
        return int(leave.exit_code)
    except OutputLostError as lost:
        if isinstance(lost.reason, BrokenPipeError):
            return 128 + signal.SIGPIPE
        say(f"The output could not be written: {lost.reason.strerror}.")
        return 1
    except typer.Abort:
        say("Stopped.")
        return 130
    except KeyboardInterrupt:
        say("Stopped. What was stored stays; the next run goes on from there.")
        return 130
    except HubError as error:
        say(f"{error.message}\n[{error.error_code}] {error.detail}".rstrip())
        return 1
    except OSError as error:
        log.debug("refused by the system", exc_info=True)
        say(f"{error.strerror or error}{f': {error.filename}' if error.filename else ''}.")
        return 1
    except LookupError as error:
        from echo_hub.services.errors import RequestError
        from echo_hub.surfaces.messages.wording import refusal

        if not isinstance(error, RequestError):
            raise
        say(refusal(error))
        return 1
    except Exception as error:
        if hasattr(error, "format_message"):  # the command line itself was wrong: typer's usage errors
            say(f"{error.format_message()}\nSee echo-hub --help.")
            return 2
        raise
    return outcome if isinstance(outcome, int) else 0
