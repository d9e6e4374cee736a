"""Weiterleitungsblatt: a routing on paper for a body that has neither login nor e-mail (P02, K19)."""

from dataclasses import dataclass
from datetime import date

from concerns.models import LoopSettings, Photo, Reporter, Routing
from concerns.ticket import released_contacts, ticket_of
from concerns.workflow import ReplyResult
from districts.models import User
from districts.roles import Perm
from quartier.pdf import render

from .head import office_of, sender
from .pictures import Picture, pictures

MOST_PHOTOS = 4
RESULTS = [
    (ReplyResult.FULFILLED, "Ist erledigt oder wird gemacht"),
    (ReplyResult.PARTLY, "Geht zum Teil"),
    (ReplyResult.PLANNED, "Ist eingeplant für (Datum):"),
    (ReplyResult.DECLINED, "Geht nicht"),
    (ReplyResult.KNOWN, "Ist bekannt und schon in Arbeit"),
    ("returned", "Wir sind nicht zuständig. Zuständig ist:"),
]


@dataclass(frozen=True)
class Contact:
    """A reporter whose contact data was released for this routing."""

    name: str
    lines: list[str]


def routing_sheet(*, routing: Routing, user: User, today: date) -> bytes:
    """The sheet as PDF: what the department's own page shows, and room for its answer.

    The reporter is on it only when the contact was released for this routing with consent and the routing is open (I7)
    and when `user`, who prints it, may see that reporter; looking is noted. Team notes are never read (I11).
    """
    ticket = ticket_of(routing, user=None)
    context = {
        "routing": routing,
        "ticket": ticket,
        "contacts": _contacts(routing, user, today),
        "photos": _photos(ticket.photos, ticket.number),
        "results": [label for _, label in RESULTS],
        "owner": routing.concern.owner,
        "today": today,
        **sender(office_of(routing.concern)),
    }
    title = f"Weiterleitungsblatt {ticket.number} an {routing.department.code}"
    return render("reports/papers/routing_sheet.html", context, title=title, author=context["city"])


def _photos(photos: list[Photo], number: str) -> list[Picture]:
    return pictures(photos[:MOST_PHOTOS], number)


def _contacts(routing: Routing, user: User, today: date) -> list[Contact]:
    if not routing.released_contact:
        return []
    whole_team = not user.rights.can(Perm.READ_REPORTERS) and LoopSettings.load().assistants_see_team_reporters
    known = set(Reporter.objects.visible_to(user, whole_team=whole_team).filter(concern=routing.concern_id))
    if not known:
        return []
    released = [one for one in released_contacts(routing, user=user, today=today) if one in known]
    return [Contact(one.label, _reach(one)) for one in released]


def _reach(reporter: Reporter) -> list[str]:
    phone = f"Telefon {reporter.phone}" if reporter.phone else ""
    return [line for line in (*reporter.address.splitlines(), phone, reporter.email) if line.strip()]
