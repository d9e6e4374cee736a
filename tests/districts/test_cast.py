"""The cast itself: everybody can do what their role says and nothing else."""

import pytest

from concerns.models import Concern, Routing
from districts.roles import Perm
from tests import make

pytestmark = pytest.mark.django_db


def test_roles_of_the_cast(mara, paul, asli, enno, lena, uwe, silke, adam, tara, rita):
    sharing = {Perm.READ_SHARES, Perm.BOOK_ROOMS}
    able = {
        person.name: {perm for perm in Perm if person.rights.can(perm)}
        for person in (mara, asli, enno, lena, silke, adam, tara, rita)
    }
    directory = {Perm.READ_ACTORS, Perm.EDIT_ACTORS, Perm.CONTACT_LOG}
    assert able == {
        "Mara Lindt": {
            Perm.READ_CONCERNS,
            Perm.LOG_CONCERN,
            Perm.TRIAGE,
            Perm.GIVE_FEEDBACK,
            Perm.READ_REPORTERS,
            Perm.KEEP_HOURS,
            Perm.READ_OFFERS,
            Perm.READ_ALL_OFFERS,
            Perm.READ_OFFICES,
            *sharing,
            Perm.SHARE_OFFICES,
            Perm.READ_EVALUATION,
            Perm.CONFIDENTIAL_LOG,
            Perm.READ_POSTS,
            *(Perm.READ_BODIES, Perm.EDIT_BODIES, Perm.WRITE_MINUTES),
            *(Perm.READ_NEEDS, Perm.EDIT_NEEDS, Perm.DECIDE_NEEDS),
            *(Perm.READ_PROJECTS, Perm.EDIT_PROJECTS, Perm.EDIT_EVENTS),
            *(Perm.READ_PR, Perm.DRAFT_PR, Perm.EDIT_PR),
            *(Perm.READ_FUNDS, Perm.DRAFT_APPLICATIONS, Perm.KEEP_FUNDS),
            *(Perm.READ_PLANS, Perm.READ_FUNDING, Perm.CONTRIBUTE_TO_PLANS, Perm.READ_FINANCE, Perm.WRITE_FINANCE),
            *directory,
        },
        "Aslı Demir": {
            *(Perm.LOG_CONCERN, Perm.GIVE_FEEDBACK, Perm.READ_OFFERS, Perm.READ_ALL_OFFERS, Perm.READ_OFFICES),
            Perm.KEEP_HOURS,
            *(Perm.READ_BODIES, Perm.WRITE_MINUTES),
            *(Perm.READ_NEEDS, Perm.EDIT_NEEDS),
            *(Perm.READ_PROJECTS, Perm.EDIT_EVENTS),
            *(Perm.READ_PR, Perm.DRAFT_PR),
            *(Perm.READ_FUNDS, Perm.DRAFT_APPLICATIONS),
            *(Perm.READ_PLANS, Perm.READ_FUNDING),
            *directory,
            *sharing,
        },
        "Enno Kraus": {
            Perm.ANSWER_ROUTINGS,
            *(Perm.SEE_INVITATIONS, Perm.SEE_PARTNER_PROJECTS),
            *(Perm.READ_PLANS, Perm.READ_FUNDING),
            Perm.READ_OFFERS,
            Perm.READ_OFFICES,
            Perm.READ_ACTORS,
        },
        "Lena Ortmann": {
            Perm.ANSWER_ROUTINGS,
            Perm.LEAD_DEPARTMENT,
            *(Perm.SEE_INVITATIONS, Perm.SEE_PARTNER_PROJECTS),
            *(Perm.READ_PLANS, Perm.READ_FUNDING),
            Perm.READ_OFFERS,
            Perm.READ_OFFICES,
            Perm.READ_ACTORS,
        },
        "Silke Faber": {
            Perm.READ_CONCERNS,
            Perm.COORDINATE,
            Perm.EDIT_MASTER_DATA,
            Perm.MANAGE_USERS,
            Perm.READ_EVALUATION,
            Perm.EVALUATE,
            Perm.READ_ACTORS,
            Perm.EDIT_ALL_ACTORS,
            Perm.READ_OFFERS,
            Perm.READ_ALL_OFFERS,
            Perm.READ_OFFICES,
            Perm.READ_SHARES,
            Perm.SHARE_ALL_OFFICES,
            Perm.READ_POSTS,
            Perm.EDIT_POSTS,
            *(Perm.READ_BODIES, Perm.EDIT_ALL_BODIES),
            *(Perm.READ_NEEDS, Perm.REPORT_ALL_NEEDS),
            *(Perm.READ_PROJECTS, Perm.EDIT_ALL_PROJECTS),
            *(Perm.READ_PR, Perm.APPROVE_PR),
            *(Perm.READ_FUNDS, Perm.EDIT_ALL_FUNDS),
            *(Perm.READ_PLANS, Perm.EDIT_PLANS, Perm.READ_FUNDING, Perm.EDIT_FUNDING, Perm.READ_FINANCE),
        },
        "Adam Nowak": {Perm.READ_CONCERNS, Perm.EDIT_MASTER_DATA, Perm.MANAGE_USERS, Perm.READ_OFFICES},
        "Tara Brandis": {
            *(Perm.OWN_ACTOR, Perm.OWN_OFFERS, Perm.OWN_PROJECTS, Perm.BOOK_ROOMS),
            *(Perm.SEE_INVITATIONS, Perm.READ_OWN_BODIES),
        },
        "Rita Vossen": {Perm.APPROVE_PR},
    }


def test_routing_reaches_the_department_and_no_other(mara, ost, enno, uwe, stadtbetrieb):
    concern = make.concern(district=ost, owner=mara)
    routing = make.routing(concern=concern, department=stadtbetrieb)
    assert list(Routing.objects.visible_to(enno)) == [routing]
    assert list(Routing.objects.visible_to(uwe)) == []
    assert list(Concern.objects.visible_to(mara)) == [concern]
    assert Concern.objects.get().status == "forwarded"
