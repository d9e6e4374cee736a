"""Posts and terms on a key date (P22), tasks to be signed (P23), who steers a district (Z12)."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.db.models import QuerySet
from django.utils import timezone

from districts.assigning import holds_on
from districts.models import Assignment, AssignmentCarrier, District, DistrictClassification
from districts.posts import overview, place_of, with_posts
from districts.structure import structures
from districts.task_matrix import matrix
from districts.terms import organised, term_words
from quartier.pdf import render


def post_paper(assignments: QuerySet[Assignment], day: date) -> bytes:
    """What the page of posts shows on a day, with carriers and terms, and the quarters that have nobody."""
    found = overview(assignments, day)
    standing = with_posts(assignments.standing_on(day)).order_by("sort_key")
    context = {
        "found": found,
        "terms": [
            (one, place_of(one.districts.all()), _names(_carriers(one, day), short=True), term_words(one))
            for one in standing
        ],
        "gaps": DistrictClassification.objects.without_management(day),
        "challenged": DistrictClassification.objects.challenged_on(day).count(),
        "day": day,
        "today": timezone.localdate(),
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
    }
    title = f"Stellenübersicht zum {day:%d.%m.%Y}"
    return render("reports/papers/posts.html", context, title=title, author=settings.CITY_NAME)


def _carriers(assignment: Assignment, day: date) -> list[AssignmentCarrier]:
    """Who carries an assignment on a day; before its first and after its last one whoever does so then."""
    day = max(day, assignment.starts_on or day)
    day = min(day, assignment.ends_on or day)
    return [one for one in assignment.carriers.all() if holds_on(day, one.valid_from, one.valid_to)]


def _names(carriers: list[AssignmentCarrier], *, short: bool = False) -> list[str]:
    names = [(one, (short and one.actor.short_name) or one.actor.name) for one in carriers]
    sole = AssignmentCarrier.Role.CARRIER
    return [name if one.role == sole else f"{name} ({one.get_role_display()})" for one, name in names]


def task_paper(assignment: Assignment, today: date) -> bytes:
    """Who does what in an assignment, with a line to sign for everybody it names, or else for its carriers."""
    rows = matrix(assignment)
    held = with_posts(Assignment.objects.filter(pk=assignment.pk))
    found = held.select_related("steering_actor", "planning_actor", "community_actor").get()
    carriers = _carriers(found, today)
    signing = [one for row in rows.rows for one in (*row.responsible, *row.participating) if row.is_needed]
    context = {
        "assignment": found,
        "places": ", ".join(map(str, found.districts.all())),
        "carriers": _names(carriers),
        "term": term_words(found),
        "organised": organised(found),
        "groups": [
            (title, [row for row in group if row.is_needed], [row for row in group if not row.is_needed])
            for _, title, group in rows.groups()
        ],
        "counts": rows.counts(),
        "signing": list(dict.fromkeys(signing)) or [one.actor for one in carriers],
        "today": today,
        "city": settings.CITY_NAME,
        "service": settings.OFFICE_NAME,
    }
    title = f"Aufgabenverteilung {assignment}"
    return render("reports/papers/tasks.html", context, title=title, author=settings.CITY_NAME)


def structure_paper(district: District, today: date) -> bytes:
    """The five building blocks of a district as a list (Z12)."""
    (shown,) = structures(District.objects.filter(pk=district.pk), today)
    context = {"structure": shown, "today": today, "city": settings.CITY_NAME, "service": settings.OFFICE_NAME}
    title = f"Steuerungsstruktur {district}"
    return render("reports/papers/structure.html", context, title=title, author=settings.CITY_NAME)


def post_papers() -> Iterator[tuple[str, bytes]]:
    """Today, a key date of the past, a day without anything; distributions of tasks, one with a long name."""
    today = timezone.localdate()
    assignments = Assignment.objects.all()
    if not assignments.exists():
        return
    for name, day in (("", today), ("-2017", date(2017, 12, 31)), ("-leer", date(1990, 1, 1))):
        chosen = assignments if name != "-leer" else assignments.none()
        yield f"stellenuebersicht{name}", post_paper(chosen, day)
    with_tasks = assignments.filter(agreements__isnull=False).distinct().order_by("pk")
    for number, one in enumerate(with_tasks, 1):
        yield f"aufgabenverteilung-{number}", task_paper(one, today)
    long = with_tasks.last() or assignments.last()
    long.name = "Integrationsorientiertes Quartiersmanagement am ehemaligen Güterbahnhof Aachen-Nordwest (Ost)"
    long.save(update_fields=["name"])
    long.districts.set(District.objects.all())
    for slug in ("ost", "burtscheid"):
        if district := District.objects.filter(slug=slug).first():
            yield f"struktur-{slug}", structure_paper(district, today)
    yield "aufgabenverteilung-lang", task_paper(long, today)
