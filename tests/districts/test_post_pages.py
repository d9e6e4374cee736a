"""The pages about posts and assignments: what they show, that bad input stays, and what they cost (Z06–Z12)."""

from datetime import date

import pytest
from django.db import IntegrityError
from django.urls import reverse

from districts.actions import assignments as actions
from districts.actions import tasks as task_actions
from districts.actions.base import Conflict
from districts.models import Assignment, DistrictClassification, DistrictStructure, Staffing, TaskAgreement
from districts.task_matrix import matrix
from tests import make, make_posts

pytestmark = pytest.mark.django_db

NEW_YEAR = date(2019, 1, 1)
URL = {name: reverse(f"districts:{name}") for name in ("posts", "timeline", "expiring", "uncovered", "models")}


def at(name, *args):
    return reverse(f"districts:{name}", args=args)


def page(client, url, query=None, **options):
    response = client.get(url, query, **options)
    assert response.status_code == 200
    return response.content.decode()


@pytest.fixture
def joint(silke, ost, preuswald):
    """One post for two quarters since 2019, of which three quarters are filled."""
    made = make_posts.assignment(
        name="Gemeinsames Quartiersmanagement", districts=[ost, preuswald], starts_on=NEW_YEAR, by=silke
    )
    post = make_posts.post(assignment=made, name="Gemeinsame Stelle", valid_from=NEW_YEAR, by=silke)
    make_posts.staffing(post=post, name="Fachkraft N. N.", share="0.75", valid_from=NEW_YEAR, by=silke)
    make_posts.classification(district=ost, by=silke)
    return made


def test_key_date_picks_what_is_shown_and_htmx_gets_only_that(client_of, mara, joint):
    client = client_of(mara)
    whole = page(client, URL["posts"], {"stichtag": "2019-01-01"})
    assert "Stellen geplant: 1,0, besetzt: 0,75, frei: 0,25" in whole
    assert "Einsatz anlegen" not in whole
    assert f'href="{URL["uncovered"]}?stichtag=2019-01-01"' in whole
    headers = {"HX-Request": "true", "HX-Target": "posts"}
    part = page(client, URL["posts"], {"stichtag": "2018-12-31"}, headers=headers)
    assert "An diesem Tag läuft kein Einsatz" in part
    assert "<html" not in part
    answer = client.get(URL["posts"], {"stichtag": "morgen"})
    assert (answer.status_code, "gültiges Datum" in answer.content.decode()) == (422, True)


def test_gaps_with_and_without_the_joint_assignment(client_of, silke, joint):
    client = client_of(silke)
    assert "0 von 1 Quartier" in page(client, URL["uncovered"], {"stichtag": "2019-01-01"})
    without = page(client, URL["uncovered"], {"stichtag": "2019-01-01", "ohne": joint.pk})
    assert "1 von 1 Quartier" in without
    assert f'href="{at("structure", joint.districts.first().pk)}"' in without


def test_a_new_assignment_keeps_what_was_typed_when_something_is_wrong(client_of, silke, ost):
    client, carrier = client_of(silke), make_posts.carrier(name="Stadt, FB 56")
    make.actor(name="Ohne Trägertyp")
    typed = {
        "name": "QFI Ost", "type": "thematic", "theme": "", "districts": [ost.pk], "carrier": "Ohne Trägertyp",
        "status": "running", "starts_on": "2019-01-01", "ends_on": "2018-12-31",
    }  # fmt: skip
    answer = client.post(at("assignment_new"), typed)
    words = answer.content.decode()
    told = ("Ein thematischer Einsatz braucht ein Thema.", "Das Ende liegt vor dem Anfang.", "Keinen Akteur")
    assert (answer.status_code, [one for one in told if one not in words], "QFI Ost" in words) == (422, [], True)
    assert Assignment.objects.count() == 0
    right = typed | {"theme": "Integration", "carrier": carrier.name, "ends_on": "2019-12-31"}
    answer = client.post(at("assignment_new"), right)
    made = Assignment.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, made.get_absolute_url())
    assert (made.carriers.get().actor, made.terms.get().ends_on) == (carrier, date(2019, 12, 31))


