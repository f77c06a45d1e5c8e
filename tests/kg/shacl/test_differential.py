"""Generated shapes and data: our report and pySHACL's are the same, result for result.

CASPIAN_SHACL_PAIRS says how many pairs; a thousand take two minutes.
"""

import os

from kg.shacl import Data, by_reference, read_shapes, validate
from tests.kg.shacl.generated import pair

PAIRS = int(os.environ.get("CASPIAN_SHACL_PAIRS", "150"))
KINDS = 28
"""How many kinds of constraints the pairs break at least."""


def test_generated_shapes_and_data_get_the_report_of_the_reference() -> None:
    broken: set[str] = set()
    for number in range(PAIRS):
        shapes, data = pair(number).triples()
        rules, held = read_shapes(shapes), Data(data)
        assert rules.referrals == ()
        report = validate(held, rules)
        assert report == by_reference(held, rules), f"pair {number}"
        broken |= {result.component for result in report.results}

    assert len(broken) >= KINDS
