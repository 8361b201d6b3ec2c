"""Who may change units, associations, people and roles: administrators, within their scope."""

from __future__ import annotations

from collections.abc import Iterable

from policyforum.organisation.actor import Actor


def may_administer(actor: Actor, unit_path: str | None) -> bool:
    """Change a unit (its path) and what lies under it; None: the whole city."""
    return actor.holds("admin", unit_path, None)


def may_manage(actor: Actor, scopes: Iterable[str | None]) -> bool:
    """Change a person who works in, and holds roles over, these units (paths; None: the city).

    All of them must lie within the administrator's own scope, else somebody with a narrow scope
    could take over an account with a wide one.
    """
    return all(may_administer(actor, scope) for scope in scopes)


def admin_scopes(actor: Actor) -> tuple[str, ...] | None:
    """Paths of the units whose subtrees the actor administers; None: the whole city."""
    if may_administer(actor, None):
        return None
    paths = {g.unit_path for g in actor.grants if g.role == "admin" and g.policy_id is None}
    return tuple(sorted(path for path in paths if path is not None))
