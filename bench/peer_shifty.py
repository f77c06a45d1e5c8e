"""Shifty (pyshifty): the report on an N-Triples file by a file of shapes, in its own venv."""

import sys

from shifty import _shifty

data, shapes = sys.argv[1:3]
validator = _shifty.PreparedValidator(shapes_path=shapes, shapes_format="turtle")
found = validator.validate_w3c(
    data_path=data, data_format="turtle", run_infer=False, graph_mode="data", sort_results=False
)
sys.stdout.write(found.report_turtle if hasattr(found, "report_turtle") else str(found))
