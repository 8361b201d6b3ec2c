"""Forms of administration."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field
from wtforms.widgets import NumberInput

from policyforum.accounts.forms import LONGEST_EMAIL, EmailField
from policyforum.organisation.people import LONGEST_POSITION
from policyforum.organisation.queries import UnitNode
from policyforum.organisation.roles import ROLE_NAMES
from policyforum.organisation.services import (
    LARGEST_COUNT,
    LONGEST_CODE,
    LONGEST_NAME,
    AssociationData,
    UnitData,
)
from policyforum.web.forms import Form, LineField, MenuField, MomentField, WordsField, options

INDENT = "\u2003"
LONGEST_PASTE = 200_000


class CountField(Field):
    """How many; None when left empty."""

    widget = NumberInput(min=0, max=LARGEST_COUNT)

    def __init__(self, label: Any, **kwargs: Any) -> None:
        super().__init__(label, **kwargs)

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return "" if self.data is None else str(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        typed = str(valuelist[0]).strip() if valuelist else ""
        self.data = None
        if not typed:
            return
        if not typed.isdecimal() or len(typed) > len(str(LARGEST_COUNT)):
            raise ValueError(_("This number is not possible."))
        self.data = int(typed)


class UnitForm(Form):
    code = LineField(
        _l("Code"), longest=LONGEST_CODE, description=_l("Short and lasting, as in DINKES.")
    )
    name = LineField(_l("Name"), longest=LONGEST_NAME)
    headcount = CountField(_l("How many people work there"))
    parent = MenuField(_l("Lies under"), choices=[], validate_choice=False)

    def to_data(self) -> UnitData:
        return UnitData(self.code.data or "", self.name.data or "", self.headcount.data)


class PasteForm(Form):
    rows = WordsField(_l("Units"), longest=LONGEST_PASTE)


class AssociationForm(Form):
    code = LineField(
        _l("Code"), longest=LONGEST_CODE, description=_l("Short and lasting, as in KORPRI.")
    )
    name = LineField(_l("Name"), longest=LONGEST_NAME)
    member_count = CountField(_l("How many members it has"))

    def to_data(self) -> AssociationData:
        return AssociationData(self.code.data or "", self.name.data or "", self.member_count.data)


class DetailsForm(Form):
    name = LineField(_l("Name"), longest=LONGEST_NAME)
    email = EmailField(
        _l("E-mail address"), longest=LONGEST_EMAIL, render_kw={"autocomplete": "off"}
    )


class WorkplaceForm(Form):
    unit = MenuField(_l("Works in"), choices=[], validate_choice=False)
    position = LineField(_l("Position"), longest=LONGEST_POSITION, compulsory=False)


class JoinForm(Form):
    association = MenuField(
        _l("Association"), choices=[], validate_choice=False, id="join-association"
    )


class RoleForm(Form):
    """`scope`: "" the whole city, "unit:ID" or "policy:ID"."""

    role = MenuField(_l("Role"), choices=list(ROLE_NAMES.items()))
    scope = MenuField(_l("Holds for"), choices=[], validate_choice=False)
    association = MenuField(_l("Speaks for"), choices=[], validate_choice=False)
    ends_at = MomentField(_l("Until"), compulsory=False)


class PersonForm(Form):
    name = LineField(_l("Name"), longest=LONGEST_NAME)
    email = EmailField(
        _l("E-mail address"), longest=LONGEST_EMAIL, render_kw={"autocomplete": "off"}
    )
    unit = MenuField(_l("Works in"), choices=[], validate_choice=False)
    position = LineField(_l("Position"), longest=LONGEST_POSITION, compulsory=False)
    role = MenuField(_l("Role"), choices=list(ROLE_NAMES.items()), default="staff")
    scope = MenuField(_l("Holds for"), choices=[], validate_choice=False)
    association = MenuField(_l("Speaks for"), choices=[], validate_choice=False)


def unit_options(
    nodes: Iterable[UnitNode], none: Any, *, prefix: str = ""
) -> list[tuple[str, str]]:
    """Choices of a menu: `none` first, then the tree, deeper units further in."""
    return options(
        [
            ("", none),
            *(
                (prefix + node.unit.public_id, INDENT * node.depth + node.unit.name)
                for node in nodes
            ),
        ]
    )
