"""What the reader of shapes raises where the reference has to look at a shape."""

__all__ = ["UnknownConstructError"]


class UnknownConstructError(Exception):
    """A construct that is not evaluated here, or is no SHACL: the reference tells which."""

    def __init__(self, node: str, why: str) -> None:
        self.node, self.why = node, why
        super().__init__(f"{node}: {why}")
