"""What /validate answers as JSON, field by field."""

from pydantic import BaseModel, ConfigDict, Field

from api.examples import example

__all__ = ["Broken", "Left", "Validation"]


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, from_attributes=True)


class Broken(_Model):
    """One way in which the data breaks a shape; terms are written as in N-Triples."""

    focus: str = Field(description="The thing that was looked at.")
    path: str = Field(description="From there to the value, as a path of SPARQL; may be empty.")
    value: str = Field(description="The value that breaks the shape; empty where none does.")
    shape: str = Field(description="The shape; a blank node where it has no name.")
    owner: str = Field(description="The named shape it is a part of, at any depth.")
    component: str = Field(description="The kind of constraint.")
    severity: str = Field(description="How bad it is.")
    message: str = Field(description="What is wrong.")
    hint: str = Field(description="What to do about it; empty where the shape does not say.")
    line: int | None = Field(description="Of a mapping, the line that says it, where one does.")


class Left(_Model):
    """A shape that the reference engine evaluated, pySHACL."""

    shape: str = Field(description="The shape.")
    why: str = Field(description="Why it went there.")


class Validation(_Model):
    """A report: whether the data conform, and where they do not."""

    # called when a schema is made
    model_config = ConfigDict(
        json_schema_extra=lambda schema: schema.update(examples=[example("validate")])
    )

    conforms: bool = Field(description="Whether nothing was found.")
    total: int = Field(description="How many results there are.")
    results: tuple[Broken, ...] = Field(description="The results, sorted.")
    referrals: tuple[Left, ...] = Field(description="What pySHACL evaluated, and why.")
