"""What the benchmark asks for: every measured address, by topic, and who asks. Needs Django to be set up."""

import base64
import json
import statistics
from dataclasses import dataclass, field
from datetime import timedelta
from urllib.parse import quote

from django.db.models import Count
from django.urls import reverse
from django.utils import timezone

from bench.bodies import NAME as BODY
from bench.city import MANAGER, PLANNER, STAFF
from bench.directory import RARE_NAME
from bench.needs import RARE_NEED
from bench.offers import RARE_TITLE
from bench.projects import RARE_TITLE as RARE_PROJECT
from bench.rows import YEARS
from bench.texts import FREQUENT, MEDIUM, RARE
from concerns.models import Concern, Routing, Topic
from districts.models import ActionField, Actor, District, Offer, TargetGroup, User
from projects.models import ActionPlan, Body, Fund, FundApplication, FundingSource, Need, Project, Session

LIMIT, EVALUATION_LIMIT = 12, 40
EMPTY = "/bench/leer/"
_ROWS = (
    "SELECT c.*, t.name, d.short_name, u.name FROM concerns_concern c JOIN concerns_topic t ON t.id = c.topic_id"
    " LEFT JOIN districts_district d ON d.id = c.district_id LEFT JOIN districts_user u ON u.id = c.owner_id"
)
_CHANGED = "UPDATE districts_offer SET times = times WHERE id = (SELECT max(id) / 2 FROM districts_offer)"
_NEWEST = " ORDER BY c.received_on DESC, c.id DESC LIMIT 51"


@dataclass
class Page:
    """One measured address, who asks for it, and the SQL that gives the same answer."""

    name: str
    path: str
    who: str = MANAGER
    sql: str = ""
    before: str = ""  # SQL that is run before each request and not measured: what a colleague has just changed
    limit: int | None = LIMIT  # times the empty page; None for comparisons
    times: list[float] = field(default_factory=list)
    sql_times: list[float] = field(default_factory=list)
    processor_times: list[float] = field(default_factory=list)
    queries: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def processor(self) -> float:
        return statistics.median(self.processor_times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95) - 1]


def pages() -> list[Page]:
    """What is measured; what is counted live and the comparisons with Django's admin have no limit."""
    return [
        *_loop_pages(),
        *_directory_pages(),
        *_offer_pages(),
        *_project_pages(),
        *_plan_pages(),
        *_fund_pages(),
        *_district_pages(),
        *_evaluation_pages(),
        *_need_pages(),
        *_body_pages(),
    ]


def _body_pages() -> list[Page]:
    """40 bodies with 2,000 sessions, 5,000 follow-ups: lists, one of each, agendas and minutes of thirty items."""
    district = min(User.objects.get(email=MANAGER).rights.team_district_ids)
    body = Body.objects.filter(name__startswith=BODY, districts=district).order_by("pk")[0]
    sessions = Session.objects.filter(body=body).order_by("on")
    held, follow_ups = sessions.filter(status="held").last(), reverse("projects:follow_ups")
    return [
        Page("Bodies", reverse("projects:bodies")),
        Page("Bodies, a district", f"{reverse('projects:bodies')}?district={district}"),
        Page("A body", body.get_absolute_url()),
        Page("Sessions of a body", reverse("projects:body_sessions", args=[body.pk])),
        Page("Sessions of a body, calendar file", reverse("projects:body_calendar", args=[body.pk])),
        Page("A session to come", sessions.filter(status="invited").first().get_absolute_url()),
        Page("A session held, 30 items", held.get_absolute_url()),
        Page("A session, minutes approved", sessions.filter(status="approved").last().get_absolute_url()),
        Page("Session: minutes of 30 items", reverse("projects:minutes", args=[held.pk])),
        Page("Session: attendance", reverse("projects:attendance", args=[held.pk])),
        Page("Follow-ups of bodies", follow_ups),
        Page("Follow-ups of bodies, due", f"{follow_ups}?zeigen=faellig"),
        Page("Follow-ups of bodies, settled", f"{follow_ups}?zeigen=erledigt"),
    ]


