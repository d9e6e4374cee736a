"""Roles, permissions and what a person may reach: the whole access model on one screen (requirements, appendix A)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from django.db import models


class Role(models.TextChoices):
    """What somebody is in the city's quarters; always given together with a scope and a validity (`Membership`)."""

    MANAGER = "manager", "Quartiersmanagement"
    ASSISTANT = "assistant", "Assistenz im Quartiersmanagement"
    DEPT_STAFF = "dept_staff", "Fachbereich: Sachbearbeitung"
    DEPT_LEAD = "dept_lead", "Fachbereich: Leitung"
    PLANNING = "planning", "Sozialplanung"
    ADMIN = "admin", "Administration"


DISTRICT_ROLES = frozenset({Role.MANAGER, Role.ASSISTANT})
DEPARTMENT_ROLES = frozenset({Role.DEPT_STAFF, Role.DEPT_LEAD})
OFFICE_ROLES = frozenset({Role.PLANNING, Role.ADMIN})  # city-wide, without a scope


class Perm(StrEnum):
    """One thing a role may do."""

    READ_CONCERNS = "read_concerns"  # every concern that is not sensitive, without reporters and team notes
    LOG_CONCERN = "log_concern"  # capture, edit, add reporters and photos (own districts)
    TRIAGE = "triage"  # decide, route, bundle, close (own districts)
    GIVE_FEEDBACK = "give_feedback"  # the feedback worklist (own districts)
    READ_REPORTERS = "read_reporters"  # all reporters of the own districts; without it only of the own intake
    ANSWER_ROUTINGS = "answer_routings"  # inbox and ticket of the own department
    LEAD_DEPARTMENT = "lead_department"  # assign everybody's tickets, sees escalations of the department
    COORDINATE = "coordinate"  # escalations, overrides, topics without rule (city-wide)
    EDIT_MASTER_DATA = "edit_master_data"  # topics, rules, departments, deadlines, text blocks
    MANAGE_USERS = "manage_users"  # people, roles, scopes, hand-over


GRANTS: dict[Role, frozenset[Perm]] = {
    Role.MANAGER: frozenset(
        {Perm.READ_CONCERNS, Perm.LOG_CONCERN, Perm.TRIAGE, Perm.GIVE_FEEDBACK, Perm.READ_REPORTERS}
    ),
    Role.ASSISTANT: frozenset({Perm.LOG_CONCERN, Perm.GIVE_FEEDBACK}),
    Role.DEPT_STAFF: frozenset({Perm.ANSWER_ROUTINGS}),
    Role.DEPT_LEAD: frozenset({Perm.ANSWER_ROUTINGS, Perm.LEAD_DEPARTMENT}),
    Role.PLANNING: frozenset({Perm.READ_CONCERNS, Perm.COORDINATE, Perm.EDIT_MASTER_DATA, Perm.MANAGE_USERS}),
    Role.ADMIN: frozenset({Perm.READ_CONCERNS, Perm.EDIT_MASTER_DATA, Perm.MANAGE_USERS}),
}


@dataclass(frozen=True)
class Rights:
    """What one person may do today, in which districts and departments (own memberships and those deputised for)."""

    perms: frozenset[Perm] = frozenset()
    district_scopes: Mapping[Perm, frozenset[int]] = field(default_factory=dict)
    department_ids: frozenset[int] = frozenset()  # with their predecessors: a renaming never orphans a ticket (I9)
    lead_department_ids: frozenset[int] = frozenset()
    stands_in_for: frozenset[int] = field(default_factory=frozenset)  # ids of people this person deputises for today

    def can(self, perm: Perm) -> bool:
        """Whether any role held today grants `perm` (the scope is the queryset's business)."""
        return perm in self.perms

    def districts(self, perm: Perm) -> frozenset[int]:
        """Ids of the districts in which a district role held today grants `perm`."""
        return self.district_scopes.get(perm, frozenset())

    @property
    def team_district_ids(self) -> frozenset[int]:
        """Ids of the districts whose team this person belongs to (as manager or assistant)."""
        return self.districts(Perm.LOG_CONCERN)
