"""Rights on dates: validity, deputies, successors of departments (Q01, Q06, Q12, I9)."""

from datetime import timedelta

import pytest

from concerns.models import Concern, Routing
from districts.models import User
from districts.roles import Perm, Role
from tests import make

pytestmark = pytest.mark.django_db


def fresh(user):
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("starts", "ends", "counts"),
    [
        (None, None, True),
        (0, 0, True),  # both days are included
        (-5, 5, True),
        (1, None, False),
        (None, -1, False),
        (None, 0, True),
    ],
)
def test_a_role_counts_from_its_first_to_its_last_day(starts, ends, counts, ost):
    day = {
        name: value if value is None else make.today() + timedelta(days=value)
        for name, value in {"valid_from": starts, "valid_to": ends}.items()
    }
    person = make.user()
    make.membership(user=person, role=Role.MANAGER, district=ost, **day)
    assert fresh(person).rights.can(Perm.TRIAGE) is counts
    assert fresh(person).rights.districts(Perm.TRIAGE) == (frozenset({ost.pk}) if counts else frozenset())


def test_an_inactive_person_has_no_rights(mara):
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert fresh(mara).rights.perms == frozenset()


def test_a_scope_counts_only_for_the_role_it_belongs_to(ost, preuswald):
    person = make.user(role=Role.MANAGER, district=ost)
    make.membership(user=person, role=Role.ASSISTANT, district=preuswald)
    rights = fresh(person).rights
    assert rights.districts(Perm.TRIAGE) == {ost.pk}
    assert rights.districts(Perm.LOG_CONCERN) == {ost.pk, preuswald.pk}


@pytest.mark.parametrize(("starts", "ends", "counts"), [(0, 0, True), (-3, 3, True), (1, 3, False), (-3, -1, False)])
def test_a_deputy_has_the_rights_for_a_time(starts, ends, counts, mara, paul, ost):
    concern = make.concern(district=ost, owner=mara)
    make.deputyship(
        person=mara, deputy=paul, valid_from=make.today() + timedelta(days=starts),
        valid_to=make.today() + timedelta(days=ends),
    )  # fmt: skip
    deputy = fresh(paul)
    assert (ost.pk in deputy.rights.districts(Perm.TRIAGE)) is counts
    assert list(Concern.objects.mine(deputy)) == ([concern] if counts else [])
    assert (mara.pk in deputy.rights.stands_in_for) is counts


def test_nobody_stands_in_for_somebody_whose_access_is_closed(mara, paul, ost):
    make.deputyship(person=mara, deputy=paul)
    User.objects.filter(pk=mara.pk).update(is_active=False)
    assert fresh(paul).rights.districts(Perm.TRIAGE) == paul.rights.districts(Perm.TRIAGE) - {ost.pk}


def test_a_deputy_does_not_pass_rights_on(mara, paul, asli, ost):
    make.deputyship(person=mara, deputy=paul)
    make.deputyship(person=paul, deputy=asli)
    assert fresh(asli).rights.stands_in_for == {paul.pk}


def test_the_successor_answers_for_the_whole_chain(stadtbetrieb, umwelt, enno, uwe):
    oldest = make.department("FB 01", successor=umwelt)
    umwelt.successor = stadtbetrieb
    umwelt.save()
    routing = make.routing(department=oldest)
    assert list(Routing.objects.visible_to(fresh(enno))) == [routing]
    assert list(Routing.objects.visible_to(fresh(uwe))) == [routing]
    assert fresh(uwe).rights.department_ids == {umwelt.pk, oldest.pk}
    assert oldest.with_successor_ids() == [oldest.pk, umwelt.pk, stadtbetrieb.pk]


def test_a_circle_in_the_data_ends(stadtbetrieb, umwelt, enno):
    stadtbetrieb.successor, umwelt.successor = umwelt, stadtbetrieb
    stadtbetrieb.save()
    umwelt.save()
    assert fresh(enno).rights.department_ids == {stadtbetrieb.pk, umwelt.pk}
    assert stadtbetrieb.with_successor_ids() == [stadtbetrieb.pk, umwelt.pk]


def test_rights_cost_the_same_for_one_role_and_for_many(django_assert_num_queries, mara):
    for role in Role:
        make.membership(user=mara, role=role)
    person = fresh(mara)
    with django_assert_num_queries(4):  # deputyships, memberships, predecessors for both department roles
        assert person.rights.can(Perm.TRIAGE) is True