def _need_pages() -> list[Page]:
    """2,000 needs with live counts, 400 theme reports: lists, search, one need, a department's inbox."""
    here, manager = reverse("projects:needs"), User.objects.get(email=MANAGER)
    district = min(manager.rights.team_district_ids)
    need = Need.objects.filter(districts=district, links__isnull=False).first()
    return [
        Page("Needs, first page", here),
        Page("Needs, planning", here, PLANNER),
        Page("Needs, a district, all states", f"{here}?district={district}&status=any"),
        Page("Needs, search: rare word", f"{here}?q={quote(RARE_NEED)}"),
        Page("Needs, to be confirmed", f"{here}?confirm=on"),
        Page("Need", need.get_absolute_url()),
        Page("Theme reports", reverse("projects:theme_reports")),
        Page("Theme reports, pressing", f"{reverse('projects:theme_reports')}?status=faellig"),
        Page("Theme reports of a department", reverse("projects:theme_tickets"), STAFF),
    ]


def _district_pages() -> list[Page]:
    """The page of a district for its manager and the Sozialplanung, the list of all, what hangs on a person."""
    manager = User.objects.get(email=MANAGER)
    district = District.objects.get(pk=min(manager.rights.team_district_ids))
    return [
        Page("Districts", reverse("reports:district_pages")),
        Page("Districts, planning", reverse("reports:district_pages"), PLANNER),
        Page("District", district.get_absolute_url()),
        Page("District, planning", district.get_absolute_url(), PLANNER),
        Page("Hand-over of a manager", reverse("concerns:handover", args=[manager.pk])),
    ]


def _evaluation_pages() -> list[Page]:
    """The evaluation of the whole city and of a district from kept sums; topics and departments are counted live."""
    here, today = reverse("reports:evaluation"), timezone.localdate()
    year = today.year
    district = min(User.objects.get(email=MANAGER).rights.team_district_ids)
    department = min(User.objects.get(email=STAFF).rights.department_ids)
    topic = Topic.objects.filter(parent__isnull=False, is_sensitive=False).earliest("pk").pk
    last = f"span=year&year={year - 1}&compare=none"
    decade = f"span=free&since={year - YEARS}-01-01&until={today}&compare=none"
    kept = {
        "last year": last,
        "five years ago, compared with the year before": f"span=year&year={year - 5}",
        "this year until today": f"span=year&year={year}&compare=none",
        "this year, compared with the same days of last year": f"span=year&year={year}",
        "all years": decade,
        "a district, all years": f"{decade}&district={district}",
        "odd days at both ends": f"span=free&since={year - 4}-02-10&until={year - 3}-11-20&compare=none",
    }
    live = {
        "the most frequent topic, last year": f"{last}&topic={topic}",
        "a department, last year": f"{last}&department={department}",
    }
    file = reverse("reports:evaluation_csv", args=["bodies_each"])
    return [
        Page("Evaluation, bodies as a file, last year", f"{file}?{last}", PLANNER, limit=EVALUATION_LIMIT),
        *(
            Page(f"Evaluation, {name}", f"{here}?{query}", PLANNER, limit=EVALUATION_LIMIT)
            for name, query in kept.items()
        ),
        *(
            Page(f"Evaluation, counted live: {name}", f"{here}?{query}", PLANNER, limit=None)
            for name, query in live.items()
        ),
    ]


