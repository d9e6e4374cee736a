"""The start page of Sozialplanung and the reports on the catalogue; never a reporter's data."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.leaving import leavers
from districts.roles import Role
from tests import make

pytestmark = pytest.mark.django_db

PAGES = ("coordination", "overrides", "ping_pong", "rule_reports")


def get(user, name):
    return make.client_of(user).get(reverse(f"concerns:{name}"))


def returned(concern, department, **fields):
    return make.routing(
        concern=concern, department=department, status="returned", finished_at=timezone.now(),
        return_reason="Nicht unser Bereich.", **fields,
    )  # fmt: skip


@pytest.fixture
def sensitive(ost, mara):
    return make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), title="Geheime Sache")


def test_escalated_routings_are_listed_most_overdue_first(silke, stadtbetrieb, sensitive):
    today = make.today()
    late = make.routing(department=stadtbetrieb, due_on=today - timedelta(days=20), escalation=3)
    later = make.routing(department=stadtbetrieb, due_on=today - timedelta(days=30), escalation=3)
    make.routing(department=stadtbetrieb, due_on=today - timedelta(days=9), escalation=2)
    make.routing(concern=sensitive, department=stadtbetrieb, escalation=3)
    page = get(silke, "coordination")
    assert list(page.context["escalated"]) == [later, late]
    assert page.context["escalated_count"] == 2


def test_topics_without_rule_are_counted_and_listed(silke, stadtbetrieb):
    covered, bare, over = make.topic(), make.topic(), make.topic()
    make.rule(topic=covered, department=stadtbetrieb)
    make.rule(topic=over, department=stadtbetrieb, valid_to=make.today() - timedelta(days=1))
    make.topic(is_active=False)
    assert get(silke, "coordination").context["without_rule"] == 2
    assert set(get(silke, "rule_reports").context["without_rule"]) == {bare, over}


def test_deviations_show_proposal_choice_and_reason(silke, stadtbetrieb, umwelt, sensitive):
    what = {"department": stadtbetrieb, "suggested_department": umwelt, "override_reason": "Liegt auf Betriebsgelände"}
    routing = make.routing(**what)
    old = make.routing(**what, sent_at=timezone.now() - timedelta(days=92))
    make.routing(department=umwelt, suggested_department=umwelt)
    make.routing(concern=sensitive, **what)
    page = get(silke, "overrides")
    assert list(page.context["page"]) == [routing], "the list holds what the tile counts"
    everything = make.client_of(silke).get(reverse("concerns:overrides") + "?alle")
    assert list(everything.context["page"]) == [routing, old]
    assert "Liegt auf Betriebsgelände" in page.content.decode()
    assert get(silke, "coordination").context["overrides"] == 1


def test_rules_that_come_back_are_counted(silke, stadtbetrieb, umwelt):
    topic = make.topic(name="Wilder Müll")
    for _ in range(2):
        returned(make.concern(topic=topic), stadtbetrieb, suggested_department=stadtbetrieb)
    make.routing(concern=make.concern(topic=topic), department=stadtbetrieb, suggested_department=stadtbetrieb)
    returned(make.concern(topic=topic), umwelt, suggested_department=stadtbetrieb, override_reason="Versuch")
    returned(
        make.concern(topic=topic), stadtbetrieb, suggested_department=stadtbetrieb,
        sent_at=timezone.now() - timedelta(days=400),
    )  # fmt: skip
    rows = [
        (row["concern__topic__name"], row["department__code"], row["returned"], row["sent"])
        for row in get(silke, "rule_reports").context["returned"]
    ]
    assert rows == [("Wilder Müll", "E 18", 2, 3)]


def test_ping_pong_means_twice_and_still_open(silke, stadtbetrieb, umwelt, sensitive):
    once, twice = make.concern(), make.concern()
    over = make.concern(
        reporters=[], status="closed", closed_at=timezone.now(), outcome="fulfilled", needs_triage=False
    )
    for concern in (once, twice, over, sensitive):
        returned(concern, stadtbetrieb)
    for concern in (twice, over, sensitive):
        returned(concern, umwelt)
    found = {concern.number: concern.times for concern in get(silke, "ping_pong").context["page"]}
    assert found == {twice.number: 2}
    assert get(silke, "coordination").context["ping_pong"] == 1


def test_people_whose_role_ends_are_reminded_of(silke, mara, paul, ost, preuswald):
    make.concern(district=ost, owner=mara)
    make.concern(district=None, owner=mara)
    make.concern(district=preuswald, owner=paul)
    assert leavers(make.today()) == []
    mara.memberships.update(valid_to=make.today() + timedelta(days=10))
    assert [(one.person, one.things) for one in leavers(make.today())] == [(mara, 2)]
    make.membership(user=mara, role=Role.ASSISTANT, district=ost)
    assert leavers(make.today()) == []
    paul.memberships.update(valid_to=make.today() - timedelta(days=1))
    assert [(one.person, one.things) for one in get(silke, "coordination").context["leavers"]] == [(paul, 1)]


def test_rules_of_ended_departments_are_shown_with_the_way_out(silke, stadtbetrieb, umwelt):
    rule = make.rule(department=umwelt)
    umwelt.successor, umwelt.valid_to = stadtbetrieb, make.today() - timedelta(days=1)
    umwelt.save()
    page = get(silke, "rule_reports")
    assert list(page.context["outdated"]) == [rule]
    assert reverse("concerns:rules_hand_on", args=[umwelt.pk]) in page.content.decode()


@pytest.mark.parametrize("name", PAGES)
def test_no_page_shows_who_reported_or_what_is_sensitive(name, silke, stadtbetrieb, umwelt, sensitive):
    for concern in (make.concern(title="Sperrmüll"), sensitive):
        returned(concern, stadtbetrieb, suggested_department=umwelt, override_reason="Versuch")
        returned(concern, umwelt)
        make.routing(concern=concern, department=make.department(), escalation=3)
    text = get(silke, name).content.decode()
    leaks = ("Geheimname", "0241 0", "Geheime Sache", sensitive.number)
    assert {leak: leak in text for leak in leaks} == dict.fromkeys(leaks, False)


@pytest.mark.parametrize("extra", [0, 5])
@pytest.mark.parametrize(
    ("name", "queries"), [("coordination", 29), ("overrides", 6), ("ping_pong", 6), ("rule_reports", 9)]
)
def test_pages_cost_the_same_for_few_and_many(extra, name, queries, django_assert_num_queries, silke):
    for _ in range(1 + extra):
        concern, department, other = make.concern(), make.department(), make.department()
        returned(concern, department, suggested_department=department)
        returned(concern, other, suggested_department=department, override_reason="Versuch")
        make.routing(concern=concern, department=department, escalation=3)
        make.rule(department=make.department(valid_to=make.today() - timedelta(days=1), successor=other))
        concern.owner.memberships.all().delete()
    client = make.client_of(silke)
    with django_assert_num_queries(queries):
        assert client.get(reverse(f"concerns:{name}")).status_code == 200
