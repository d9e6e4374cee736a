"""The cast itself: everybody can do what their role says and nothing else."""

import pytest

from concerns.models import Concern, Routing
from districts.roles import Perm
from tests import make

pytestmark = pytest.mark.django_db


def test_roles_of_the_cast(mara, paul, asli, enno, lena, uwe, silke, adam):
    able = {
        person.name: {perm for perm in Perm if person.rights.can(perm)}
        for person in (mara, asli, enno, lena, silke, adam)
    }
    assert able == {
        "Mara Lindt": {
            Perm.READ_CONCERNS,
            Perm.LOG_CONCERN,
            Perm.TRIAGE,
            Perm.GIVE_FEEDBACK,
            Perm.READ_REPORTERS,
        },
        "Aslı Demir": {Perm.LOG_CONCERN, Perm.GIVE_FEEDBACK},
        "Enno Kraus": {Perm.ANSWER_ROUTINGS},
        "Lena Ortmann": {Perm.ANSWER_ROUTINGS, Perm.LEAD_DEPARTMENT},
        "Silke Faber": {Perm.READ_CONCERNS, Perm.COORDINATE, Perm.EDIT_MASTER_DATA, Perm.MANAGE_USERS},
        "Adam Nowak": {Perm.READ_CONCERNS, Perm.EDIT_MASTER_DATA, Perm.MANAGE_USERS},
    }


def test_routing_reaches_the_department_and_no_other(mara, ost, enno, uwe, stadtbetrieb):
    concern = make.concern(district=ost, owner=mara)
    routing = make.routing(concern=concern, department=stadtbetrieb)
    assert list(Routing.objects.visible_to(enno)) == [routing]
    assert list(Routing.objects.visible_to(uwe)) == []
    assert list(Concern.objects.visible_to(mara)) == [concern]
    assert Concern.objects.get().status == "forwarded"