def _directory_pages() -> list[Page]:
    """The directory of 20,000 actors: list, search while typing, filters, one actor, gaps, the team's log."""
    here, manager = reverse("districts:actors"), User.objects.get(email=MANAGER)
    district = min(manager.rights.team_district_ids)
    actors = Actor.objects.filter(districts=district)
    deep = Actor.objects.order_by("sort_key", "pk")[15_000]
    position = base64.urlsafe_b64encode(json.dumps([deep.sort_key, deep.pk]).encode()).decode().rstrip("=")
    busiest = actors.annotate(ties=Count("network_memberships") + Count("relations_out")).order_by("-ties", "pk")[0]
    field, group = ActionField.objects.first().pk, TargetGroup.objects.first().pk
    typed = {
        "rare word": RARE_NAME,
        "part of words": "platz",
        "two words": "treff garten",
        "typing error": "Ziterpapel",
    }
    return [
        Page("Directory, first page", here),
        Page("Directory, planning", here, PLANNER),
        Page("Directory, 15,000 actors on", f"{here}?nach={position}"),
        *(Page(f"Directory, search: {name}", f"{here}?q={quote(text)}") for name, text in typed.items()),
        Page(
            "Directory, district + field + group + language",
            f"{here}?district={district}&field={field}&group={group}&language=tr",
        ),
        Page("Directory, not checked for a year", f"{here}?unverified=on"),
        Page("Directory, names while typing", f"{reverse('districts:actor_options')}?feld=target&target=platz"),
        Page("Directory, similar names", f"{reverse('districts:actor_alike')}?name=Treff+Ziterpapel"),
        Page("Actor", reverse("districts:actor", args=[busiest.pk])),
        Page("Networks", reverse("districts:networks")),
        Page("Gaps, whole city", reverse("districts:gaps")),
        Page("Gaps, a district", f"{reverse('districts:gaps')}?quartier={district}"),
        Page("Contact log", reverse("districts:contact_log")),
        Page("Contact log, follow-ups due", f"{reverse('districts:contact_log')}?zeigen=faellig"),
        Page("Not spoken to for long", reverse("districts:silence")),
    ]


def _offer_pages() -> list[Page]:
    """50,000 offers: list, search while typing, matrix, gaps, what ends, a round, whom to refer to, the public page."""
    here, matrix = reverse("districts:offers"), reverse("districts:offer_matrix")
    manager = User.objects.get(email=MANAGER)
    district = District.objects.get(pk=min(manager.rights.team_district_ids))
    deep = Offer.objects.order_by("sort_key", "pk")[35_000]
    position = base64.urlsafe_b64encode(json.dumps([deep.sort_key, deep.pk]).encode()).decode().rstrip("=")
    field, group = ActionField.objects.first().pk, TargetGroup.objects.first().pk
    number = Concern.objects.filter(district=district, owner=manager).exclude(status="closed").order_by("-pk")[0].number
    refer = reverse("concerns:refer", args=[number])
    gaps = f"{reverse('districts:offer_gaps')}?district={district.pk}"
    typed = {
        "rare word": RARE_TITLE,
        "part of words": "platz",
        "two words": "treff garten",
        "typing error": "Zitronenfallter",
    }
    return [
        Page("Offers, first page", here),
        Page("Offers, 35,000 on", f"{here}?nach={position}"),
        *(Page(f"Offers, search: {name}", f"{here}?q={quote(text)}") for name, text in typed.items()),
        Page("Offers, a district", f"{here}?district={district.pk}"),
        Page("Offers, a cell of the matrix", f"{here}?status=running&field={field}&group={group}"),
        Page("Offers, district + language + age", f"{here}?district={district.pk}&language=tr&age=70"),
        Page("Offers, not checked for a year", f"{here}?unverified=on"),
        Page("Matrix, whole city", matrix),
        Page("Matrix, whole city, by kind", f"{matrix}?zeilen=art"),
        Page("Matrix, a district", f"{matrix}?district={district.pk}"),
        Page("Matrix, whole city, an offer just changed", matrix, before=_CHANGED),
        Page("Matrix, a district, an offer just changed", f"{matrix}?district={district.pk}", before=_CHANGED),
        Page("Gaps, a district beside the city", gaps),
        Page("Gaps, an offer just changed", gaps, before=_CHANGED),
        Page("Offers that end in six months", reverse("districts:offers_expiring")),
        Page("Rounds", reverse("districts:rounds")),
        Page("Referral, preset district", refer),
        Page("Referral, district + field + language", f"{refer}?district={district.pk}&field={field}&language=tr"),
        Page("Referral, search: part of words", f"{refer}?q=platz&district={district.pk}"),
        Page("Offers of a quarter, public", reverse("districts:offers_public", args=[district.slug])),
    ]


