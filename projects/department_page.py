"""How a department takes part in the quarters, gathered in a fixed number of queries (Z21)."""

from datetime import date

from django.db.models import Count, OuterRef, Q, Subquery

from concerns.models import Concern, Routing
from concerns.workflow import OPEN_ROUTINGS
from districts.models import Department, District, User
from districts.roles import Perm
from projects.models import Attendance, Body, CoordinationTalk, Project, Session
from projects.querysets.bodies import in_force

SHOWN = 10


def departments_for(user: User, today: date):
    """Departments whose page a person may open: all for managers and the Sozialplanung, the own ones for their head."""
    if user.rights.can(Perm.EDIT_BODIES) or user.rights.can(Perm.EDIT_ALL_BODIES):
        return Department.objects.valid_on(today)
    return Department.objects.valid_on(today).filter(pk__in=user.rights.lead_department_ids)


def page_of(department: Department, user: User, *, today: date) -> dict:
    """Context of the page of a department, with what it did under former names."""
    ids = list(department.with_predecessor_ids())
    talks = CoordinationTalk.objects.visible_to(user).of_departments(ids).for_list()
    projects = Project.objects.visible_to(user).filter(pk__in=_partner_of(ids)).order_by("sort_key", "pk")
    return {
        "department": department,
        "tickets": _tickets(ids, user, today),
        "reads_concerns": user.rights.can(Perm.READ_CONCERNS),
        "bodies": list(_seats(ids, user, today)),
        "coming": list(_sessions(user).ahead(today).filter(body__in=_bodies_of(ids, today))[:SHOWN]),
        "attended": _attended(ids, user),
        "projects": list(projects.only("title", "status", "status_since")),
        "contacts": _contacts(ids),
        "talks": list(talks[:SHOWN]),
        "may_record": user.rights.can(Perm.EDIT_BODIES) or user.rights.can(Perm.EDIT_ALL_BODIES),
    }


def _tickets(ids: list[int], user: User, today: date) -> dict[str, int]:
    """How many tickets, as far as this person may know of them (appendix A)."""
    if user.rights.can(Perm.READ_CONCERNS):
        seen = Routing.objects.filter(concern__in=Concern.objects.visible_to(user).values("pk"))
    else:
        seen = Routing.objects.visible_to(user)
    late = Q(pk__in=Routing.objects.filter(department__in=ids).overdue(today).values("pk"))
    return seen.filter(department__in=ids).aggregate(
        waiting=Count("pk", filter=Q(status__in=OPEN_ROUTINGS)),
        late=Count("pk", filter=late),
        done=Count("pk", filter=Q(finished_at__isnull=False)),
    )


def _sessions(user: User):
    return Session.objects.visible_to(user).select_related("body")


def _bodies_of(ids: list[int], today: date):
    """Ids of the bodies that one of these departments belongs to."""
    return Body.objects.filter(in_force(today, "members__"), members__department__in=ids).values("pk")


def _seats(ids: list[int], user: User, today: date):
    return Body.objects.visible_to(user).active(today).filter(pk__in=_bodies_of(ids, today))


def _attended(ids: list[int], user: User) -> dict:
    """Sessions that took place while it had a seat: in how many it was, and the latest of them."""
    rows = Attendance.objects.filter(
        member__department__in=ids, session__in=Session.objects.visible_to(user).values("pk")
    )
    counts = rows.aggregate(
        noted=Count("session", distinct=True),
        present=Count("session", distinct=True, filter=Q(state=Attendance.State.PRESENT)),
    )
    state = rows.filter(session=OuterRef("pk")).order_by("-state").values("state")[:1]
    latest = _sessions(user).filter(pk__in=rows.values("session")).annotate(state=Subquery(state))
    words = dict(Attendance.State.choices)
    return counts | {"latest": [(one, words[one.state]) for one in latest.order_by("-on", "-pk")[:SHOWN]]}


def _partner_of(ids: list[int]):
    return Project.objects.filter(partners__department__in=ids).values("pk")


def _contacts(ids: list[int]) -> list[tuple[str, list]]:
    """Contact persons and desks by quarter; those for the whole city first."""
    model = Department._meta.get_field("contacts").related_model
    rows = model.objects.filter(department__in=ids).select_related("district").defer("district__boundary")
    found: dict[str, list] = {}
    for one in rows.order_by("district__sort_key", "name"):
        found.setdefault(_place(one.district), []).append(one)
    return sorted(found.items(), key=lambda pair: pair[0] != _place(None))


def _place(district: District | None) -> str:
    return district.name if district else "Für die ganze Stadt"
