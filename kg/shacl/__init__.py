"""SHACL: shapes read once, data validated by them as sets, one report whichever engine made it.

`read_shapes` gives the shapes of a shapes graph, `validate` the report on a data graph. What is not
evaluated here goes to pySHACL, and the report's `referrals` say which shapes did, and why.
"""

from kg.shacl.checker import Checker
from kg.shacl.data import Data
from kg.shacl.incremental import Incremental
from kg.shacl.report import Referral, Report, Result, as_turtle
from kg.shacl.shapes import Shapes, read_shapes
from kg.shacl.validating import by_reference, referred, validate

__all__ = [
    "Checker",
    "Data",
    "Incremental",
    "Referral",
    "Report",
    "Result",
    "Shapes",
    "as_turtle",
    "by_reference",
    "read_shapes",
    "referred",
    "validate",
]