def _fund_pages() -> list[Page]:
    """20,000 applications: list, search, filters, a fund, a year of it, its public page."""
    here, fund = reverse("projects:applications"), Fund.objects.order_by("pk")[0]
    deep = FundApplication.objects.order_by("-created_at", "-pk")[15_000]
    position = base64.urlsafe_b64encode(json.dumps([deep.created_at.isoformat(), deep.pk]).encode())
    year = timezone.localdate().year - 1
    return [
        Page("Applications, first page", here),
        Page("Applications, 15,000 on", f"{here}?nach={position.decode().rstrip('=')}"),
        Page("Applications, a fund and a state", f"{here}?fund={fund.pk}&status=settled"),
        Page("Applications, search: part of words", f"{here}?q=projekt"),
        Page("Applications, search: a number", f"{here}?q={quote(deep.number)}"),
        Page("Applications to check", f"{here}?owed=pruefen"),
        Page("A fund", fund.get_absolute_url()),
        Page("A year of a fund", reverse("projects:fund_year", args=[fund.pk, year])),
        Page("A fund, public", reverse("projects:fund_public", args=[fund.pk])),
    ]


def _project_pages() -> list[Page]:
    """5,000 projects and 20,000 events: lists, search, calendar, board, movement, the public page."""
    here, events = reverse("projects:projects"), reverse("projects:events")
    manager = User.objects.get(email=MANAGER)
    district = District.objects.get(pk=min(manager.rights.team_district_ids))
    full = Project.objects.annotate(n=Count("partners")).order_by("-n", "pk")[0]
    return [
        Page("Projects, first page", here),
        Page("Projects, search: rare word", f"{here}?q={RARE_PROJECT}"),
        Page("Projects, a district, all states", f"{here}?district={district.pk}&status=any"),
        Page("Projects, a partner", f"{here}?partner=verein&status=any"),
        Page("A project", full.get_absolute_url()),
        Page("Events to come", events),
        Page("Events, search", f"{events}?q=platz&when="),
        Page("Events, a month", reverse("projects:events_month")),
        Page("Phases of a district", f"{reverse('projects:phases')}?district={district.pk}"),
        Page("Movement, whole city", reverse("projects:phase_moves")),
        Page("Tasks that are due", f"{reverse('projects:project_tasks')}?zeigen=faellig"),
        Page("Events of a quarter, public", reverse("projects:events_public", args=[district.slug])),
    ]


def _plan_pages() -> list[Page]:
    """A plan of 200 measures as table, in money, in days; 300 sources and 60,000 finance lines."""
    plan = ActionPlan.objects.in_force().order_by("pk").first()
    measure, source = plan.measures.first(), FundingSource.objects.order_by("pk").first()
    overview = reverse("projects:funding_overview")
    return [
        Page("Plans", reverse("projects:plans"), who=PLANNER),
        Page("Plan, table of 200 measures", plan.get_absolute_url(), who=PLANNER, limit=EVALUATION_LIMIT),
        Page("Plan, one colour", f"{plan.get_absolute_url()}?status=done", who=PLANNER, limit=EVALUATION_LIMIT),
        Page("Plan, goals", reverse("projects:goals", args=[plan.pk]), who=PLANNER),
        Page("Plan, money", reverse("projects:plan_money", args=[plan.pk]), who=PLANNER, limit=EVALUATION_LIMIT),
        Page("Plan, deadlines", reverse("projects:plan_deadlines", args=[plan.pk]), who=PLANNER),
        Page("Measure", measure.get_absolute_url(), who=PLANNER),
        Page("Funding sources", reverse("projects:sources"), who=PLANNER),
        Page("Funding source with its lines", source.get_absolute_url(), who=PLANNER),
        Page("Money, whole city", overview, who=PLANNER, limit=EVALUATION_LIMIT),
        Page(
            "Money, a district", f"{overview}?district={plan.districts.first().pk}", who=PLANNER, limit=EVALUATION_LIMIT
        ),
    ]


