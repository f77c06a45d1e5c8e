"""Paths in networkx graphs of any size: a backend of networkx over arrays, compiled or not.

`network` shares a networkx graph, `from_arrays` reads one from arrays; networkx's own functions
then find paths in it by this backend, and the same functions here take filters and budgets too.
"""

__all__: list[str] = []
