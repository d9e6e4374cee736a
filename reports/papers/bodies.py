"""Papers of bodies: invitation (P10), attendance list (P11), minutes (P12), follow-ups (P13)."""

from collections.abc import Iterator
from datetime import date

from django.conf import settings
from django.utils import timezone

from projects.kept import in_minutes, told_of
from projects.models import Body, BodyMember, Session
from projects.proposals import answers_for, replies_for, reported, told_answers, unapproved
from projects.session_page import carried, name_biased, quorum, who_was_there, with_applications
from projects.wording import when
from projects.workflow import TOOK_PLACE, ItemKind
from quartier.pdf import render

from .head import office_in, sender

BLANK_ROWS = 6  # for guests, on the attendance list


def _head(body: Body, session: Session | None = None) -> dict:
    district = body.districts.first()
    office = (session and session.office) or (office_in(district) if district else None)
    return {"body": body, "session": session, "today": timezone.localdate(), **sender(office)}


def _render(template: str, context: dict, title: str) -> bytes:
    return render(f"reports/papers/{template}.html", context, title=title, author=settings.CITY_NAME)


def invitation(session: Session) -> bytes:
    """Invitation with agenda: open follow-ups and waiting replies stand under their items."""
    items = list(session.items.prefetch_related("documents"))
    kinds = {item.kind for item in items}
    context = {
        **_head(session.body, session),
        "items": items,
        "when": when(session),
        "waiting": unapproved(session) if ItemKind.MINUTES in kinds else [],
        "carried": carried(session) if ItemKind.FOLLOW_UPS in kinds else [],
        "replies": [one.concern for one in replies_for(session)] if ItemKind.REPLIES in kinds else [],
        "answers": answers_for(session) if ItemKind.REPLIES in kinds else [],
        "planned": sum(item.duration or 0 for item in items),
    }
    return _render("session_invitation", context, f"Einladung {session.body.name}, {session.on:%d.%m.%Y}")


def attendance_sheet(session: Session) -> bytes:
    """Attendance list to sign: members of the day, and empty rows for guests."""
    members = list(session.body.members.valid_on(session.on).with_names())
    context = {
        **_head(session.body, session),
        "members": members,
        "when": when(session),
        "blank": range(BLANK_ROWS),
    }
    return _render("attendance_sheet", context, f"Anwesenheitsliste {session.body.name}, {session.on:%d.%m.%Y}")


def session_minutes(session: Session, *, inside: bool = True) -> bytes:
    """The minutes: a draft until they are approved.

    Whoever is not `inside` (carrier staff of a member) reads no free names, no guests, of concerns the number.
    """
    items, told = list(with_applications(session.items)), in_minutes(session)
    name_biased(items, inside=inside)
    context = {
        **_head(session.body, session),
        "items": [(item, [one for one in told["given"] if one.item_id == item.pk]) for item in items],
        "when": when(session),
        **who_was_there(session, inside=inside),
        "inside": inside,
        "quorum": quorum(session),
        "writers": [one.name for one in session.writers()],
        "told": reported(session),
        "told_answers": told_answers(session),
        "has_replies": any(item.kind == ItemKind.REPLIES for item in items),
        "carried": told["carried"],
        "is_draft": session.status != "approved",
    }
    return _render("session_minutes", context, f"Protokoll {session.body.name}, {session.on:%d.%m.%Y}")


def follow_up_paper(body: Body, *, today: date) -> bytes:
    """Open follow-ups of a body by their day."""
    rows = list(body.follow_ups.open().for_lines())
    context = {**_head(body), "rows": [(one, one.due_on < today, told_of(one).times) for one in rows]}
    return _render("follow_ups", context, f"Offene Aufträge {body.name}, Stand {today:%d.%m.%Y}")


def body_papers() -> Iterator[tuple[str, bytes]]:
    """The body with most members: the next invitation, the last minutes, approved ones, and what is open."""
    today = timezone.localdate()
    members = list(BodyMember.objects.values_list("body", flat=True))
    body = Body.objects.filter(pk=max(members, key=members.count)).first() if members else None
    if body is None:
        return
    if coming := body.sessions.ahead(today).filter(items__isnull=False).first():
        yield "sitzung-einladung", invitation(coming)
        yield "sitzung-anwesenheitsliste", attendance_sheet(coming)
    for status in sorted(TOOK_PLACE):
        if held := body.sessions.filter(status=status).order_by("-on").first():
            yield f"sitzung-protokoll-{status}", session_minutes(held)
    yield "sitzung-auftraege", follow_up_paper(body, today=today)
