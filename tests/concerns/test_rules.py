"""Responsibility rules in the interface: sentences, overlap, validity split, preview, hand-on (K03, Q06)."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from concerns import routing
from concerns.actions import catalogue as actions
from concerns.actions.catalogue import RULE_OVERLAP
from concerns.models import ResponsibilityRule
from concerns.responsibility import suggest
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def muell(db):
    return make.topic(name="Wilder Müll", parent=make.theme(name="Sauberkeit"))


def url(name, *args):
    return reverse(f"concerns:{name}", args=args)


def data(rule_topic, responsible, /, **change):
    fields = {"topic": rule_topic.pk, "department": responsible.pk, "working_days": "5", "note": ""}
    return {**fields, **change}


def test_a_rule_reads_as_a_sentence(muell, stadtbetrieb, umwelt, ost):
    city = make.rule(topic=muell, department=stadtbetrieb, working_days=5, valid_from=date(2020, 1, 1))
    there = make.rule(
        topic=muell, department=umwelt, co_department=stadtbetrieb, district=ost, working_days=1,
        valid_to=date(2030, 12, 31),
    )  # fmt: skip
    borough = make.rule(topic=muell, department=umwelt, borough=ost.borough)
    assert [routing.describe(rule) for rule in (city, there, borough)] == [
        "Wilder Müll – im ganzen Stadtgebiet: E 18 Aachener Stadtbetrieb, 5 Arbeitstage, gültig ab 01.01.2020",
        "Wilder Müll – im Quartier Aachen-Ost: FB 36 Klima und Umwelt mit E 18 Aachener Stadtbetrieb, 1 Arbeitstag, "
        "gültig bis 31.12.2030",
        f"Wilder Müll – im Stadtbezirk {ost.borough}: FB 36 Klima und Umwelt, 10 Arbeitstage",
    ]


def test_a_rule_is_entered(silke, muell, stadtbetrieb, umwelt, ost):
    fields = data(muell, stadtbetrieb, district=ost.pk, co_department=umwelt.pk, valid_from="2026-01-01")
    response = make.client_of(silke).post(url("rule_new"), fields)
    rule = ResponsibilityRule.objects.get()
    assert (response.status_code, response.headers["Location"]) == (303, f"{url('rules')}#regel-{rule.pk}")
    assert (rule.district, rule.department, rule.co_department, rule.working_days, rule.valid_from) == (
        ost, stadtbetrieb, umwelt, 5, date(2026, 1, 1),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"working_days": "0"}, "working_days"),
        ({"working_days": "251"}, "working_days"),
        ({"working_days": "bald"}, "working_days"),
        ({"topic": "4711"}, "topic"),
        ({"department": ""}, "department"),
        ({"valid_from": "2026-05-02", "valid_to": "2026-05-01"}, "valid_to"),
        ({"co_department": "same"}, "co_department"),
        ({"district": "both"}, "borough"),
        ({"topic": "theme"}, "topic"),
        ({"department": "ended"}, "department"),
    ],
)
def test_a_rule_without_sense_is_refused_next_to_the_field(change, field, silke, muell, stadtbetrieb, ost):
    ended = make.department(valid_to=make.today() - timedelta(days=1))
    known = {"same": stadtbetrieb.pk, "theme": muell.parent_id, "ended": ended.pk}
    change = {name: known.get(value, value) for name, value in change.items()}
    if change.get("district") == "both":
        change = {"district": ost.pk, "borough": ost.borough_id}
    response = make.client_of(silke).post(url("rule_new"), data(muell, stadtbetrieb, **change))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert ResponsibilityRule.objects.count() == 0


@pytest.mark.parametrize(
    ("starts", "ends", "clash"),
    [
        ("", "", True),
        ("2026-06-30", "", True),
        ("2026-07-01", "", False),
        ("", "2025-12-31", False),
        ("", "2026-01-01", True),
    ],
)
def test_overlapping_rules_are_refused_by_the_form(starts, ends, clash, silke, muell, stadtbetrieb):
    make.rule(topic=muell, valid_from=date(2026, 1, 1), valid_to=date(2026, 6, 30))
    fields = data(muell, stadtbetrieb, valid_from=starts, valid_to=ends)
    response = make.client_of(silke).post(url("rule_new"), fields)
    if clash:
        assert (response.status_code, response.context["form"].non_field_errors()) == (422, [RULE_OVERLAP])
    assert ResponsibilityRule.objects.count() == (1 if clash else 2)


def test_overlapping_rules_are_refused_by_the_database(muell, stadtbetrieb, ost, preuswald):
    make.rule(topic=muell, district=ost)
    make.rule(topic=muell, district=preuswald)
    make.rule(topic=muell)
    for place in ({"district": ost}, {}):
        with pytest.raises(IntegrityError, match="rule_no_overlap"), transaction.atomic():
            make.rule(topic=muell, department=stadtbetrieb, **place)


def test_the_action_says_in_words_what_the_database_refuses(silke, muell, stadtbetrieb):
    make.rule(topic=muell)
    with pytest.raises(ValidationError) as refused:
        actions.save_rule(
            topic=muell, district=None, borough=None, department=stadtbetrieb, co_department=None, working_days=5,
            note="", valid_from=None, valid_to=None, by=silke,
        )  # fmt: skip
    assert refused.value.messages == [RULE_OVERLAP]
    assert ResponsibilityRule.objects.count() == 1


def test_replacing_from_a_day_splits_the_validity(silke, muell, stadtbetrieb, umwelt, ost):
    old = make.rule(
        topic=muell, department=stadtbetrieb, district=ost, valid_from=date(2020, 1, 1), valid_to=date(2030, 12, 31)
    )
    fields = {"from_day": "2026-07-01", "department": umwelt.pk, "working_days": "7", "note": "neu"}
    response = make.client_of(silke).post(url("rule_replace", old.pk), fields)
    assert response.status_code == 303
    assert list(
        ResponsibilityRule.objects.order_by("valid_from").values_list(
            "department__code", "district", "working_days", "note", "valid_from", "valid_to"
        )
    ) == [
        ("E 18", ost.pk, 10, "", date(2020, 1, 1), date(2026, 6, 30)),
        ("FB 36", ost.pk, 7, "neu", date(2026, 7, 1), date(2030, 12, 31)),
    ]
    answers = {day: suggest(muell, ost, day).department.code for day in (date(2026, 6, 30), date(2026, 7, 1))}
    assert answers == {date(2026, 6, 30): "E 18", date(2026, 7, 1): "FB 36"}


@pytest.mark.parametrize("day", ["2020-01-01", "2019-05-01", "2031-01-01", "irgendwann"])
def test_replacing_outside_the_validity_is_refused(day, silke, muell, umwelt):
    old = make.rule(topic=muell, valid_from=date(2020, 1, 1), valid_to=date(2030, 12, 31))
    fields = {"from_day": day, "department": umwelt.pk, "working_days": "7", "note": "bleibt stehen"}
    response = make.client_of(silke).post(url("rule_replace", old.pk), fields)
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["from_day"])
    assert response.context["form"]["note"].value() == "bleibt stehen"
    assert [rule.valid_to for rule in ResponsibilityRule.objects.all()] == [date(2030, 12, 31)]


def test_nothing_of_a_split_stays_when_the_second_half_fails(silke, muell, umwelt, stadtbetrieb):
    old = make.rule(topic=muell, department=umwelt, valid_to=date(2026, 12, 31))
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.replace_rule(
            rule=old, from_day=date(2026, 7, 1), department=stadtbetrieb, co_department=stadtbetrieb, working_days=5,
            note="", by=silke,
        )  # fmt: skip
    old.refresh_from_db()
    assert (old.valid_to, ResponsibilityRule.objects.count()) == (date(2026, 12, 31), 1)


def test_a_rule_is_ended_but_never_longer(silke, muell):
    rule = make.rule(topic=muell, valid_from=date(2020, 1, 1))
    client = make.client_of(silke)
    assert client.post(url("rule_end", rule.pk), {"last_day": "2026-03-31"}).status_code == 303
    rule.refresh_from_db()
    assert rule.valid_to == date(2026, 3, 31)
    for day in ("2026-04-01", "2019-12-31"):
        assert client.post(url("rule_end", rule.pk), {"last_day": day}).status_code == 422


def test_a_correction_keeps_its_own_place_free(silke, muell, stadtbetrieb, umwelt):
    rule = make.rule(topic=muell, department=stadtbetrieb)
    response = make.client_of(silke).post(url("rule", rule.pk), data(muell, umwelt, note="berichtigt"))
    rule.refresh_from_db()
    assert (response.status_code, rule.department, rule.note) == (303, umwelt, "berichtigt")


# --- preview ----------------------------------------------------------------------------------------------------------


def test_the_preview_explains_and_names_what_stands_back(silke, muell, stadtbetrieb, umwelt, ost):
    make.rule(topic=muell, department=stadtbetrieb, working_days=5)
    make.rule(topic=muell, department=umwelt, district=ost, working_days=7)
    query = {"topic": muell.pk, "district": ost.pk, "on": "2026-05-04"}
    client = make.client_of(silke)
    page = client.get(url("rule_preview"), query)
    fragment = client.get(url("rule_preview"), query, headers={"HX-Request": "true", "HX-Target": "answer"})
    sentence = "Geht an FB 36 Klima und Umwelt – weil Thema „Wilder Müll“ im Quartier Aachen-Ost; Frist 7 Arbeitstage."
    other = "Wilder Müll – im ganzen Stadtgebiet: E 18 Aachener Stadtbetrieb, 5 Arbeitstage"
    for response in (page, fragment):
        assert (sentence in response.content.decode(), other in response.content.decode()) == (True, True)
    assert ("<html" in page.content.decode(), "<html" in fragment.content.decode()) == (True, False)


def test_the_preview_follows_the_day_and_the_successor(silke, muell, stadtbetrieb, umwelt):
    make.rule(topic=muell, department=umwelt)
    umwelt.successor, umwelt.valid_to = stadtbetrieb, date(2026, 6, 30)
    umwelt.save()
    client = make.client_of(silke)

    def answer(day):
        return client.get(url("rule_preview"), {"topic": muell.pk, "on": day}).context["suggestion"].department.code

    assert (answer("2026-06-30"), answer("2026-07-01")) == ("FB 36", "E 18")


def test_the_preview_says_when_there_is_no_rule_and_when_the_case_is_wrong(silke, muell):
    client = make.client_of(silke)
    response = client.get(url("rule_preview"), {"topic": muell.pk, "on": "2026-05-04"})
    assert (response.status_code, response.context["suggestion"]) == (200, None)
    assert f"{url('rule_new')}?thema={muell.pk}" in response.content.decode()
    wrong = client.get(url("rule_preview"), {"topic": "4711", "district": "x", "on": "gestern"})
    assert (wrong.status_code, sorted(wrong.context["form"].errors)) == (422, ["district", "on", "topic"])


# --- lists and reports ------------------------------------------------------------------------------------------------


def test_the_list_shows_what_applies_today_unless_asked_otherwise(silke, muell, stadtbetrieb, umwelt, ost):
    today = make.today()
    make.rule(topic=muell, department=stadtbetrieb, valid_to=today - timedelta(days=1))
    make.rule(topic=muell, department=umwelt, valid_from=today, valid_to=today)
    make.rule(topic=muell, department=stadtbetrieb, valid_from=today + timedelta(days=1))
    make.rule(topic=muell, department=stadtbetrieb, district=ost)
    client = make.client_of(silke)

    def count(**query):
        return client.get(url("rules"), query).context["count"]

    assert (count(), count(when="vergangen"), count(when="künftig"), count(when="alle")) == (2, 1, 1, 4)
    assert (count(department=umwelt.pk), count(district=ost.pk), count(theme=muell.parent_id)) == (1, 1, 2)
    assert count(when="nie") == 0


@pytest.mark.parametrize("extra", [0, 6])
def test_the_list_costs_the_same_for_few_and_many(extra, django_assert_num_queries, silke, muell):
    for _ in range(1 + extra):
        make.rule(department=make.department(), topic=make.topic())
    client = make.client_of(silke)
    with django_assert_num_queries(8):
        assert client.get(url("rules")).status_code == 200


def test_rules_of_a_merged_department_are_handed_on(silke, muell, stadtbetrieb, umwelt, ost):
    last = date(2026, 6, 30)
    running = make.rule(topic=muell, department=umwelt, co_department=stadtbetrieb, valid_from=date(2020, 1, 1))
    coming = make.rule(topic=muell, department=umwelt, district=ost, valid_from=date(2026, 9, 1))
    over = make.rule(topic=make.topic(), department=umwelt, valid_to=date(2025, 12, 31))
    umwelt.successor, umwelt.valid_to = stadtbetrieb, last
    umwelt.save()
    response = make.client_of(silke).post(url("rules_hand_on", umwelt.pk))
    assert response.status_code == 303
    for rule in (running, coming, over):
        rule.refresh_from_db()
    new = ResponsibilityRule.objects.exclude(pk__in=[running.pk, coming.pk, over.pk]).get()
    assert (running.department, running.valid_to) == (umwelt, last)
    assert (new.department, new.co_department, new.valid_from) == (stadtbetrieb, None, date(2026, 7, 1))
    assert (coming.department, over.department, over.valid_to) == (stadtbetrieb, umwelt, date(2025, 12, 31))
    assert actions.hand_rules_on(department=umwelt, by=silke) == 0
