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
    CARRIER = "carrier_staff", "Träger: Mitarbeit"
    PRESS = "press", "Presse: Freigabe"
    ADMIN = "admin", "Administration"


DISTRICT_ROLES = frozenset({Role.MANAGER, Role.ASSISTANT})
DEPARTMENT_ROLES = frozenset({Role.DEPT_STAFF, Role.DEPT_LEAD})
OFFICE_ROLES = frozenset({Role.PLANNING, Role.ADMIN})  # city-wide, without a scope
CARRIER_ROLES = frozenset({Role.CARRIER})  # of one actor, outside the administration
PRESS_ROLES = frozenset({Role.PRESS})  # city-wide too, but nothing else than what is handed in for approval


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
    READ_ACTORS = "read_actors"  # the directory of actors and networks, city-wide, without what is private
    EDIT_ACTORS = "edit_actors"  # actors and networks of the own districts and of the whole city
    EDIT_ALL_ACTORS = "edit_all_actors"  # every actor and network
    CONTACT_LOG = "contact_log"  # contact log and private data of contact persons (own districts)
    CONFIDENTIAL_LOG = "confidential_log"  # confidential entries of the contact log (own districts)
    READ_OFFERS = "read_offers"  # the directory of offers: what may be shown in public
    READ_ALL_OFFERS = "read_all_offers"  # also those that are not released, their money, rounds of checking
    READ_OFFICES = "read_offices"  # the inside pages of all offices: who works there, hours, equipment
    KEEP_HOURS = "keep_hours"  # opening hours of the offices that serve the own districts
    READ_POSTS = "read_posts"  # assignments, posts, terms and tasks of Quartiersmanagement, city-wide
    EDIT_POSTS = "edit_posts"  # change them, classify quarters
    READ_EVALUATION = "read_evaluation"  # figures of the loop, city-wide; drafts of evaluation reports
    EVALUATE = "evaluate"  # evaluation reports, department mirrors, indicators: make, import, release
    READ_BODIES = "read_bodies"  # bodies, sessions, minutes, follow-ups, coordination talks, city-wide
    EDIT_BODIES = "edit_bodies"  # bodies of the own districts and those somebody coordinates; records talks
    WRITE_MINUTES = "write_minutes"  # attendance, minutes, follow-ups of the same bodies
    EDIT_ALL_BODIES = "edit_all_bodies"  # every body, its minutes too
    SEE_INVITATIONS = "see_invitations"  # dates and agendas of bodies the own department or actor belongs to
    READ_OWN_BODIES = "read_own_bodies"  # approved minutes, open follow-ups of bodies the own actor belongs to
    READ_PLANS = "read_plans"  # action plans that were decided, with goals and measures
    CONTRIBUTE_TO_PLANS = "contribute_to_plans"  # drafts too; progress of measures and goals of the own districts
    EDIT_PLANS = "edit_plans"  # every plan, goal and measure, their colours
    READ_FUNDING = "read_funding"  # funding sources
    READ_FINANCE = "read_finance"  # what projects, measures and assignments are paid from
    WRITE_FINANCE = "write_finance"  # what the projects of the own districts are paid from
    EDIT_FUNDING = "edit_funding"  # every source, what everything is paid from
    READ_FUNDS = "read_funds"  # funds, their applications and money, city-wide
    DRAFT_APPLICATIONS = "draft_applications"  # enter and change drafts of applications (own districts)
    KEEP_FUNDS = "keep_funds"  # check, pay, settle: funds of the own districts
    EDIT_ALL_FUNDS = "edit_all_funds"  # every fund: rules, budgets, second check
    READ_PROJECTS = "read_projects"  # projects, events and phases of activation, city-wide
    EDIT_PROJECTS = "edit_projects"  # projects of the own districts and of the whole city
    EDIT_EVENTS = "edit_events"  # events of the own districts
    EDIT_ALL_PROJECTS = "edit_all_projects"  # every project and every event
    SEE_PARTNER_PROJECTS = "see_partner_projects"  # projects the own department is a partner of, and their events
    READ_PR = "read_pr"  # public relations: every item and clipping, city-wide
    DRAFT_PR = "draft_pr"  # ideas, drafts and clippings of the own districts and of the whole city
    EDIT_PR = "edit_pr"  # hand them in, publish, archive
    APPROVE_PR = "approve_pr"  # what others have handed in: read it, approve it or return it

    READ_NEEDS = "read_needs"  # the register of needs and the theme reports, city-wide, without anybody behind them
    EDIT_NEEDS = "edit_needs"  # needs of the own districts and drafts of theme reports about them
    DECIDE_NEEDS = "decide_needs"  # their status; sending reports of the own districts and closing them
    REPORT_ALL_NEEDS = "report_all_needs"  # theme reports about every district and about the whole city
    OWN_PROJECTS = "own_projects"  # projects the own actor leads or is a partner of, events it organises
    OWN_ACTOR = "own_actor"  # the own actor's entry and contact persons, without what is private
    OWN_OFFERS = "own_offers"  # what the own actor offers
    BOOK_ROOMS = "book_rooms"  # rooms of the own districts' offices, or of the shared offices the own actor belongs to
    READ_SHARES = "read_shares"  # every shared office and every room, without what others have booked them for
    SHARE_OFFICES = "share_offices"  # shared offices and rooms of the own districts: enter, change
    SHARE_ALL_OFFICES = "share_all_offices"  # every shared office


