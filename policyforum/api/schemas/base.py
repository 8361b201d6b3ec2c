"""What the API's models are made of: strict coming in, plain going out."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    Strict,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from policyforum.db.base import LARGEST_NUMBER
from policyforum.web.clock import YEARS

Item = TypeVar("Item")

_NOT_BLANK = r"^[^\u0000]*[^\s\u0000][^\u0000]*$"
_RFC_3339 = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII
)


class In(BaseModel):
    """The body of a call. Members we do not know are ignored; types are never guessed."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Query(BaseModel):
    """The parameters after the question mark, which all arrive as text."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Out(BaseModel):
    """What a call answers."""

    model_config = ConfigDict(frozen=True, json_schema_serialization_defaults_required=True)


class Listed(Out, Generic[Item]):
    """A page of a list; `next` is the cursor of the page after it, null on the last."""

    items: list[Item]
    next: str | None


def _storable(text: str) -> str:
    if "\x00" in text:
        raise PydanticCustomError("nul", "contains a NUL character")
    if any("\ud800" <= character <= "\udfff" for character in text):
        raise PydanticCustomError("string_unicode", "contains a lone surrogate")
    return text


def _whole(sent: Any) -> Any:
    """JSON knows one kind of number: 1.0 is 1."""
    return int(sent) if isinstance(sent, float) and sent.is_integer() else sent


def _moment(sent: Any) -> datetime:
    if not isinstance(sent, str) or not _RFC_3339.fullmatch(sent):
        raise PydanticCustomError("moment", "not an RFC 3339 time with its zone")
    try:
        at = datetime.fromisoformat(sent.upper()).astimezone(UTC)
    except (ValueError, OverflowError):
        raise PydanticCustomError("moment", "not an RFC 3339 time with its zone") from None
    if at.year not in YEARS:
        raise PydanticCustomError("moment", "not an RFC 3339 time with its zone")
    return at


def rfc3339(at: datetime) -> str:
    """A moment in UTC, e.g. `2026-11-23T07:30:00Z`."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")


Text = Annotated[
    str,
    Strict(),
    AfterValidator(_storable),
    WithJsonSchema({"type": "string", "pattern": r"^[^\u0000]*$"}),
]
_Whole = Annotated[int, Strict(), BeforeValidator(_whole)]
Count = Annotated[_Whole, Field(ge=0, le=LARGEST_NUMBER)]
Ordinal = Annotated[_Whole, Field(ge=1, le=LARGEST_NUMBER)]
SentMoment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Moment = Annotated[datetime, PlainSerializer(rfc3339, return_type=str)]


def words(longest: int, description: str = "") -> Any:
    """A compulsory text; its length is checked where every door passes, so only told here."""
    hints: dict[str, Any] = {"minLength": 1, "maxLength": longest, "pattern": _NOT_BLANK}
    return Field(description=description or None, json_schema_extra=hints)


class Paging(Query):
    limit: int = Field(20, ge=1, le=100, description="How many items at most.")
    cursor: str = Field("", description="`next` of the page before.")
