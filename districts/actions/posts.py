"""Writes on posts: their shares over time and who fills them (Z07). What was valid stays as history."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from districts.assigning import FULL, Span, day_before, most_at_once, share_words
from districts.models import Assignment, AssignmentEvent, District, Post, PostShare, Staffing, User

from .assignments import lock_assignment, record
from .base import CHANGED, Conflict
from .people import overlapping

Kind = AssignmentEvent.Kind


@transaction.atomic
def add_post(
    *,
    assignment: Assignment,
    name: str,
    district: District | None,
    share: Decimal | None,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    at: datetime | None = None,
) -> Post:
    """Enter a post with its share; None is a share nobody knows.

    Raises:
        ValidationError: the assignment has a post of this name, or is not for this district.
    """
    held = lock_assignment(assignment)
    _check_post(held, name, district, None)
    made = held.posts.create(name=name, district=district)
    made.shares.create(share=share, valid_from=valid_from, valid_to=valid_to)
    record(held, Kind.POST, by=by, at=at)
    return made


@transaction.atomic
def change_post(
    *, post: Post, version: int, name: str, district: District | None, by: User, at: datetime | None = None
) -> Post:
    """Change a post's name or district.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: the assignment has a post of this name, or is not for this district.
    """
    held = lock_assignment(post.assignment)
    found = held.posts.get(pk=post.pk)
    if found.version != version:
        raise Conflict(CHANGED)
    _check_post(held, name, district, found)
    found.name, found.district, found.version = name, district, version + 1
    found.save(update_fields=["name", "district", "version"])
    record(held, Kind.POST, by=by, at=at)
    return found


def _check_post(assignment: Assignment, name: str, district: District | None, post: Post | None) -> None:
    if assignment.posts.filter(name=name).exclude(pk=post.pk if post else None).exists():
        raise ValidationError({"name": "Eine Stelle mit diesem Namen gibt es hier schon."})
    if district and not assignment.districts.filter(pk=district.pk).exists():
        raise ValidationError({"district": f"Der Einsatz ist nicht für {district}."})


@transaction.atomic
def set_share(
    *,
    post: Post,
    share: Decimal | None,
    valid_from: date | None,
    valid_to: date | None,
    by: User,
    at: datetime | None = None,
) -> PostShare:
    """Give a post another share from a day on: what held before ends the day before and stays as history.

    With a last day, what held before holds again after it. A share with the same first day is corrected.

    Raises:
        ValidationError: the new time would cover another share that begins later, or somebody fills more of the post.
    """
    held = lock_assignment(post.assignment)
    same = post.shares.filter(valid_from=valid_from).first()
    before = overlapping(post.shares.exclude(pk=same.pk if same else None), valid_from, valid_to)
    for one in before:
        begins_earlier = valid_from is not None and (one.valid_from is None or one.valid_from < valid_from)
        if not begins_earlier:
            text = f"Ab {one.valid_from:%d.%m.%Y} gilt schon {share_words(one.share)}. Bitte vorher enden lassen."
            raise ValidationError({"valid_to": text})
    # At most one: shares of a post never overlap.
    covered = same if same and same.share != share else before.first()
    rest = _after(covered, valid_to) if covered and valid_to else None
    for one in before:
        one.valid_to = day_before(valid_from)
        one.save(update_fields=["valid_to"])
    found = same or PostShare(post=post)
    found.share, found.valid_from, found.valid_to = share, valid_from, valid_to
    found.save()
    if rest:
        rest.save()
    _check_filled(post)
    record(held, Kind.POST, by=by, at=at)
    return found


def _after(covered: PostShare, last_day: date) -> PostShare | None:
    """What holds again after a share that is limited to a last day; nothing when the old one was to end by then."""
    if covered.valid_to is not None and covered.valid_to <= last_day:
        return None
    following = last_day + timedelta(days=1)
    return PostShare(post=covered.post, share=covered.share, valid_from=following, valid_to=covered.valid_to)


def _check_filled(post: Post) -> None:
    """Nobody fills more of a post than there is of it."""
    for one in post.staffings.select_related("person"):
        if share := _smaller_share(one):
            since = f"ab {share.valid_from:%d.%m.%Y} " if share.valid_from else ""
            raise ValidationError(
                {"share": f"{one} hat {since}{one.words} dieser Stelle. Bitte zuerst die Besetzung ändern."}
            )


def _smaller_share(staffing: Staffing) -> PostShare | None:
    """The first share of the post that is smaller than what somebody fills of it at that time."""
    if staffing.share is None:
        return None
    shares = overlapping(staffing.post.shares.filter(share__lt=staffing.share), staffing.valid_from, staffing.valid_to)
    return shares.first()


@transaction.atomic
def save_staffing(
    *,
    post: Post,
    by: User,
    staffing: Staffing | None = None,
    version: int | None = None,
    at: datetime | None = None,
    **fields,
) -> Staffing:
    """Fill a post, or change how it is filled.

    Raises:
        Conflict: somebody else has changed it meanwhile.
        ValidationError: the person has left, would do more than one whole post or more than there is of this one, or
            fills this one in this role already.
    """
    held = lock_assignment(post.assignment)
    found = post.staffings.get(pk=staffing.pk) if staffing else Staffing(post=post)
    if staffing and found.version != version:
        raise Conflict(CHANGED)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1 if staffing else 0
    if share := _smaller_share(found):
        since = f"ab {share.valid_from:%d.%m.%Y} " if share.valid_from else ""
        raise ValidationError({"share": f"Die Stelle hat {since}nur {share.words}."})
    if found.person_id:
        _check_person(found)
    found.save()
    record(held, Kind.STAFFING, by=by, at=at)
    return found


def _check_person(staffing: Staffing) -> None:
    """Lock the person, so that two who plan at the same time do not both take the last free hours."""
    person = User.objects.select_for_update().get(pk=staffing.person_id)
    if not person.is_active and (staffing.valid_to is None or staffing.valid_to > timezone.localdate()):
        raise ValidationError({"person": f"Der Zugang von {person} ist geschlossen."})
    others = list(person.staffings.exclude(pk=staffing.pk))
    same = [one for one in others if (one.post_id, one.role) == (staffing.post_id, staffing.role)]
    rows = Staffing.objects.filter(pk__in=[one.pk for one in same])
    if overlapping(rows, staffing.valid_from, staffing.valid_to).exists():
        raise ValidationError({"person": f"{person} hat diese Stelle in dieser Zeit schon."})
    spans = [Span(one.share, one.valid_from, one.valid_to) for one in (*others, staffing)]
    if (most := most_at_once(spans)) > FULL:
        raise ValidationError(
            {"share": f"{person} käme zusammen auf {share_words(most)} Stellen. Mehr als 1,0 geht nicht."}
        )
