"""Representatives: whom they speak for is what their role names, as long as that is open."""

from __future__ import annotations

import pytest
from flask import Flask

from policyforum.db.session import transaction
from policyforum.drafting.services import start_policy
from policyforum.organisation.actor import PROGRAM
from policyforum.organisation.services import AssociationData, add_association
from policyforum.policies.services import PolicyData
from tests.api.program import Program, told
from tests.commenting.town import LAW, Town, now
from tests.people import Browser, make_person, make_token


@pytest.fixture
def admin(town: Town) -> Browser:
    return town.person("admin", "admin")


def found_association(app: Flask, name: str) -> str:
    """→ its public id."""
    with app.app_context(), transaction():
        return add_association(PROGRAM, AssociationData(name, name), now()).public_id


def another_policy(town: Town) -> str:
    """One more that is open for comments, and the town's from now on; → its slug."""
    with town.app.app_context(), transaction():
        data = PolicyData("Cuti Tahunan", "perwal", "public")
        town.slug = start_policy(town.actor("ratna"), data, LAW, now()).slug
    town.publish(None)
    town.open_round()
    return town.slug


def spoken_for(town: Town) -> list[str]:
    """The association beside each contribution, oldest first."""
    reader = Program(town.app, make_token(town.app, "ratna@kota.example"))
    threads = told(reader.get(f"/policies/{town.slug}/revisions/1/threads"))["items"]
    return [thread["comments"][0]["author"]["association"] for thread in threads]


def test_the_role_says_for_whom_and_a_closed_association_is_silent(
    town: Town, admin: Browser
) -> None:
    korpri = found_association(town.app, "KORPRI")
    pgri = found_association(town.app, "PGRI")
    path = f"/admin/people/{make_person(town.app, 'dadang@kota.example', 'staff')}"
    role = {"role": "representative", "scope": "", "association": korpri}
    admin.post(f"{path}/roles", role, page=path)
    admin.post(f"{path}/associations", {"association": pgri}, page=path)
    dadang = town.browser("dadang")
    town.contribute(dadang, None, "Atas nama organisasi.")
    admin.post(f"/admin/associations/{korpri}/close", page=f"/admin/associations/{korpri}")
    town.contribute(dadang, None, "Atas nama sendiri.")
    assert spoken_for(town) == ["KORPRI", ""]


@pytest.mark.parametrize("seat_comes", ["first", "last"])
def test_a_role_on_one_policy_speaks_on_that_alone(
    town: Town, admin: Browser, seat_comes: str
) -> None:
    korpri = found_association(town.app, "KORPRI")
    pgri = found_association(town.app, "PGRI")
    path = f"/admin/people/{make_person(town.app, 'dadang@kota.example', 'staff')}"
    here, elsewhere = town.slug, another_policy(town)
    with town.app.app_context():
        seat = f"policy:{town.policy().public_id}"
    roles = [(korpri, ""), (pgri, seat)]
    for association, scope in roles if seat_comes == "last" else reversed(roles):
        role = {"role": "representative", "scope": scope, "association": association}
        assert admin.post(f"{path}/roles", role, page=path).status_code == 303
    dadang = town.browser("dadang")
    for slug, association in ((here, "KORPRI"), (elsewhere, "PGRI")):
        town.slug = slug
        town.contribute(dadang, None, "Usul kami.")
        assert spoken_for(town) == [association]
