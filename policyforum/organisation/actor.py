"""Who is acting: a plain value that permissions are asked with."""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Grant:
    """A role in force now. `unit_path`, `policy_id`: None when not limited to one."""

    role: str
    unit_path: str | None = None
    policy_id: int | None = None

    @property
    def precision(self) -> tuple[bool, int]:
        """Greater for a scope that lies within another: one policy, then how far down a unit."""
        return self.policy_id is not None, len(self.unit_path or "")

    def covers(self, unit_path: str | None, policy_id: int | None) -> bool:
        """Whether the scope takes in a thing of that unit (its path) and that policy."""
        if self.policy_id is not None and self.policy_id != policy_id:
            return False
        if self.unit_path is not None:
            return unit_path is not None and unit_path.startswith(self.unit_path)
        return True


@dataclass(frozen=True, slots=True)
class SpokenFor:
    """An association that a role names, and the scope in which it is spoken for."""

    grant: Grant
    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Actor:
    """A person as permissions see them; the anonymous visitor has no account and no grants.

    `spoken_for`: by their roles, the newest first. They may belong to other associations as well.
    """

    account_id: int | None = None
    public_id: str = ""
    name: str = ""
    locale: str | None = None
    grants: frozenset[Grant] = frozenset()
    unit_id: int | None = None
    unit_name: str = ""
    unit_path: str | None = None
    spoken_for: tuple[SpokenFor, ...] = ()
    association_ids: tuple[int, ...] = ()
    association_names: tuple[str, ...] = ()

    @property
    def is_signed_in(self) -> bool:
        return self.account_id is not None

    @property
    def roles(self) -> frozenset[str]:
        return frozenset(grant.role for grant in self.grants)

    @property
    def fingerprint(self) -> str:
        """The same for the same person with the same rights, in every process."""
        return repr((replace(self, grants=frozenset()), sorted(map(repr, self.grants))))

    def has_role(self, *roles: str) -> bool:
        """Whether any of `roles` is held, in whatever scope."""
        return not self.roles.isdisjoint(roles)

    def holds(self, role: str, unit_path: str | None, policy_id: int | None) -> bool:
        """Whether `role` is held over a thing of that unit and that policy."""
        return any(g.role == role and g.covers(unit_path, policy_id) for g in self.grants)

    def speaks_for(self, unit_path: str | None, policy_id: int | None) -> SpokenFor | None:
        """The association they speak for on a thing of that unit and that policy, if any.

        Of several roles the one that says most precisely where it holds counts, then the newest.
        """
        covering = [one for one in self.spoken_for if one.grant.covers(unit_path, policy_id)]
        return max(covering, key=lambda one: one.grant.precision, default=None)


ANONYMOUS = Actor()

PROGRAM = Actor(name="policyforum", grants=frozenset({Grant("admin")}))
"""The program itself, at the hand of whoever runs its commands on the server."""
