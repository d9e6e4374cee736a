"""Posts of Quartiersmanagement on a day: planned, staffed, free, and their sums (Z07), the same on pages and papers."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Prefetch, QuerySet
from django.urls import reverse

from districts.assigning import HALF, Total, holds_on, share_words
from districts.models import Assignment, AssignmentCarrier, District, Post, PostShare, Staffing, User
from districts.roles import Perm

NO_PROGRAMME = "ohne Programm"


@dataclass(frozen=True)
class Tab:
    """A page about posts."""

    label: str
    url: str
    current: bool


def tabs(user: User, current: str) -> list[Tab]:
    """The pages about posts and assignments this person may open."""
    pages = [
        ("posts", "Stellen"), ("timeline", "Zeitleiste"), ("expiring", "Laufzeiten"), ("uncovered", "Lücken"),
        ("models", "Modelle"), ("classifications", "Einstufungen"), ("structures", "Struktur"),
    ]  # fmt: skip
    allowed = pages if user.rights.can(Perm.READ_POSTS) else []
    return [Tab(label, reverse(f"districts:{name}"), name == current) for name, label in allowed]


def place_of(districts: Iterable[District]) -> str:
    """Where something counts, in short names: „Kronenberg + Kullen“."""
    return " + ".join(one.short_name for one in districts) or "ohne Quartier"


@dataclass(frozen=True)
class Filled:
    """Somebody who fills a post on a day."""

    staffing: Staffing
    name: str
    role: str
    share: str


@dataclass(frozen=True)
class Line:
    """A post on a day. Without a post: the assignment stands, but nobody knows how large it is."""

    assignment: Assignment
    post: Post | None
    place: str
    planned: Total
    staffed: Total
    people: list[Filled] = field(default_factory=list)

    @property
    def free(self) -> Total:
        """What is planned and not filled; unknown as soon as one of the two is."""
        if self.planned.unknown or self.staffed.unknown:
            return Total(unknown=1)
        return Total(max(self.planned.known - self.staffed.known, Decimal()))

    @property
    def is_small(self) -> bool:
        """Whether the post is known to be less than a half one."""
        return not self.planned.unknown and self.planned.known < HALF

    @property
    def notes(self) -> list[str]:
        """What somebody should look at."""
        found = ["weniger als eine halbe Stelle"] if self.is_small else []
        if self.free.known:
            found.append(f"{self.free} nicht besetzt")
        if not self.planned.unknown and self.staffed.known > self.planned.known:
            found.append("mehr besetzt als geplant")
        return found


@dataclass(frozen=True)
class Sum:
    """Posts with something in common."""

    label: str
    planned: Total
    staffed: Total
    free: Total


@dataclass(frozen=True)
class Overview:
    """All posts on a day with their sums."""

    day: date
    lines: list[Line]
    total: Sum
    by_type: list[Sum]
    by_programme: list[Sum]
    by_place: list[Sum]

    @property
    def small(self) -> list[Line]:
        """Posts below a half one."""
        return [one for one in self.lines if one.is_small]

    @property
    def vacant(self) -> list[Line]:
        """Posts that are known not to be fully filled."""
        return [one for one in self.lines if one.free.known]


def with_posts(assignments: QuerySet[Assignment]) -> QuerySet[Assignment]:
    """Assignments with everything that stands on a page about posts, in a fixed number of queries."""
    staffings = Staffing.objects.select_related("person")
    posts = Post.objects.select_related("district").prefetch_related(
        Prefetch("shares", PostShare.objects.all()), Prefetch("staffings", staffings)
    )
    return assignments.select_related("programme", "predecessor").prefetch_related(
        Prefetch("districts", District.objects.defer("boundary")),
        Prefetch("posts", posts.defer("district__boundary")),
        Prefetch("carriers", AssignmentCarrier.objects.select_related("actor")),
    )


def overview(assignments: QuerySet[Assignment], day: date) -> Overview:
    """The posts of the assignments that stand on a day."""
    lines = [line for one in with_posts(assignments.standing_on(day)) for line in lines_of(one, day)]
    lines.sort(key=lambda line: (line.assignment.sort_key, line.post.name if line.post else ""))
    return Overview(
        day=day,
        lines=lines,
        total=_sum("Zusammen", lines),
        by_type=_sums(lines, lambda line: line.assignment.get_type_display()),
        by_programme=_sums(lines, lambda line: str(line.assignment.programme or NO_PROGRAMME)),
        by_place=_sums(lines, lambda line: line.place),
    )


def lines_of(assignment: Assignment, day: date) -> list[Line]:
    """An assignment's posts on a day (reads what was prefetched); one that is filled counts, even of unknown size."""
    found = []
    for post in assignment.posts.all():
        share = next((one for one in post.shares.all() if holds_on(day, one.valid_from, one.valid_to)), None)
        line = _line(assignment, post, share.share if share else None, day)
        if share or line.people:
            found.append(line)
    return found or [Line(assignment, None, place_of(assignment.districts.all()), Total(unknown=1), Total(unknown=1))]


def _line(assignment: Assignment, post: Post, planned: Decimal | None, day: date) -> Line:
    filled = [one for one in post.staffings.all() if holds_on(day, one.valid_from, one.valid_to)]
    return Line(
        assignment=assignment,
        post=post,
        place=place_of([post.district] if post.district else assignment.districts.all()),
        planned=Total.of(planned),
        staffed=sum((Total.of(one.share) for one in filled), Total()),
        people=[Filled(one, str(one), one.get_role_display(), share_words(one.share)) for one in filled],
    )


def _sums(lines: list[Line], key: Callable[[Line], str]) -> list[Sum]:
    groups: dict[str, list[Line]] = {}
    for line in lines:
        groups.setdefault(key(line), []).append(line)
    return [_sum(label, rows) for label, rows in sorted(groups.items())]


def _sum(label: str, lines: list[Line]) -> Sum:
    return Sum(
        label,
        sum((one.planned for one in lines), Total()),
        sum((one.staffed for one in lines), Total()),
        sum((one.free for one in lines), Total()),
    )
