"""The command `caspian-api`: it opens the graph and serves it.

Exit codes are those of `caspian`: 0 done, 1 failed, 2 a setting is wrong, 5 no sound graph.
"""

import argparse
import sys
from collections.abc import Sequence
from contextlib import closing
from io import TextIOWrapper
from pathlib import Path

from kg import __version__
from kg.errors import CaspianError

__all__ = ["main", "parser"]


def parser() -> argparse.ArgumentParser:
    """The argument parser; an argument wins over the environment variable of its name."""
    command = argparse.ArgumentParser(
        prog="caspian-api",
        description="Serve the graph: SPARQL, routes with evidence, stored questions.",
        epilog="Each setting can be given as an environment variable too, such as CASPIAN_PORT; "
        "docs/settings.md has them all.",
        argument_default=argparse.SUPPRESS,
    )
    command.add_argument("--version", action="version", version=f"caspian-api {__version__}")
    command.add_argument("--host", metavar="ADDRESS", help="address to listen on")
    command.add_argument("--port", type=int, metavar="PORT", help="port to listen on")
    command.add_argument("--data", type=Path, metavar="DIR", help="folder of the built graph")
    what = "ask this SPARQL 1.1 endpoint instead of a graph built here"
    command.add_argument("--endpoint", metavar="URL", help=what)
    what = "processes that answer questions; 0 is two for each processor"
    command.add_argument("--workers", type=int, metavar="N", help=what)
    what = "what goes to the log, such as warning"
    command.add_argument("--log-level", metavar="LEVEL", help=what)
    what = "print the settings in force, the limits and what confines the workers; serve nothing"
    command.add_argument("--settings", action="store_true", help=what)
    _completion(command)
    return command


def _completion(command: argparse.ArgumentParser) -> None:
    import shtab  # noqa: PLC0415 -- kept beside its only use

    shtab.add_argument_to(command, "--print-completion", help="print the completion of a shell")


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until stopped, and give the exit code; errors go to standard error."""
    options = vars(parser().parse_args(arguments))
    from pydantic import ValidationError  # noqa: PLC0415 -- `caspian-api --help` serves nothing

    try:
        return _serve(options)
    except ValidationError as error:
        for each in error.errors():
            name = f"CASPIAN_{str(each['loc'][0]).upper()}"
            sys.stderr.write(f"caspian-api: {name}: {each['msg']}\n")
        return 2
    except CaspianError as error:
        sys.stderr.write(f"caspian-api: {error}\n")
        return getattr(error, "code", error.exit_code)
    except OSError as error:
        sys.stderr.write(f"caspian-api: {error.filename}: {error.strerror}\n")
        return 1


def _serve(options: dict[str, object]) -> int:
    from api.app import assemble  # noqa: PLC0415 -- as above
    from api.crew import Crew  # noqa: PLC0415 -- as above
    from api.pool import Pool  # noqa: PLC0415 -- as above
    from api.server import serve  # noqa: PLC0415 -- as above
    from api.settings import Settings  # noqa: PLC0415 -- as above

    given = {name: value for name, value in options.items() if name in Settings.model_fields}
    settings = Settings.model_validate(given)
    if "settings" in options:
        from api.report import report  # noqa: PLC0415 -- as above

        sys.stdout.writelines(line + "\n" for line in report(settings))
        return 0
    log = sys.stdout if settings.access_log else None
    if isinstance(log, TextIOWrapper):
        log.reconfigure(line_buffering=True)  # or a file gets it late
    with closing(Crew(settings)) as crew:
        return 0 if serve(assemble(settings, Pool(settings, crew), log), settings) else 1
