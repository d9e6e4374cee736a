"""Resident groups and the three phases of activation (Z31, Z32, scenario 16)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from districts.actions.groups import change_phase, save_group
from districts.models import GroupPhase, ResidentGroup
from projects.actions.phases import assess_district
from projects.models import PhaseAssessment
from tests import make, make_projects

pytestmark = pytest.mark.django_db


@pytest.fixture
def actor(ost):
    return make.actor(name="Bewohnertreff", districts=[ost])


@pytest.fixture
def group(mara, actor):
    made = make_projects.group(actor=actor, by=mara)
    GroupPhase.objects.bulk_create([])
    return made


def path(name, actor):
    return reverse(f"districts:{name}", args=[actor.pk])


def test_a_group_begins_with_its_phase(client_of, mara, actor):
    sent = {"form": "loose", "moderation": "qm", "phase": "2", "members": "9", "topic": "Nachbarschaft"}
    assert client_of(mara).post(path("group_edit", actor), sent).status_code == 303
    made = ResidentGroup.objects.get()
    assert (made.phase, made.phases.get().phase, made.phases.get().since) == (2, 2, make.today())
    assert "Nachbarschaft" in client_of(mara).get(actor.get_absolute_url()).content.decode()


@pytest.mark.parametrize(("change", "field"), [
    ({"speakers": "Frau Kaya"}, "speakers_consent_on"),
    ({"speakers_consent_on": "2026-01-01"}, "speakers_consent_on"),
    ({"support_hours": "-1"}, "support_hours"),
    ({"founded_on": "2199-01-01"}, "founded_on"),
    ({"members": "1" + "0" * 30}, "members"),
    ({"phase": "4"}, "phase"),
])  # fmt: skip
def test_says_beside_the_field_what_is_wrong(client_of, mara, actor, change, field):
    sent = {"form": "loose", "moderation": "qm", "phase": "2", **change}
    answer = client_of(mara).post(path("group_edit", actor), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


class TestScenario16:
    """Moderation by elected citizens proposes phase 3; somebody decides, whichever way."""

    def elected(self, client, actor, group):
        sent = {"form": "loose", "moderation": "citizens", "version": group.version}
        client.post(path("group_edit", actor), sent)

    def test_it_is_proposed_on_the_page_and_on_the_board_and_taken(self, client_of, mara, actor, group, ost):
        client = client_of(mara)
        page = client.get(actor.get_absolute_url()).content.decode()
        assert "Das spricht für" not in page
        self.elected(client, actor, group)
        assert "Das spricht für <strong>Phase 3</strong>" in client.get(actor.get_absolute_url()).content.decode()
        board = client.get(reverse("projects:phases"), {"district": ost.pk})
        assert "Phase 3 vorgeschlagen" in board.content.decode()
        form = client.get(path("group_phase", actor)).context["form"]
        assert (form.initial["phase"], "gewählte" in form.initial["evidence"]) == (3, True)
        client.post(
            path("group_phase", actor), {"phase": "3", "since": make.today().isoformat(), "evidence": "Gewählt."}
        )
        group.refresh_from_db()
        assert (group.phase, group.proposed_phase) == (3, None)
        assert [(one.phase, one.moderation) for one in group.phases.all()] == [(3, "citizens"), (2, "qm")]

    def test_staying_in_the_phase_is_an_answer_too(self, client_of, mara, actor, group):
        client = client_of(mara)
        self.elected(client, actor, group)
        client.post(
            path("group_phase", actor), {"phase": "2", "since": make.today().isoformat(), "evidence": "Noch nicht."}
        )
        group.refresh_from_db()
        assert (group.phase, group.proposed_phase) == (2, None)


def test_the_history_is_only_added_to(mara, group):
    with pytest.raises(IntegrityError), transaction.atomic():
        group.phases.update(phase=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        group.phases.all().delete()


@pytest.mark.parametrize("days", [1, -40])
def test_a_phase_neither_begins_tomorrow_nor_before_the_last_one(client_of, mara, actor, group, days):
    since = make.today() + timedelta(days=days)
    sent = {"phase": "3", "since": since.isoformat(), "evidence": "x"}
    answer = client_of(mara).post(path("group_phase", actor), sent)
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["since"])


def test_two_who_enter_it_at_once_do_not_overwrite_each_other(client_of, mara, actor):
    client, sent = client_of(mara), {"form": "loose", "moderation": "qm", "phase": "2"}
    client.get(path("group_edit", actor))
    save_group(actor=actor, by=mara, topic="Garten")
    # The second had opened the empty form: it carries no version.
    answer = client.post(path("group_edit", actor), sent)
    assert answer.status_code in (409, 422)
    assert ResidentGroup.objects.get().topic == "Garten"


def test_what_weighs_on_a_group_stays_inside(client_of, mara, enno, actor):
    save_group(
        actor=actor, by=mara, overload="Eine trägt alles", speakers="Frau Kaya", speakers_consent_on=make.today()
    )
    seen = {who: client_of(who).get(actor.get_absolute_url()).content.decode() for who in (mara, enno)}
    assert [text in seen[mara] for text in ("Eine trägt alles", "Frau Kaya")] == [True, True]
    assert [text in seen[enno] for text in ("Eine trägt alles", "Frau Kaya", "Bewohnergruppe")] == [False, False, True]


class TestBoard:
    def test_has_groups_projects_and_events_by_phase(self, client_of, mara, actor, group, ost, preuswald):
        project = make_projects.project(by=mara, districts=[ost], phase=1)
        event = make_projects.event(by=mara, district=ost, phase=3)
        make_projects.project(by=mara, districts=[preuswald], phase=1)
        make_projects.event(by=mara, district=ost)
        board = client_of(mara).get(reverse("projects:phases")).context["board"]
        shown = [(one.groups, one.projects, one.events) for one in board.columns]
        assert shown == [([], [project], []), ([group], [], []), ([], [], [event])]
        assert board.without == 1

    @pytest.mark.parametrize("rows", [1, 8])
    def test_asks_the_same_with_one_row_and_with_many(self, client_of, mara, ost, rows, django_assert_num_queries):
        for _ in range(rows):
            make_projects.group(actor=make.actor(districts=[ost]), by=mara)
            make_projects.project(by=mara, districts=[ost], phase=2)
            make_projects.event(by=mara, district=ost, phase=2)
        client = client_of(mara)
        client.get(reverse("projects:phases"))
        with django_assert_num_queries(10):
            client.get(reverse("projects:phases"))

    def test_an_assessment_has_evidence_and_stays(self, client_of, mara, ost):
        client, day = client_of(mara), make.today() - timedelta(days=3)
        sent = {"district": ost.pk, "phase": "2", "on": day.isoformat(), "assessor": "Team", "evidence": ""}
        answer = client.post(reverse("projects:phase_assess"), sent)
        assert list(answer.context["form"].errors) == ["evidence"]
        client.post(reverse("projects:phase_assess"), sent | {"evidence": "Zwei Gruppen"})
        assess_district(district=ost, phase=3, on=make.today(), evidence="Gewählt", assessor="Team", by=mara)
        board = client.get(reverse("projects:phases")).context["board"]
        assert [one.phase for one in board.assessments] == [3, 2]
        again = client.post(reverse("projects:phase_assess"), sent | {"evidence": "noch eine"})
        assert list(again.context["form"].errors) == ["on"]

    def test_teams_assess_their_own_district_alone(self, client_of, paul, ost):
        sent = {"district": ost.pk, "phase": "2", "on": make.today().isoformat(), "assessor": "T", "evidence": "x"}
        answer = client_of(paul).post(reverse("projects:phase_assess"), sent)
        assert (answer.status_code, PhaseAssessment.objects.count()) == (422, 0)


class TestMovement:
    def test_says_who_moved_between_two_days(self, client_of, mara, ost):
        today = make.today()
        rows = {}
        for name, phases in (("Weiter", [2, 3]), ("Zurück", [3, 2]), ("Gleich", [2]), ("Neu", [])):
            actor = make.actor(name=name, districts=[ost])
            begun = today - timedelta(days=400 if phases else 20)
            group = save_group(actor=actor, by=mara, phase=phases[0] if phases else 1, founded_on=begun)
            for phase in phases[1:]:
                since = today - timedelta(days=30)
                change_phase(group=group, phase=phase, since=since, evidence="Gewählt", by=mara)
            rows[name] = group
        span = {"since": (today - timedelta(days=200)).isoformat(), "until": today.isoformat()}
        moves = client_of(mara).get(reverse("projects:phase_moves"), span).context["groups"]
        assert {one.name: one.words for one in moves} == {
            "Weiter": "weiter", "Zurück": "zurück", "Gleich": "gleich geblieben", "Neu": "neu",
        }  # fmt: skip
        before = {"since": "2001-01-01", "until": "2001-02-01"}
        assert client_of(mara).get(reverse("projects:phase_moves"), before).context["groups"] == []

    def test_names_places_and_leads_to_each_group(self, client_of, mara, ost, preuswald):
        both = make.actor(name="Beide", districts=[preuswald, ost])
        make_projects.group(actor=both, by=mara)
        make_projects.group(actor=make.actor(name="Anderswo", districts=[preuswald]), by=mara)
        page = client_of(mara).get(reverse("projects:phase_moves"), {"district": ost.pk})
        move, *others = page.context["groups"]
        assert (move.name, move.places, move.url, others) == (
            "Beide", f"{ost.short_name}, {preuswald.short_name}", both.get_absolute_url(), [],
        )  # fmt: skip

    @pytest.mark.parametrize("rows", [1, 12])
    def test_asks_the_same_with_one_group_and_with_many(self, client_of, mara, ost, rows, django_assert_num_queries):
        for _ in range(rows):
            make_projects.group(actor=make.actor(districts=[ost]), by=mara)
        client, path = client_of(mara), reverse("projects:phase_moves")
        client.get(path)
        with django_assert_num_queries(9):
            assert len(client.get(path).context["groups"]) == rows

    @pytest.mark.parametrize("span", [{"since": "2026-02-01", "until": "2026-01-01"}, {"since": "x"}])
    def test_a_span_that_is_none_is_said(self, client_of, mara, span):
        answer = client_of(mara).get(reverse("projects:phase_moves"), span)
        assert (answer.status_code, answer.context["span"]) == (422, None)