def test_whoever_is_slower_compares_first(client_of, silke, joint, ost, preuswald):
    client, url = client_of(silke), reverse("concerns:assignment_edit", args=[joint.pk])
    actions.change_assignment(
        assignment=joint, version=1, by=silke, districts=[ost, preuswald], strategy_note="Schon ergänzt"
    )
    typed = {"name": "Umbenannt", "type": "general", "districts": [ost.pk, preuswald.pk], "version": 1}
    answer = client.post(url, typed)
    words = answer.content.decode()
    assert (answer.status_code, "Schon ergänzt" in words, 'value="Umbenannt"' in words) == (409, True, True)
    joint.refresh_from_db()
    assert (joint.name, joint.version) == ("Gemeinsames Quartiersmanagement", 2)
    assert client.post(url, typed | {"version": 2}).status_code == 303


def test_posts_shares_and_staffing_by_form(client_of, silke, mara, joint, ost):
    client = client_of(silke)
    new = {"name": "Zweite", "district": ost.pk, "share": "0,5", "valid_from": "2020-01-01"}
    assert client.post(at("post_new", joint.pk), new).status_code == 303
    post = joint.posts.get(name="Zweite")
    client.post(at("post_share_new", post.pk), {"share": "", "valid_from": "2021-01-01"})
    shares = [(one.words, one.valid_to) for one in post.shares.all()]
    assert shares == [("0,5", date(2020, 12, 31)), ("unbekannt", None)]
    answer = client.post(at("post_share_new", post.pk), {"share": "1", "valid_from": "2019-06-01"})
    assert (answer.status_code, "Ab 01.01.2020 gilt schon 0,5" in answer.content.decode()) == (422, True)
    new = {"person": mara.pk, "name": "", "role": "manager", "share": "0.50", "valid_from": "2020-01-01"}
    assert client.post(at("staffing_new", post.pk), new).status_code == 303
    other = at("staffing_new", joint.posts.get(name="Gemeinsame Stelle").pk)
    answer = client.post(other, new | {"share": "0.75"})
    assert (answer.status_code, "käme zusammen auf 1,25 Stellen" in answer.content.decode()) == (422, True)
    both = client.post(other, new | {"name": "N. N.", "share": "0,05"})
    assert (both.status_code, "entweder eine Person" in both.content.decode()) == (422, True)
    assert Staffing.objects.filter(person=mara).count() == 1
    found = Staffing.objects.get(person=mara)
    ended = new | {"valid_to": "2020-12-31", "version": 1}
    assert client.post(reverse("concerns:staffing", args=[found.pk]), ended).status_code == 303
    assert client.post(reverse("concerns:staffing", args=[found.pk]), ended).status_code == 409


def test_terms_and_decisions_by_form(client_of, silke, joint):
    client = client_of(silke)
    granted = {"reason": "granted", "ends_on": "2020-12-31", "on": "2019-01-01"}
    assert client.post(at("term_new", joint.pk), granted).status_code == 303
    early = {"reason": "extended", "ends_on": "2020-06-30", "on": "2019-01-01", "reference": "Az. 7"}
    answer = client.post(at("term_new", joint.pk), early)
    words = answer.content.decode()
    assert (answer.status_code, "reicht über den 31.12.2020 hinaus" in words, "Az. 7" in words) == (422, True, True)
    decision = {"choice": "extend", "reason": "Läuft gut.", "on": "2020-01-01", "new_end": "2021-12-31"}
    assert client.post(at("decision_new", joint.pk), decision).status_code == 303
    assert client.post(at("decision_new", joint.pk), decision | {"reason": ""}).status_code == 422
    joint.refresh_from_db()
    assert joint.ends_on == date(2021, 12, 31)
    shown = page(client, joint.get_absolute_url())
    told = ("Läuft gut.", "31.12.2020", "31.12.2021", "Verlängern", "Ende ist vorbei")
    assert [one for one in told if one not in shown] == []


def test_a_state_that_cannot_be_reached_is_told(client_of, silke, joint):
    answer = client_of(silke).post(
        reverse("concerns:assignment_move", args=[joint.pk]), {"status": "aimed"}, follow=True
    )
    assert "Von dort führt kein Weg dorthin" in answer.content.decode()
    joint.refresh_from_db()
    assert joint.status == "running"
    nonsense = client_of(silke).post(
        reverse("concerns:assignment_move", args=[joint.pk]), {"status": "<b>"}, follow=True
    )
    assert "Von dort führt kein Weg dorthin" in nonsense.content.decode()


