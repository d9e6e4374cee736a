"""What the page of one session shows to whom."""

from collections.abc import Iterable
from datetime import date

from django.urls import reverse

from concerns.models import Concern
from districts.models import User
from districts.roles import Perm
from projects.actions.agenda import missing_for_approval
from projects.kept import Told, in_minutes, told_of
from projects.models import AgendaItem, BodyMember, FollowUp, Measure, Session
from projects.proposals import answers_for, proposals, replies_for, reported, told_answers, unapproved
from projects.workflow import ItemKind, SessionStatus


def page_of(session: Session, user: User, *, today: date) -> dict:
    """Context of the page; departments get date, place and agenda, carrier staff also approved minutes."""
    full = user.rights.can(Perm.READ_BODIES)
    may_edit, may_write = session.body.may_edit(user), session.body.may_write(user)
    items = list(with_applications(session.items))
    can_change = session.is_ahead or session.status == SessionStatus.HELD
    context = {
        "session": session,
        "body": session.body,
        "items": items,
        "full": full,
        "may_edit": may_edit,
        "may_write": may_write,
        "can_change": can_change,
        "may_file": may_edit and can_change,
        "can_begin": may_write and session.is_ahead and session.on <= today,
        "perms_plans": user.rights.can(Perm.EDIT_PLANS),
        "perms_projects": any(user.rights.can(one) for one in (Perm.EDIT_PROJECTS, Perm.EDIT_ALL_PROJECTS)),
        "perms_log": user.rights.can(Perm.LOG_CONCERN),
        "perms_needs": user.rights.can(Perm.EDIT_NEEDS),
        "planned_minutes": sum(item.duration or 0 for item in items),
        "today": today,
    }
    if full:
        return context | _inside(session, items, user, may_edit)
    if (
        session.status == SessionStatus.APPROVED
        and Session.objects.minutes_visible_to(user).filter(pk=session.pk).exists()
    ):
        return context | {"reads_minutes": True, **_along(session, items)}
    return context


def _along(session: Session, items: list[AgendaItem]) -> dict:
    """What carrier staff of a member read of approved minutes: the same as on their paper."""
    kinds, told = {item.kind for item in items}, reported(session)
    name_biased(items, inside=False)
    return {
        "readable": set(),  # concerns by their number only
        "as_approved": True,
        "stand_url": f"{session.body.get_absolute_url()}#follow-ups",
        **_follow_ups(session, as_approved=True, has_item=ItemKind.FOLLOW_UPS in kinds),
        "told": told,
        "told_answers": told_answers(session),
        "told_apart": told if ItemKind.REPLIES not in kinds else [],
        "has_replies": ItemKind.REPLIES in kinds,
        "room": who_was_there(session, inside=False),
        "quorum": quorum(session),
        "writers": session.writers(),
    }


def who_was_there(session: Session, *, inside: bool) -> dict[str, list[str]]:
    """Who was present and excused, and the guests, in words for minutes.

    Free names and guests may be residents: whoever is not `inside` (teams, Sozialplanung) learns how many.
    """
    rows = session.attendance_rows()
    there = {state: [row.member for row in rows if row.state == state] for state in ("present", "excused")}
    guests = [line.strip() for line in session.guests.splitlines() if line.strip()]
    found = {state: names_of(members, inside=inside) for state, members in there.items()}
    return found | {"guests": guests if inside or not guests else [_persons(len(guests))]}


def names_of(members: Iterable[BodyMember], *, inside: bool) -> list[str]:
    """Members by name; free names only `inside`, else how many they are."""
    members = list(members)
    named = [one.label for one in members if inside or not one.name]
    others = len(members) - len(named)
    return named if not others else [*named, f"{_persons(others)} ohne Einrichtung"]


def _persons(count: int) -> str:
    return "eine Person" if count == 1 else f"{count} Personen"


def name_biased(items: list[AgendaItem], *, inside: bool) -> None:
    """Give items about fund applications the names of who was biased."""
    for item in items:
        if item.kind == ItemKind.FUND and hasattr(item, "fund"):
            item.biased_names = names_of(item.fund.biased.all(), inside=inside)


