"""Rows about assignments and posts for tests (see tests/make.py): made with the application's own actions."""

from decimal import Decimal
from itertools import count

from districts.actions import assignments as actions
from districts.actions import posts as post_actions
from districts.actions import structure as structure_actions
from districts.actions import tasks as task_actions
from districts.assigning import Status
from districts.models import Assignment, DistrictClassification, Post, Programme, Staffing, User
from districts.roles import Role
from tests import make

_numbers = count(1)


def planner() -> User:
    """Somebody of the Sozialplanung."""
    return User.objects.filter(memberships__role=Role.PLANNING).first() or make.user(role=Role.PLANNING)


def carrier(**fields):
    """An actor that can carry an assignment; a municipal one unless something else is named."""
    return make.actor(**{"carrier_type": "municipality", **fields})


def programme(**fields) -> Programme:
    return make.list_entry(Programme, **fields)


def assignment(*, districts=(), by: User | None = None, **fields) -> Assignment:
    """A running general assignment without an end; without districts for one of its own."""
    n = next(_numbers)
    known = {"name": f"Einsatz {n}", "type": "general", "status": Status.RUNNING}
    fields["carrier"] = fields.get("carrier") or carrier()
    here = districts or [make.district()]
    return actions.enter_assignment(by=by or planner(), districts=here, **{**known, **fields})


def post(*, assignment: Assignment | None = None, share: str | None = "1.00", by: User | None = None, **fields) -> Post:
    """A whole post without beginning and end."""
    known = {"name": f"Stelle {next(_numbers)}", "district": None, "valid_from": None, "valid_to": None}
    held = assignment or _assignment()
    given = Decimal(share) if share else None
    return post_actions.add_post(assignment=held, share=given, by=by or planner(), **{**known, **fields})


def staffing(*, post: Post | None = None, share: str | None = "1.00", by: User | None = None, **fields) -> Staffing:
    """Somebody who fills a post; without `person` or `name` a person of its own."""
    known = {"role": Staffing.Role.MANAGER, "person": None, "name": "", "valid_from": None, "valid_to": None, **fields}
    if not known["person"] and not known["name"]:
        known["person"] = make.user()
    given = Decimal(share) if share else None
    return post_actions.save_staffing(post=post or _post(), share=given, by=by or planner(), **known)


def classification(*, district, by: User | None = None, **fields) -> DistrictClassification:
    """A quarter with special challenges, ever since."""
    known = {"kind": "challenged", "basis": "Sozialentwicklungsplan", "valid_from": None, "valid_to": None}
    return structure_actions.save_classification(district=district, by=by or planner(), **{**known, **fields})


def agreement(*, assignment: Assignment, task: str = "TA01", by: User | None = None, **fields):
    """What was agreed on a task; nobody answers for it unless `parts` say so."""
    known = {"is_needed": True, "parts": [], "note": "", "agreed_on": None, "version": 0}
    return task_actions.agree_task(assignment=assignment, task=task, by=by or planner(), **{**known, **fields})


_assignment, _post = assignment, post
