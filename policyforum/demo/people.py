"""The demo's city: its units, associations and people, brought in through the services."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from policyforum.accounts.models import Account
from policyforum.accounts.passwords import hash_password
from policyforum.accounts.services import AccountData, create_account
from policyforum.demo.content import table
from policyforum.organisation.acting import actor_for
from policyforum.organisation.actor import PROGRAM, Actor
from policyforum.organisation.models import Association, Unit
from policyforum.organisation.people import (
    GrantData,
    assign_unit,
    grant_role,
    join_association,
)
from policyforum.organisation.queries import the_agency
from policyforum.organisation.services import (
    AssociationData,
    UnitData,
    add_association,
    add_unit,
)


@dataclass(frozen=True, slots=True)
class City:
    """`accounts` and `entries` by the content's ids, `unit_ids` by code."""

    accounts: Mapping[str, Account]
    entries: Mapping[str, dict[str, Any]]
    unit_ids: Mapping[str, int]
    actors: dict[str, Actor] = field(default_factory=dict)
    """Those who acted already: in the story nobody's roles change but the guests' when seated."""

    def cast(self, person: str, at: datetime) -> Actor:
        """The person as they could act at that time."""
        if person not in self.actors:
            self.actors[person] = actor_for(self.accounts[person], at)
        return self.actors[person]

    def voters(self) -> tuple[str, ...]:
        """Those who press "support" or "object" in the story: staff."""
        return tuple(name for name, entry in self.entries.items() if entry["role"] == "staff")

    def seat_guests(self, policy: str, policy_id: int, at: datetime) -> None:
        """Give the guests invited to this policy their seat."""
        for name, entry in self.entries.items():
            if entry.get("policy") == policy:
                seat = GrantData(entry["role"], policy_id=policy_id)
                grant_role(self.accounts[name], PROGRAM, seat, at)


def settle(now: datetime) -> City:
    """Found the city as it stood at `now`: units, associations, people with their roles."""
    content = table("people.toml")
    agency = the_agency()
    agency.code, agency.name = content["agency"]["code"], content["agency"]["name"]
    units: dict[str, Unit] = {}
    for entry in content["unit"]:
        data = UnitData(entry["code"], entry["name"], entry.get("headcount"))
        units[entry["code"]] = add_unit(PROGRAM, data, units.get(entry.get("parent", "")), now)
    associations = {
        entry["code"]: add_association(
            PROGRAM, AssociationData(entry["code"], entry["name"], entry.get("members")), now
        )
        for entry in content["association"]
    }
    bring_in = _newcomer(content["password"], units, associations, now)
    entries = {entry["id"]: entry for entry in content["person"]}
    return City(
        accounts={name: bring_in(entry) for name, entry in entries.items()},
        entries=entries,
        unit_ids={code: unit.id for code, unit in units.items()},
    )


def email_of(person: str) -> str:
    return f"{person}@bandung.example"


def _newcomer(
    password: str,
    units: Mapping[str, Unit],
    associations: Mapping[str, Association],
    now: datetime,
) -> Callable[[dict[str, Any]], Account]:
    # All share one password, so it is hashed (slowly, as it has to be) only once.
    password_hash = hash_password(password)

    def bring_in(entry: dict[str, Any]) -> Account:
        data = AccountData(email_of(entry["id"]), entry["name"])
        account = create_account(PROGRAM.public_id, data, None, now)
        account.password_hash = password_hash
        unit = units.get(entry.get("unit", ""))
        association = associations.get(entry.get("association", ""))
        if unit is not None:
            assign_unit(account, PROGRAM, unit, entry["position"], now)
        if association is not None:
            join_association(account, PROGRAM, association, now)
        if "policy" not in entry:
            scope = unit if entry.get("scope") == "unit" else None
            grant_role(account, PROGRAM, GrantData(entry["role"], scope, association), now)
        return account

    return bring_in
