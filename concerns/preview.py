"""What the capture page knows before anything is saved: topics, responsibility, similar concerns, warnings."""

from dataclasses import dataclass, field

from django.utils import timezone

from concerns.actions.intake import default_owner
from concerns.forms.capture import Sheet, co_receiver, receiver
from concerns.forms.concern import topics
from concerns.models import Concern, LoopSettings, Topic
from concerns.querysets import team_filter
from concerns.responsibility import Suggestion, suggest
from concerns.similar import similar, since
from concerns.suggest import suggest_topics
from districts.geo import area_at
from districts.models import Department, District, User
from districts.roles import Perm

READ = 4000  # characters of a text that are looked at while typing


@dataclass
class Preview:
    """What is shown beside the form while somebody types."""

    chips: list[Topic] = field(default_factory=list)
    topic: Topic | None = None
    is_guess: bool = False  # nobody has chosen the topic yet
    suggestion: Suggestion | None = None
    department: Department | None = None
    co_department: Department | None = None
    alternatives: list[Department] = field(default_factory=list)
    similar: list[Concern] = field(default_factory=list)
    new_owner: User | None = None  # somebody else's concern from the moment it is saved
    may_forward: bool = False
    lies_in: District | None = None  # the point on the map says so, but another district is chosen
    outgoing: str = ""
    personal: list[str] = field(default_factory=list)

    @property
    def may_join(self) -> bool:
        """Whether people can be added to one of the similar concerns."""
        return any(one.may_join for one in self.similar)


def look(sheet: Sheet) -> Preview:
    """Read a sheet as far as it is typed; empty parts of the answer mean that there is nothing to say yet."""
    district = sheet.choice("district")
    text = f"{sheet.value('title')} {sheet.value('text')}".strip()[:READ]
    chips = suggest_topics(text, topics()) if text else []
    chosen = sheet.choice("topic")
    preview = Preview(
        chips=[topic for topic in chips if topic != chosen],
        topic=chosen or next(iter(chips), None),
        is_guess=chosen is None,
        may_forward=sheet.may_forward(district),
        lies_in=_lies_elsewhere(sheet, district),
        outgoing=sheet.outgoing,
        personal=sheet.personal_found,
    )
    if district and district.pk not in sheet.user.rights.team_district_ids:
        preview.new_owner = default_owner(district, sheet.user, timezone.localdate())
    if preview.topic:
        _responsible(preview, district, sheet)
    if text or sheet.value("place") or sheet.point:
        preview.similar = _similar(sheet, preview.topic, district, text)
    return preview


def district_at(point: tuple[float, float] | None) -> District | None:
    """The district that a point on the map lies in."""
    return area_at(District.objects.valid_on(timezone.localdate()), *point) if point else None


def _lies_elsewhere(sheet: Sheet, district: District | None) -> District | None:
    found = district_at(sheet.point)
    return found if found != district else None


def _responsible(preview: Preview, district: District | None, sheet: Sheet) -> None:
    suggestion = suggest(preview.topic, district, sheet.received_on)
    if suggestion is None:
        return
    preview.suggestion, preview.department = suggestion, receiver(suggestion)
    preview.co_department = co_receiver(suggestion)
    others = dict.fromkeys(rule.department for rule in suggestion.alternatives)
    preview.alternatives = [one for one in others if one != preview.department]


def _similar(sheet: Sheet, topic: Topic | None, district: District | None, text: str) -> list[Concern]:
    lat, lon = sheet.point or (None, None)
    found = similar(
        among=Concern.objects.visible_to(sheet.user),
        district_id=district and district.pk,
        since=since(LoopSettings.load().similar_months, timezone.localdate()),
        topic_id=topic and topic.pk,
        text=text,
        place=sheet.value("place")[:200],
        lat=lat,
        lon=lon,
    )
    joinable = set(
        Concern.objects.filter(team_filter(sheet.user, Perm.LOG_CONCERN), pk__in=[one.pk for one in found]).values_list(
            "pk", flat=True
        )
    ) if found else set()  # fmt: skip
    for one in found:
        one.may_join = one.pk in joinable
    return found