def _loop_pages() -> list[Page]:
    """The pages of the loop, and Django's admin for the same rows."""
    listing, search = reverse("concerns:list"), f"{_ROWS} WHERE c.search @@ plainto_tsquery('public.quartier', '%s')"
    today = timezone.localdate()
    old = today - timedelta(days=5 * 365)
    deep = Concern.objects.filter(received_on=old).order_by("-pk").first()
    position = base64.urlsafe_b64encode(json.dumps([old.isoformat(), deep.pk]).encode()).decode().rstrip("=")
    manager = User.objects.get(email=MANAGER)
    district = min(manager.rights.team_district_ids)
    concern = Concern.objects.filter(district=district, status="feedback_due", lead=None).order_by("-pk").first()
    topic = concern.topic_id
    department = min(User.objects.get(email=STAFF).rights.department_ids)
    ticket = Routing.objects.filter(department=department, status="accepted").order_by("-pk").first()
    filtered = f"district={district}&topic={topic}&status=open"
    return [
        Page("Empty page, signed in", EMPTY, sql="SELECT 1"),
        Page("List, first page", listing, sql=_ROWS + _NEWEST),
        Page(
            "List, five years back",
            f"{listing}?nach={position}",
            sql=f"{_ROWS} WHERE (c.received_on, c.id) < ('{old}', {deep.pk}){_NEWEST}",
        ),
        Page(
            "List, district + topic + open",
            f"{listing}?{filtered}",
            sql=f"{_ROWS} WHERE c.district_id = {district} AND c.topic_id = {topic} AND c.status <> 'closed'{_NEWEST}",
        ),
        Page("List by due date", f"{listing}?sort=frist", sql=f"{_ROWS} ORDER BY c.due_key, c.id LIMIT 51"),
        Page(
            "List, overdue anywhere, longest waiting",
            f"{listing}?overdue=any&sort=wartezeit",
            sql=f"{_ROWS} WHERE c.id IN (SELECT concern_id FROM concerns_routing WHERE status IN ('sent', 'accepted')"
            f" AND due_on < '{today}') ORDER BY c.waiting_key, c.id LIMIT 51",
        ),
        Page(
            "List, closed in one month of long ago",
            f"{listing}?closed_from={old}&closed_to={old + timedelta(days=30)}",
            sql=f"{_ROWS} WHERE c.closed_at >= '{old}' AND c.closed_at < '{old + timedelta(days=31)}'"
            f" AND c.received_on < '{old + timedelta(days=31)}'{_NEWEST}",
        ),
        Page("List, planning", listing, PLANNER, sql=_ROWS + _NEWEST),
        Page("Search, rare word", f"{listing}?q={RARE}", sql=search % RARE + _NEWEST),
        Page("Search, medium word", f"{listing}?q={MEDIUM}", sql=search % MEDIUM + _NEWEST),
        Page("Search, frequent word", f"{listing}?q=M%C3%BCll", sql=search % FREQUENT + _NEWEST),
        Page("Search, part of words", f"{listing}?q=platz", sql=search % "platz" + _NEWEST),
        Page("Search, typing error", f"{listing}?q=Zebrasteifen", sql=search % RARE + _NEWEST),
        Page("Search, two words", f"{listing}?q=M%C3%BCll+{MEDIUM}", sql=search % f"{FREQUENT} {MEDIUM}" + _NEWEST),
        Page(
            "Work basket",
            reverse("concerns:basket"),
            sql=f"{_ROWS} WHERE c.needs_triage AND c.lead_id IS NULL AND c.district_id = {district}"
            " ORDER BY c.due_on, c.id LIMIT 51",
        ),
        Page("Feedback worklist", reverse("concerns:worklist")),
        Page(
            "Concern",
            reverse("concerns:detail", args=[concern.number]),
            sql=f"SELECT * FROM concerns_concern WHERE number = '{concern.number}'",
        ),
        Page("Department: empty page", EMPTY, STAFF, sql="SELECT 1"),
        Page(
            "Department: inbox",
            reverse("concerns:inbox"),
            STAFF,
            sql="SELECT r.*, c.* FROM concerns_routing r JOIN concerns_concern c ON c.id = r.concern_id WHERE"
            f" r.department_id = {department} AND r.status IN ('sent', 'accepted', 'query')"
            " ORDER BY r.due_on, r.id LIMIT 51",
        ),
        Page("Department: ticket", reverse("concerns:ticket", args=[ticket.pk]), STAFF),
        Page("Django admin: list", "/bench/admin/concerns/concern/", limit=None),
        Page("Django admin: search, rare word", f"/bench/admin/concerns/concern/?q={RARE}", limit=None),
    ]
