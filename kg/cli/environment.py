"""What the verbs take from the environment: who we are to an endpoint, and where its merge stands.

The names are those of the service's settings (docs/settings.md), so that one set serves both.
"""

import os
from typing import TYPE_CHECKING

from kg.errors import InputError, Problem

if TYPE_CHECKING:
    from kg.credentials import Credentials
    from kg.dialects import Merge

__all__ = ["NAMES", "colourless", "known", "merge"]

NAMES = ("AUTH", "USER", "PASSWORD", "TOKEN")


def known() -> "Credentials":
    """The credentials of CASPIAN_ENDPOINT_AUTH, _USER, _PASSWORD and _TOKEN; nobody without any."""
    from kg.credentials import credentials  # noqa: PLC0415 -- an HTTP client few verbs need

    way, user, password, token = (os.environ.get(f"CASPIAN_ENDPOINT_{name}", "") for name in NAMES)
    return credentials(way=way, user=user, password=password, token=token)


def merge() -> "Merge":
    """Where the merge of all graphs stands, as CASPIAN_ENDPOINT_MERGE says."""
    from kg.dialects import MERGES  # noqa: PLC0415 -- as above

    said = os.environ.get("CASPIAN_ENDPOINT_MERGE", "auto")
    for each in MERGES:
        if said == each:
            return each
    hint = f"it can be {', '.join(MERGES)}"
    raise InputError(Problem("CASPIAN_ENDPOINT_MERGE", 0, "", f"is “{said}”", hint))


def colourless() -> bool:
    """Whether NO_COLOR asks for no colours (https://no-color.org)."""
    return bool(os.environ.get("NO_COLOR"))
