"""Hand-overs of the demo city: somebody whose programme ends soon, smaller ones that were agreed to or declined."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from concerns.actions import proposals
from concerns.actions.triage import assign_owner
from concerns.duties import BY_KEY
from concerns.models import Concern, Handover, Routing
from concerns.workflow import ConcernStatus
from districts.demo import read
from districts.models import ContactNote, ContactPerson, District, Membership, Network, Office, User
from districts.roles import Role

LEAVES_IN = 12  # days


def is_loaded() -> bool:
    """Whether there are hand-overs already."""
    return Handover.objects.exists()


@transaction.atomic
def load(*, now: datetime) -> int:
    """Play the hand-overs beside a demo city with a directory; returns how many there are."""
    _end_of_a_programme(now)
    _among_colleagues(now)
    _in_a_department(now)
    return Handover.objects.count()


def _person(login: str) -> User:
    return User.objects.get(email__startswith=f"{login}@")


def _end_of_a_programme(now: datetime) -> None:
    """The programme in Eilendorf ends with three open concerns, one of them with feedback due (appendix K, 9)."""
    stays, district, today = _person("t.wierzba"), District.objects.get(slug="eilendorf"), timezone.localdate(now)
    row = read("leavers")[0]
    leaves = User.objects.create(
        email=row["email"],
        name=f"{row['first']} {row['last']}",
        password=stays.password,
        task=row["task"],
        languages=row["languages"],
        office=Office.objects.filter(districts__slug=row["office"]).first(),
    )
    since = today - timedelta(days=700)
    Membership.objects.create(
        user=leaves, role=Role.MANAGER, district=district, valid_from=since, valid_to=today + timedelta(days=LEAVES_IN)
    )
    mine = (
        Concern.objects.leads().filter(district=district, owner=stays, duplicates=None).order_by("-received_on", "pk")
    )
    due = list(mine.filter(status=ConcernStatus.FEEDBACK_DUE)[:1])
    others = list(mine.open().exclude(status=ConcernStatus.FEEDBACK_DUE)[: 3 - len(due)])
    for concern in (*due, *others):
        assign_owner(concern=concern, owner=leaves, by=stays, at=now)
    _let_keep(leaves, district)
    wanted = {"concern": [*due, *others], "note": ContactNote.objects.kept_by(leaves)}
    wanted |= {"contact": ContactPerson.objects.kept_by(leaves), "network": Network.objects.kept_by(leaves)}
    _propose(leaves, stays, at=now, **wanted)


def _let_keep(person: User, district: District) -> None:
    """What this person has looked after in the district until now."""
    here = ContactPerson.objects.filter(actor__districts=district, actor__merged_into=None, valid_to=None)
    ContactPerson.objects.filter(pk__in=here.filter(is_key_person=True).values("pk")[:2]).update(keeper=person)
    ContactNote.objects.open_follow_ups().filter(district=district).update(keeper=person)
    Network.objects.active().filter(districts=district).update(keeper=person)


def _among_colleagues(now: datetime) -> None:
    yilmaz, brandner, haddad = (_person(login) for login in ("a.yilmaz", "j.brandner", "s.haddad"))
    notes = ContactNote.objects.kept_by(yilmaz).filter(is_confidential=False).order_by("pk")
    if made := _propose(yilmaz, haddad, at=now - timedelta(days=9), note=notes[:1]):
        proposals.agree(handover=made, by=haddad, at=now - timedelta(days=8))
    networks = Network.objects.kept_by(brandner).filter(districts__slug="forst")
    if made := _propose(brandner, haddad, at=now - timedelta(days=6), network=networks[:1]):
        reason = "Die Treffen liegen abends, da arbeite ich nicht."
        proposals.decline(handover=made, reason=reason, by=haddad, at=now - timedelta(days=5))


def _in_a_department(now: datetime) -> None:
    pelzer, thoma = _person("d.pelzer"), _person("s.thoma")
    _propose(pelzer, thoma, at=now - timedelta(days=1), routing=Routing.objects.kept_by(pelzer).order_by("pk")[:2])


def _propose(person: User, to: User, *, at: datetime, **rows) -> Handover | None:
    wanted = [(BY_KEY[key], list(found)) for key, found in rows.items()]
    wanted = [(thing, found) for thing, found in wanted if found]
    return proposals.propose(person=person, shares=[(to, wanted)], by=person, at=at)[0] if wanted else None
