"""Where an engine answers otherwise than we do, and why.

The first table is what our engine does otherwise than SPARQL 1.1 says; docs/api.md tells of it. The
others are what Jena 4.5 and rdflib 7.6 do; all but one alone, so that the other bears us out.
"""

__all__ = ["DIFFERENCES", "OURS", "SLOW"]

_ZERO = "a path of no steps from a term the graph lacks ends there (§18.4); ours gives no row"

OURS = {
    "aggregates/GROUP_CONCAT of what is no string": "ours takes strings only: STR() helps",
    "datasets/FILTER on the graph": "inside GRAPH ?g the variable is not bound (§18.6); ours is",
    "functions/STR of a double": "ours keeps a number's value, not its spelling (kg/store.py)",
    "paths/an alternative of the same twice": "an alternative is a union (§18.4); ours is a set",
    "paths/none or more from what nobody speaks of": _ZERO,
    "paths/none or more between two of which nobody speaks": _ZERO,
}

_JENA = {
    "counts/FROM NAMED the same twice": "refuses to name a graph twice",
    "functions/truth of values": "takes the decimal 0.0 for true",
}

_PRODUCTS = "makes a decimal of two integers multiplied"
_TWICE = "gives the start of a circle twice"
_SLICED = "joins a subquery with what is bound outside before it is evaluated (§18.2.4.4)"

_RDFLIB = {
    "aggregates/COUNT of nothing by group has no rows": "has an empty row for no groups",
    "aggregates/SUM of what is no number is unbound": "fails",
    "aggregates/an aggregate of an expression": _PRODUCTS,
    "functions/division by a zero double is infinite": "has no infinity",
    "functions/ABS, CEIL, FLOOR and ROUND": "fails on a decimal",
    "functions/and, or, not with errors": "has no || and && with an error on the left",
    "functions/IN and NOT IN": "compares terms, not values",
    "functions/CONCAT and languages": "has no CONCAT of nothing",
    "functions/REGEX of a literal text": "has no flag q",
    "functions/REPLACE": "has no $0",
    "functions/casts of numbers": "cannot cast a decimal to an integer",
    "functions/strings with a language are others": "tells xsd:string from a plain literal",
    "functions/a long arithmetic expression": _PRODUCTS,
    "functions/large numbers": _PRODUCTS,
    "paths/none or more": _TWICE,
    "paths/none or more in each graph": _TWICE,
    "paths/a repeated sequence of none or one": _TWICE,
    "paths/a path with a bound end": _TWICE,
    "paths/anything but, backwards": "fails on a negated inverse path",
    "paths/anything but one, both ways": "fails on a negated inverse path",
    "patterns/EXISTS in an expression": "fails on EXISTS outside FILTER",
    "patterns/VALUES empty": "fails on VALUES without a row",
    "patterns/BIND": _PRODUCTS,
    "patterns/a subquery": _SLICED,
    "patterns/a subquery hides its variables": _SLICED,
    "patterns/a FILTER sees its group only": "evaluates a group with what is bound outside",
    "patterns/CONSTRUCT leaves out what is no triple": "keeps literals as subjects",
}

_BOTH = {
    "functions/SUBSTR from before the start": {
        "jena": "ends a string as early as it starts before its start",
        "rdflib": "counts from the end, as Python does",
    },
}

DIFFERENCES = {
    **{name: {"jena": reason, "rdflib": reason} for name, reason in OURS.items()},
    **{name: {"jena": reason} for name, reason in _JENA.items()},
    **{name: {"rdflib": reason} for name, reason in _RDFLIB.items()},
    **_BOTH,
}
"""Case by case, the reason by engine."""

SLOW = dict.fromkeys(
    (
        "questions/according-to-each-side",
        "questions/hardened-hedges",
        "questions/most-faithful-quotes",
        "questions/quotes-that-differ",
        "questions/said-by-two-sides",
        "questions/sanctions-and-advisories",
        "questions/what-iran-wants",
    ),
    "rdflib needs four seconds or more; Jena is compared",
)
