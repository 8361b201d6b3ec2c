"""Which unit a policy belongs to, and so whose leaders decide on it."""

from __future__ import annotations

from typing import Any

from flask import Flask

from policyforum.db.session import transaction
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.people import GrantData, PersonData, add_person
from policyforum.organisation.queries import unit_by_code
from tests.api.program import City, Program, in_days, made, refused, told
from tests.commenting.town import now
from tests.people import PASSWORD, make_token

NEW = {"title": "Jam Layanan", "kind": "pedoman", "visibility": "public", "source": "# Jam\n"}


def test_a_policy_belongs_where_its_drafter_works_unless_they_say_otherwise(
    app: Flask, city: City
) -> None:
    for code in ("BKPSDM", "DINKES"):
        city.unit(code)
    drafter = citywide_drafter_in(app, "BKPSDM")
    leader = city.program("kepala", "leader", unit="BKPSDM")
    mayor = city.program("wali", "leader")

    own = opened(drafter)
    assert own["unit"]["code"] == "BKPSDM"
    made(decide(leader, own))
    other = opened(drafter, unit="dinkes")
    assert other["unit"]["code"] == "DINKES"
    refused(decide(leader, other), 403)
    whole = opened(drafter, unit="")
    assert whole["unit"] is None
    refused(decide(leader, whole), 403)
    made(decide(mayor, whole))


def test_units_one_does_not_draft_for_are_refused(city: City) -> None:
    city.unit("BKPSDM")
    city.unit("DINKES")
    tia = city.program("tia", "drafter", unit="BKPSDM")
    assert opened(tia)["unit"]["code"] == "BKPSDM"
    for unit in ("DINKES", "TIDAK-ADA", ""):
        problem = refused(tia.post("/policies", {**NEW, "unit": unit}), 422)
        assert list(problem["errors"]) == ["unit"]
    ratna = city.program("ratna", "drafter")
    assert opened(ratna)["unit"] is None


def citywide_drafter_in(app: Flask, code: str) -> Program:
    """Somebody who works in a unit and drafts for the whole city."""
    with app.app_context(), transaction():
        unit = unit_by_code(code)
        data = PersonData(
            "rangga@kota.example", "Rangga", GrantData("drafter", None), unit, "", PASSWORD
        )
        add_person(PROGRAM, data, now())
    return Program(app, make_token(app, "rangga@kota.example"))


def opened(drafter: Program, **more: str) -> dict[str, Any]:
    """A policy with one revision, whose consultation is over."""
    policy: dict[str, Any] = made(drafter.post("/policies", {**NEW, **more}))
    publication = {"change_note": "Naskah pertama.", "draft_version": 1}
    made(drafter.post(f"/policies/{policy['slug']}/revisions", publication))
    consultation = {"opens_at": in_days(-1), "closes_at": in_days(6), "audience": "public"}
    made(drafter.post(f"/policies/{policy['slug']}/revisions/1/round", consultation))
    told(drafter.patch(f"/policies/{policy['slug']}/revisions/1/round", {"state": "closed"}))
    return policy


def decide(leader: Program, policy: dict[str, Any]) -> Any:
    decision = {"revision": 1, "outcome": "approved", "reason": ""}
    return leader.post(f"/policies/{policy['slug']}/decisions", decision)