# --- Tasks ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def tandem(silke, joint):
    """Steering by the city, planning and community work by two others; the tasks are proposed."""
    areas = ("steering", "planning", "community")
    actors = {f"{area}_actor": make_posts.carrier(name=f"Akteur {area}") for area in areas}
    joint.refresh_from_db()
    made = actions.set_model(assignment=joint, version=joint.version, model=4, by=silke, **actors)
    assert task_actions.propose_tasks(assignment=made, by=silke) == 89
    return made


def test_proposed_tasks_show_gaps_and_doubles(client_of, silke, tandem):
    rows = {row.task.code: row for row in matrix(tandem).rows}
    assert [code for code, row in rows.items() if row.is_gap] == ["TA07", "TB03", "TG05"]
    assert rows["TA09"].is_double
    assert not rows["TA16"].is_double
    client = client_of(silke)
    gaps = page(client, at("tasks", tandem.pk), {"zeigen": "luecken"})
    assert ("Das Entwicklungskonzept fortschreiben" in gaps, "Die Finanzen überwachen" in gaps) == (True, False)
    assert task_actions.propose_tasks(assignment=tandem, by=silke) == 0


def test_agreeing_on_a_task_settles_a_double(client_of, silke, tandem):
    planning, community, client = tandem.planning_actor, tandem.community_actor, client_of(silke)
    url = at("task", tandem.pk, "TA09")
    typed = {
        "version": 1, "is_needed": "on", f"actor_{planning.pk}": "responsible", "note": "Abgestimmt",
        f"actor_{community.pk}": "participating", "agreed_on": "2024-05-02",
    }  # fmt: skip
    assert client.post(url, typed).status_code == 303
    row = next(row for row in matrix(tandem).rows if row.task.code == "TA09")
    assert (row.responsible, row.participating, row.is_open) == ([planning], [community], False)
    slower = client.post(url, typed | {"note": "Zu spät"})
    words = slower.content.decode()
    assert (slower.status_code, "Zu spät" in words, "Abgestimmt" in words) == (409, True, True)
    off = client.post(url, {**typed, "version": 2, "is_needed": ""})
    assert (off.status_code, "hat keine Verantwortlichen" in off.content.decode()) == (422, True)
    assert client.get(at("task", tandem.pk, "TX99")).status_code == 404


def test_agreeing_leaves_no_half_done_task(silke, tandem):
    actor = tandem.planning_actor
    twice = [(actor, "responsible"), (actor, "participating")]
    known = {"is_needed": True, "note": "neu", "agreed_on": None, "version": 1, "by": silke}
    before = list(tandem.agreements.get(task="TA09").duties.values())
    with pytest.raises(IntegrityError, match="task_duty_once"):
        task_actions.agree_task(assignment=tandem, task="TA09", parts=twice, **known)
    after = tandem.agreements.get(task="TA09")
    assert (after.note, after.version, list(after.duties.values())) == ("", 1, before)


def test_two_first_agreements_on_a_task_do_not_overwrite_each_other(silke, joint):
    make_posts.agreement(assignment=joint, note="zuerst")
    with pytest.raises(Conflict):
        make_posts.agreement(assignment=joint, note="danach")
    assert TaskAgreement.objects.get().note == "zuerst"


# --- Structure and classification -------------------------------------------------------------------------------------


def test_the_structure_shows_what_is_there_and_what_is_missing(client_of, silke, mara, joint, ost, preuswald):
    make.network(name="Stadtteilnetz Ost", districts=[ost], kind="district")
    make.network(name="Nachbarn Ost", districts=[ost], kind="residents")
    make.network(name="Netz Preuswald", districts=[preuswald], kind="district")
    client, url = client_of(silke), at("structure", ost.pk)
    shown = page(client, url)
    told = ("2 von fünf Bausteinen fehlen", "Stadtteilnetz Ost", "Nachbarn Ost", "Stadtteilbüro Ost", "Fachkraft N. N.")
    assert [one for one in told if one not in shown] == []
    assert "Netz Preuswald" not in shown
    typed = {"version": 0, "coordinator": silke.pk, "deputy": silke.pk, "political": "Stadtteilbeirat"}
    answer = client.post(at("structure_edit", ost.pk), typed)
    assert (answer.status_code, "eine andere Person" in answer.content.decode()) == (422, True)
    assert client.post(at("structure_edit", ost.pk), typed | {"deputy": ""}).status_code == 303
    assert "Alle fünf Bausteine sind da" in page(client_of(mara), url)
    slower = client.post(at("structure_edit", ost.pk), typed | {"deputy": "", "political": "Kommission"})
    assert (slower.status_code, DistrictStructure.objects.get().political) == (409, "Stadtteilbeirat")


