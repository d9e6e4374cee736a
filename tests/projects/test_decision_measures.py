"""A decision of a body becomes a measure of a draft (Z20, Z25)."""

import pytest
from django.urls import reverse

from concerns.actions.base import LoopError
from projects.actions.agenda import remove_item
from projects.actions.plans import begin_update
from projects.models import Measure
from tests import make, make_bodies, make_plans

pytestmark = pytest.mark.django_db


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


@pytest.fixture
def decision(ost, mara):
    held = make_bodies.held(body=make_bodies.body(districts=[ost]), by=mara)
    return make_bodies.item(
        session=held, kind="decision", title="Spielplatz erneuern", decision="Der Platz wird erneuert."
    )


@pytest.fixture
def draft(ost, silke):
    return make_plans.plan(by=silke, districts=[ost], title="Konzept Ost")


def values(form, **more):
    known = {name: form[name].value() for name in ("title", "description", "position")}
    return {**known, "kind": "social", "added_on": "03/2026", "status": "planned", **more}


def test_a_decision_becomes_a_measure_of_a_draft_and_both_pages_say_so(client_of, decision, draft, silke, mara):
    make_plans.in_force(by=silke, title="Schon beschlossen")
    page = client_of(silke).get(decision.session.get_absolute_url()).text
    assert url("measure_from_decision", decision.pk) in page
    chosen = client_of(silke).get(url("measure_from_decision", decision.pk)).text
    path = f"{url('measure_new', draft.pk)}?beschluss={decision.pk}"
    assert f'href="{path}"' in chosen
    assert "Schon beschlossen" not in chosen

    form = client_of(silke).get(path).context["form"]
    assert (form["title"].value(), form["description"].value()) == ("Spielplatz erneuern", "Der Platz wird erneuert.")
    answer = client_of(silke).post(path, values(form, goal=draft.goals.get().pk))
    assert answer.status_code == 303
    measure = Measure.objects.get(plan=draft)
    assert measure.decision == decision
    assert f'href="{measure.get_absolute_url()}"' in client_of(silke).get(decision.session.get_absolute_url()).text
    assert f'href="{decision.session.get_absolute_url()}"' in client_of(silke).get(measure.get_absolute_url()).text


def test_whoever_may_not_read_drafts_sees_the_measure_once_it_is_adopted(client_of, decision, draft, silke, asli):
    measure = make_plans.measure(plan=draft, by=silke, decision=decision, title="Neuer Platz")
    assert "Neuer Platz" not in client_of(asli).get(decision.session.get_absolute_url()).text
    make_plans.adopt(draft, silke)
    assert measure.get_absolute_url() in client_of(asli).get(decision.session.get_absolute_url()).text
    later = begin_update(plan=draft, as_of=make.today(), by=silke)
    carried = later.measures.get()
    assert carried.decision == decision
    page = client_of(silke).get(decision.session.get_absolute_url()).text
    assert carried.get_absolute_url() in page
    assert measure.get_absolute_url() not in page


def test_only_decisions_of_sessions_that_took_place(client_of, decision, draft, silke, mara):
    report = make_bodies.item(session=decision.session, kind="report")
    ahead = make_bodies.item(session=make_bodies.session(body=decision.session.body), kind="decision")
    for item in (report.pk, ahead.pk, 10**30, "x", "²"):
        assert client_of(silke).get(f"{url('measure_new', draft.pk)}?beschluss={item}").status_code == 404
    assert client_of(silke).get(url("measure_from_decision", ahead.pk)).status_code == 404
    assert client_of(mara).get(url("measure_from_decision", decision.pk)).status_code == 404
    with pytest.raises(LoopError, match="aus einem Beschluss"):
        make_plans.measure(plan=draft, by=silke, decision=report)
    assert not draft.measures.exists()


def test_an_item_that_became_a_measure_stays_on_the_agenda(draft, silke, mara, decision):
    bare = make_bodies.item(session=decision.session, kind="decision")
    make_plans.measure(plan=draft, by=silke, decision=bare)
    with pytest.raises(LoopError, match="Maßnahme"):
        remove_item(item=bare, by=mara)
