"""The report on a data graph: native where it can be, by the reference engine for the rest."""

from collections.abc import Callable, Collection, Iterable
from typing import TypeAlias

from kg.shacl.data import Data
from kg.shacl.engine import Engine, focus_nodes
from kg.shacl.errors import UnknownConstructError
from kg.shacl.report import Referral, Report, Result
from kg.shacl.shapes import Shapes

__all__ = ["Refer", "by_reference", "referred", "validate"]


Refer: TypeAlias = Callable[[Data, Shapes, Collection[Referral]], Iterable[Result]]
"""What gives the results of shapes that are not evaluated here."""


def validate(data: Data, shapes: Shapes, *, refer: Refer | None = None) -> Report:
    """What is wrong with the data by the shapes; the data says which class is below which.

    What is not evaluated here is handed to `refer`; to the reference engine without any.

    >>> from kg.shacl.shapes import read_shapes
    >>> validate(Data(), read_shapes([])).conforms
    True

    Raises InputError where the shapes are no SHACL.
    """
    engine = Engine(shapes, data)
    found: list[Result] = []
    referrals = [*shapes.referrals]
    for shape in shapes.targeted:
        try:
            found += [*engine.results(shape, focus_nodes(data, shape.targets))]
        except UnknownConstructError as error:
            referrals.append(Referral(shape.node, f"{error.node} {error.why}"))
    found += (refer or referred)(data, shapes, referrals)
    return Report.of(found, referrals)


def referred(data: Data, shapes: Shapes, referrals: Collection[Referral]) -> tuple[Result, ...]:
    """What the reference engine finds by the shapes referred to it."""
    if not referrals:
        return ()
    from kg.shacl.reference import results  # noqa: PLC0415 -- half a second

    return tuple(results(data, shapes, {referral.shape for referral in referrals}))


def by_reference(data: Data, shapes: Shapes) -> Report:
    """The same report, made by pySHACL alone."""
    from kg.shacl.reference import results  # noqa: PLC0415 -- half a second

    return Report.of(results(data, shapes))