GRANTS: dict[Role, frozenset[Perm]] = {
    Role.MANAGER: frozenset(
        {
            *(Perm.READ_CONCERNS, Perm.LOG_CONCERN, Perm.TRIAGE, Perm.GIVE_FEEDBACK, Perm.READ_REPORTERS),
            *(Perm.READ_ACTORS, Perm.EDIT_ACTORS, Perm.CONTACT_LOG, Perm.CONFIDENTIAL_LOG),
            *(Perm.READ_OFFERS, Perm.READ_ALL_OFFERS, Perm.READ_OFFICES, Perm.KEEP_HOURS, Perm.READ_EVALUATION),
            *(Perm.READ_SHARES, Perm.SHARE_OFFICES, Perm.BOOK_ROOMS),
            *(Perm.READ_BODIES, Perm.EDIT_BODIES, Perm.WRITE_MINUTES),
            *(Perm.READ_PLANS, Perm.CONTRIBUTE_TO_PLANS, Perm.READ_FUNDING, Perm.READ_FINANCE, Perm.WRITE_FINANCE),
            *(Perm.READ_FUNDS, Perm.DRAFT_APPLICATIONS, Perm.KEEP_FUNDS),
            *(Perm.READ_PROJECTS, Perm.EDIT_PROJECTS, Perm.EDIT_EVENTS),
            *(Perm.READ_NEEDS, Perm.EDIT_NEEDS, Perm.DECIDE_NEEDS),
            *(Perm.READ_PR, Perm.DRAFT_PR, Perm.EDIT_PR),
            Perm.READ_POSTS,
        }
    ),
    Role.ASSISTANT: frozenset(
        {
            *(Perm.LOG_CONCERN, Perm.GIVE_FEEDBACK, Perm.READ_OFFERS, Perm.READ_ALL_OFFERS, Perm.READ_OFFICES),
            *(Perm.READ_ACTORS, Perm.EDIT_ACTORS, Perm.CONTACT_LOG, Perm.KEEP_HOURS),
            *(Perm.READ_SHARES, Perm.BOOK_ROOMS),
            *(Perm.READ_BODIES, Perm.WRITE_MINUTES),
            *(Perm.READ_PLANS, Perm.READ_FUNDING),
            *(Perm.READ_FUNDS, Perm.DRAFT_APPLICATIONS),
            *(Perm.READ_PROJECTS, Perm.EDIT_EVENTS),
            *(Perm.READ_NEEDS, Perm.EDIT_NEEDS),
            *(Perm.READ_PR, Perm.DRAFT_PR),
        }
    ),
    Role.DEPT_STAFF: frozenset(
        {
            *(Perm.READ_PLANS, Perm.READ_FUNDING),
            *(Perm.ANSWER_ROUTINGS, Perm.READ_OFFERS, Perm.READ_OFFICES, Perm.READ_ACTORS),
            *(Perm.SEE_INVITATIONS, Perm.SEE_PARTNER_PROJECTS),
        }
    ),
    Role.DEPT_LEAD: frozenset(
        {
            *(Perm.ANSWER_ROUTINGS, Perm.LEAD_DEPARTMENT, Perm.READ_OFFERS, Perm.READ_OFFICES, Perm.READ_ACTORS),
            *(Perm.READ_PLANS, Perm.READ_FUNDING),
            *(Perm.SEE_INVITATIONS, Perm.SEE_PARTNER_PROJECTS),
        }
    ),
    Role.PLANNING: frozenset(
        {
            *(Perm.READ_CONCERNS, Perm.COORDINATE, Perm.EDIT_MASTER_DATA, Perm.MANAGE_USERS),
            *(Perm.READ_ACTORS, Perm.EDIT_ALL_ACTORS, Perm.READ_OFFERS, Perm.READ_ALL_OFFERS, Perm.READ_OFFICES),
            *(Perm.READ_EVALUATION, Perm.EVALUATE),
            *(Perm.READ_POSTS, Perm.EDIT_POSTS),
            *(Perm.READ_SHARES, Perm.SHARE_ALL_OFFICES),
            *(Perm.READ_BODIES, Perm.EDIT_ALL_BODIES),
            *(Perm.READ_PLANS, Perm.EDIT_PLANS, Perm.READ_FUNDING, Perm.READ_FINANCE, Perm.EDIT_FUNDING),
            *(Perm.READ_FUNDS, Perm.EDIT_ALL_FUNDS),
            *(Perm.READ_PROJECTS, Perm.EDIT_ALL_PROJECTS),
            *(Perm.READ_NEEDS, Perm.REPORT_ALL_NEEDS),
            *(Perm.READ_PR, Perm.APPROVE_PR),
        }
    ),
    Role.PRESS: frozenset({Perm.APPROVE_PR}),
    Role.ADMIN: frozenset({Perm.READ_CONCERNS, Perm.EDIT_MASTER_DATA, Perm.MANAGE_USERS, Perm.READ_OFFICES}),
    Role.CARRIER: frozenset(
        {
            *(Perm.OWN_ACTOR, Perm.OWN_OFFERS, Perm.OWN_PROJECTS, Perm.BOOK_ROOMS),
            *(Perm.SEE_INVITATIONS, Perm.READ_OWN_BODIES),
        }
    ),
}


@dataclass(frozen=True)
class Rights:
    """What one person may do today, in which districts and departments (own memberships and those deputised for)."""

    perms: frozenset[Perm] = frozenset()
    district_scopes: Mapping[Perm, frozenset[int]] = field(default_factory=dict)
    department_ids: frozenset[int] = frozenset()  # with their predecessors: a renaming never orphans a ticket (I9)
    lead_department_ids: frozenset[int] = frozenset()
    actor_ids: frozenset[int] = frozenset()  # of carrier staff: the actors they work for
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
