"""What the pages of a hand-over show, gathered in a fixed number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.urls import reverse

from concerns.duties import CONCERN, THINGS, Duties
from concerns.duty_labels import Label, labels
from concerns.models import Handover, HandoverItem
from districts.models import User
from districts.roles import Perm


@dataclass(frozen=True)
class Row:
    """A line of the table of duties."""

    words: str
    count: int
    url: str
    is_part: bool


def table(duties: Duties, person: User, viewer: User) -> list[Row]:
    """The table of what hangs on a person, each number with a link to exactly its list where there is one."""
    return [
        Row(line.words, line.count, _list_url(line.duty, person, viewer), bool(line.duty.part_of))
        for line in duties.lines
    ]


def _list_url(duty, person: User, viewer: User) -> str:
    if duty.thing is CONCERN and duty.listed and viewer.rights.can(Perm.READ_CONCERNS):
        return f"{reverse('concerns:list')}?{duty.listed}&owner={person.pk}"
    return ""


@dataclass(frozen=True)
class ItemLine:
    """One thing of a proposal: what it is, and what is or became of it."""

    label: Label
    heading: str
    state: str
    is_gone: bool


def item_lines(handover: Handover, viewer: User) -> list[ItemLine]:
    """The things of a proposal in words; of a waiting one what has been settled or taken by others meanwhile."""
    items = list(handover.items.all())
    lines = []
    for thing in THINGS:
        own = [one for one in items if one.target == thing.key]
        if not own:
            continue
        rows = _rows(thing, [one.target_pk for one in own])
        words = labels(thing, rows.values(), viewer)
        held = set(thing.held(handover.person).filter(pk__in=list(rows)).order_by().values_list("pk", flat=True))
        lines += [_line(one, thing, words[one.target_pk], one.target_pk in held) for one in own]
    return lines


def _rows(thing, pks: Iterable[int]) -> dict:
    """The rows whether they still hang on the person or not, with what a label needs."""
    related = {"routing": ("concern", "department"), "note": ("actor", "district"), "contact": ("actor",)}
    rows = HandoverItem._meta.get_field(thing.key).related_model.objects.all()
    if thing.key in related:
        rows = rows.select_related(*related[thing.key])
    return rows.in_bulk(pks)


def _line(item: HandoverItem, thing, label: Label, held: bool) -> ItemLine:
    if item.is_waiting:
        state = "" if held else HandoverItem.Result.GONE.label
        return ItemLine(label, thing.heading, state, not held)
    return ItemLine(label, thing.heading, item.get_result_display(), item.result != HandoverItem.Result.MOVED)


def may_agree(handover: Handover, viewer: User) -> bool:
    """Whether this person may agree to a waiting proposal, or say no: who shall take it, or coordination for them."""
    if not handover.is_waiting or viewer.pk in {handover.person_id, handover.proposed_by_id}:
        return False
    return viewer.pk == handover.to_id or viewer.rights.can(Perm.MANAGE_USERS)


def may_withdraw(handover: Handover, viewer: User) -> bool:
    """Whether this person may take a waiting proposal back: who gives or has proposed, or coordination."""
    own = viewer.pk in {handover.person_id, handover.proposed_by_id}
    return handover.is_waiting and (own or viewer.rights.can(Perm.MANAGE_USERS))


def desk(viewer: User, today: date) -> dict:
    """The proposals on a person's desk: to agree to, of their own, of others (coordination), and lately decided."""
    waiting = list(Handover.objects.visible_to(viewer).waiting().with_people())
    mine = [one for one in waiting if one.to_id == viewer.pk and one.proposed_by_id != viewer.pk]
    own = [one for one in waiting if viewer.pk in {one.person_id, one.proposed_by_id} and one not in mine]
    return {
        "mine": mine,
        "own": own,
        "others": [one for one in waiting if one not in mine and one not in own],
        "decided": Handover.objects.visible_to(viewer).lately_decided(today).with_people().order_by("-decided_at")[:50],
    }
