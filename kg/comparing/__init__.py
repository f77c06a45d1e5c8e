"""Holding the claims of one thing against each other: one module a family of rules.

Each takes a Group and gives what it Found; none looks at all pairs of claims. Equal values are
grouped first, a value is represented once for each article and origin, and where there are many
distinct values each is held against its neighbours in order.
"""

from kg.comparing.group import Context, Found, Group
from kg.comparing.manner import found as found_in_manner
from kg.comparing.numbers import found as found_in_numbers
from kg.comparing.roles import found as found_in_roles
from kg.comparing.statuses import found as found_in_statuses
from kg.comparing.things import found as found_in_things
from kg.comparing.words import found as found_in_words

__all__ = ["FAMILIES", "Context", "Found", "Group"]

FAMILIES = (
    found_in_numbers,
    found_in_things,
    found_in_roles,
    found_in_statuses,
    found_in_manner,
    found_in_words,
)
"""Every family of rules."""