def test_a_district_is_classified_once_at_a_time(client_of, silke, joint, ost):
    client = client_of(silke)
    typed = {"district": ost.pk, "kind": "challenged", "basis": "Plan 2020", "valid_from": "2020-01-01"}
    answer = client.post(at("classification_new"), typed)
    assert (answer.status_code, "in dieser Zeit schon so eingestuft" in answer.content.decode()) == (422, True)
    assert client.post(at("classification_new"), typed | {"kind": "need"}).status_code == 303
    assert DistrictClassification.objects.filter(district=ost).count() == 2


def test_an_assignment_of_which_no_post_is_known_is_not_called_vacant(client_of, silke, ost):
    held = make_posts.assignment(districts=[ost])
    assert "Besetzung nicht bekannt" in page(client_of(silke), at("structure", ost.pk))
    make_posts.post(assignment=held)
    assert "nicht besetzt" in page(client_of(silke), at("structure", ost.pk))


# --- Hostile input and costs ------------------------------------------------------------------------------------------


def test_hostile_names_are_shown_as_text(client_of, silke, ost):
    name = "<script>alert(1)</script> & " + "x" * 90
    held = make_posts.assignment(name=name, districts=[ost])
    make_posts.staffing(post=make_posts.post(assignment=held, name=name), name=name)
    client = client_of(silke)
    for url in (*URL.values(), held.get_absolute_url(), at("tasks", held.pk), at("structure", ost.pk)):
        assert "<script>alert(1)" not in page(client, url)
    for query in ({"ab": "٣٣٣٣"}, {"ab": "9999"}, {"ab": "0000"}, {"ab": "x" * 5000}):
        page(client, URL["timeline"], query)
    page(client, at("tasks", held.pk), {"zeigen": "<b>"})
    assert client.get(URL["uncovered"], {"ohne": "x"}).status_code == 422


def test_a_version_of_what_was_never_stored_is_a_conflict(client_of, silke, joint, ost):
    client = client_of(silke)
    assert client.post(at("task", joint.pk, "TA01"), {"version": 7, "is_needed": "on"}).status_code == 409
    assert client.post(at("structure_edit", ost.pk), {"version": 7}).status_code == 409


COSTS = {"posts": 14, "timeline": 12, "expiring": 11, "uncovered": 7, "models": 5, "structures": 14}


@pytest.mark.parametrize("count", [1, 8])
@pytest.mark.parametrize("name", sorted(COSTS))
def test_pages_cost_the_same_for_one_and_many(client_of, silke, name, count, django_assert_num_queries):
    soon = make.today().replace(day=28)
    for _ in range(count):
        district = make.district()
        make.office(districts=[district])
        make.network(districts=[district])
        make_posts.classification(district=district, by=silke)
        held = make_posts.assignment(districts=[district], starts_on=NEW_YEAR, ends_on=soon.replace(year=soon.year + 1))
        make_posts.assignment(districts=[district], status="aimed")
        for _ in range(2):
            make_posts.staffing(post=make_posts.post(assignment=held))
    client = client_of(silke)
    client.get(at(name))
    with django_assert_num_queries(COSTS[name]):
        page(client, at(name))


@pytest.mark.parametrize("count", [1, 8])
def test_an_assignment_s_pages_cost_the_same_for_few_and_many_posts(
    client_of, silke, tandem, count, django_assert_num_queries
):
    for n in range(count):
        make_posts.staffing(post=make_posts.post(assignment=tandem))
        make_posts.assignment(predecessor=tandem)
        actions.decide(assignment=tandem, choice="expire", reason=f"So {n}.", on=NEW_YEAR, by=silke)
    client = client_of(silke)
    client.get(tandem.get_absolute_url())
    with django_assert_num_queries(18):
        page(client, tandem.get_absolute_url())
    with django_assert_num_queries(7):
        page(client, at("tasks", tandem.pk))