def _inside(session: Session, items: list[AgendaItem], user: User, may_edit: bool) -> dict:
    kinds, as_approved = {item.kind for item in items}, session.status == SessionStatus.APPROVED
    _add_measures(items, user)
    rows = session.attendance_rows()
    mails = session.invitations.select_related("mail", "member__actor", "member__contact", "member__department")
    rounds = list(mails.select_related("member__user").order_by("-number", "pk"))
    sent = [one for one in rounds if one.number == rounds[0].number]
    told = reported(session)
    replies = replies_for(session) if ItemKind.REPLIES in kinds and session.is_ahead else []
    named = [one.raised.concern_id for one in (*told, *replies)]
    follow_ups = _follow_ups(session, as_approved, has_item=ItemKind.FOLLOW_UPS in kinds)
    named += [one.raised.concern_id for one in (*items, *follow_ups.get("given", ())) if hasattr(one, "raised")]
    readable = set(Concern.objects.visible_to(user).filter(pk__in=named).values_list("pk", flat=True))
    return {
        "readable": readable,
        "proposals": proposals(session, kinds) if may_edit else [],
        "waiting": unapproved(session) if ItemKind.MINUTES in kinds and not as_approved else [],
        "as_approved": as_approved,
        "stand_url": f"{reverse('projects:follow_ups')}?zeigen=alle&gremium={session.body_id}",
        **follow_ups,
        "replies": [one for one in replies if one.raised.concern_id in readable],
        "answers": answers_for(session) if ItemKind.REPLIES in kinds and session.is_ahead else [],
        "told": told,
        "told_answers": told_answers(session),
        "told_apart": told if ItemKind.REPLIES not in kinds else [],
        "has_replies": ItemKind.REPLIES in kinds,
        "present": [row for row in rows if row.state == "present"],
        "excused": [row for row in rows if row.state == "excused"],
        "has_attendance": bool(rows),
        "quorum": quorum(session) if session.took_place else None,
        "writers": session.writers() if session.took_place else [],
        "missing": missing_for_approval(session) if session.status == SessionStatus.HELD else [],
        "sent": sent,
        "lost": [one for one in sent if one.mail.state in ("failed", "bounced")],
    }


def _follow_ups(session: Session, as_approved: bool, *, has_item: bool) -> dict:
    """What approved minutes say of them stays, on the page as on paper; before, as they stand."""
    if as_approved:
        told = in_minutes(session)
        return {"carried": told["carried"] if has_item else [], "told_orders": told["given"]}
    return {"carried": carried(session) if has_item else [], "given": given_in(session)}


def _add_measures(items: list[AgendaItem], user: User) -> None:
    """The measures that decisions became, each in the newest version that this person may see."""
    decisions = [item for item in items if item.kind == ItemKind.DECISION]
    found: dict[int, dict] = {item.pk: {} for item in decisions}
    if decisions:
        rows = Measure.objects.visible_to(user).filter(decision__in=decisions).select_related("plan")
        for one in rows.order_by("plan__number", "pk"):
            found[one.decision_id][one.key] = one
    for item in decisions:
        item.shown_measures = list(found[item.pk].values())


def carried(session: Session) -> list[Told]:
    """The follow-ups that a session speaks about: given before it and not settled when it began."""
    return [told_of(one) for one in session.body.follow_ups.open_on(session.on).prefetch_related("postponements")]


def given_in(session: Session) -> list[FollowUp]:
    """The follow-ups that were given in a session."""
    return list(FollowUp.objects.filter(item__session=session).for_lines())


def quorum(session: Session) -> dict:
    """Votes in the room, votes there are, and whether that is enough (Z18)."""
    there, seats, needed = session.quorum_now()
    return {"there": there, "seats": seats, "enough": there * 100 >= needed * seats}


def with_applications(items):
    """Agenda items with their material, the concerns that came from them and the applications they are about, with who
    is biased."""
    names = (
        "raised__concern",
        "project",
        "need",
        "fund__application__applicant",
        "fund__application__partner",
        "fund__application__fund",
    )
    biased = [f"fund__biased__{name}" for name in ("actor", "contact", "user", "department")]
    return items.select_related(*names).prefetch_related("projects", "documents", *biased)
