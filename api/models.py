"""What the service sends as JSON, field by field; the reference page is made from this."""

from pydantic import BaseModel, ConfigDict, Field

from api.examples import example

__all__ = [
    "DefaultGraph",
    "GraphEntry",
    "GraphList",
    "Health",
    "InvalidParameter",
    "Mistake",
    "Problem",
    "Readiness",
    "StoredQuestion",
]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class StoredQuestion(_Model):
    """A question that comes with the graph."""

    name: str = Field(description="Its name; /queries/ and the name answers it.")
    question: str = Field(description="The question in English.")
    sparql: str = Field(description="The query that answers it.")


class DefaultGraph(_Model):
    """The default graph: the merge of all graphs, each triple once."""

    triples: int = Field(description="How many triples it holds.")
    url: str = Field(description="Where it is to be had.")


class GraphEntry(_Model):
    """A named graph."""

    graph: str = Field(description="Its IRI.")
    label: str = Field(description="What it is called, where it has a name.")
    triples: int = Field(description="How many triples it holds.")
    url: str = Field(description="Where it is to be had.")


class GraphList(_Model):
    """The graphs there are, and how large they are."""

    default: DefaultGraph = Field(description="The default graph.")
    graphs: tuple[GraphEntry, ...] = Field(description="The named graphs, by IRI.")


class Health(_Model):
    """That the service is alive, and which graph it serves."""

    status: str = Field(description="`ok`.", examples=["ok"])
    version: str = Field(description="Version of Caspian.")
    snapshot: str | None = Field(description="Name of the built graph; null for one elsewhere.")
    quads: int | None = Field(description="Statements in it, over all its named graphs.")


class Readiness(_Model):
    """That questions are answered, and how busy those are who answer them."""

    status: str = Field(description="`ready`.", examples=["ready"])
    store: str = Field(description="Where the graph is: `memory`, `disk`, `remote` or `threads`.")
    busy: int = Field(description="Workers at work.")
    waiting: int = Field(description="Questions that wait for a worker.")


class InvalidParameter(_Model):
    """A parameter that is missing or wrong."""

    where: str = Field(description="Where it is, such as `query.from`.")
    message: str = Field(description="What is wrong with it.")


class Mistake(_Model):
    """Something wrong in what was sent."""

    file: str = Field(description="Which of what was sent: `data` or `shapes`.")
    line: int = Field(description="Its line; 0 where it is not known.")
    key: str = Field(description="Of a mapping, the key.")
    message: str = Field(description="What is wrong.")
    hint: str = Field(description="What to do about it; empty where there is nothing to say.")


class Problem(_Model):
    """What went wrong (RFC 9457)."""

    # called when a schema is made, as above
    model_config = ConfigDict(json_schema_extra=lambda schema: _exemplify(schema, "problem"))

    type: str = Field(description="A URI that names the kind of problem.")
    title: str = Field(description="The kind of problem in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What is wrong this time, and what to do about it.")
    near: tuple[str, ...] | None = Field(None, description="Names nearest to an unknown one.")
    candidates: tuple[str, ...] | None = Field(None, description="What an ambiguous name may be.")
    offered: tuple[str, ...] | None = Field(None, description="Media types that are served.")
    supported: tuple[str, ...] | None = Field(None, description="Media types that are read.")
    limit: float | None = Field(None, description="The limit that was passed.")
    errors: tuple[InvalidParameter, ...] | None = Field(None, description="Each wrong parameter.")
    problems: tuple[Mistake, ...] | None = Field(
        None, description="What is wrong in what was to be validated, the first hundred."
    )


def _exemplify(schema: dict[str, object], name: str) -> None:
    schema["examples"] = [example(name)]
