"""The command `caspian`: it reads arguments, calls the library and prints.

Exit codes: 0 done; 1 something failed; 2 the input is wrong; 3 the graph breaks a shape; 4 a name
is unknown or ambiguous; 5 no sound graph is built; 6 the store failed; 130 interrupted.
"""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from kg import __version__
from kg.errors import CaspianError
from kg.resources import folder

__all__ = ["VERBS", "main", "parser"]

VERBS = (
    *(
        "build",
        "check",
        "lint",
        "ask",
        "route",
        "connect",
        "show",
        "conflicts",
        "origins",
        "timeline",
    ),
    *("export", "publish", "anchor", "compile", "generate", "doctor"),
)
"""The verbs, in the order `caspian --help` lists them; each is a module of this package."""


def parser() -> argparse.ArgumentParser:
    """The argument parser of the whole command."""
    top = argparse.ArgumentParser(
        prog="caspian",
        description="A knowledge graph in which nothing is a fact without a speaker.",
        epilog="Exit codes: 0 done, 1 failed, 2 wrong input, 3 a shape is broken, "
        "4 unknown or ambiguous name, 5 no sound graph, 6 the store failed.",
    )
    top.add_argument("--version", action="version", version=f"caspian {__version__}")
    top.add_argument(
        "--print-completion",
        action=_Completion,
        choices=("bash", "zsh", "tcsh"),
        help="print the completion script of a shell",
    )
    verbs = top.add_subparsers(dest="verb", metavar="VERB", required=True)
    for name in VERBS:
        module = import_module(f"kg.cli.{name}")
        verb = verbs.add_parser(name, help=module.HELP, description=module.__doc__)
        module.arguments(verb)
        verb.set_defaults(run=module.run)
    return top


class _Completion(argparse.Action):
    """Print the completion script of a shell, and end."""

    def __call__(
        self,
        parser: argparse.ArgumentParser,
        namespace: argparse.Namespace,
        values: object,
        option_string: str | None = None,
    ) -> None:
        del namespace, option_string
        import shtab  # noqa: PLC0415 -- a thirtieth of a second nobody else should pay

        names = " ".join(sorted(path.stem for path in folder("queries").glob("*.rq")))
        questions = f'_caspian_questions() {{ compgen -W "{names}" -- "$1"; }}'
        shell = str(values)
        preamble = questions if shell == "bash" else ""
        sys.stdout.write(shtab.complete(parser, shell, preamble=preamble) + "\n")
        parser.exit()


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and give its exit code; errors go to standard error in one line each."""
    options = parser().parse_args(arguments)
    try:
        code = int(options.run(options))
        sys.stdout.flush()  # here, where a full disk can still be told
    except CaspianError as error:
        sys.stderr.write(f"caspian: {error}\n")
        return error.exit_code
    except KeyboardInterrupt:
        sys.stderr.write("caspian: interrupted\n")
        return 130
    except BrokenPipeError:
        # the reader (head, less) has all it wants
        return _silenced(0)
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"caspian: {where}{error.strerror}\n")
        return _silenced(1) if error.errno == errno.ENOSPC else 1
    return code


def _silenced(code: int) -> int:
    """The code, with standard output led away, so that the interpreter does not complain again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code
