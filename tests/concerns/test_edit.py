"""Correcting a concern and the people behind it; whoever was slower loses nothing."""

from dataclasses import replace

import pytest
from django.urls import reverse

from concerns.actions import feedback, intake
from concerns.actions.base import LoopError
from concerns.models import LoopSettings, Reporter, ReporterAccess
from districts.roles import Role
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db


@pytest.fixture
def concern(ost, mara):
    return make.concern(
        district=ost,
        owner=mara,
        title="Laterne",
        text="Flackert",
        topic=make.topic(name="Beleuchtung"),
        place="Park",
    )


@pytest.fixture
def url(concern):
    return reverse("concerns:edit", args=[concern.number])


@pytest.fixture
def typed(concern):
    return {
        "version": concern.version,
        "text": concern.text,
        "title": concern.title,
        "place": concern.place,
        "district": concern.district_id,
        "topic": concern.topic_id,
        "kind": concern.kind,
        "channel": concern.channel,
        "received_on": concern.received_on.isoformat(),
        "urgency": concern.urgency,
    }


def test_shows_what_is_stored(client_of, mara, concern, url):
    form = client_of(mara).get(url).context["form"]
    assert [form[name].value() for name in ("text", "title", "topic", "district", "version")] == [
        "Flackert",
        "Laterne",
        concern.topic_id,
        concern.district_id,
        concern.version,
    ]


def test_stores_what_was_changed(client_of, mara, concern, url, typed):
    answer = client_of(mara).post(url, {**typed, "text": "Ganz aus", "affected": "3"})
    assert (answer.status_code, answer.headers["Location"]) == (303, concern.get_absolute_url())
    concern.refresh_from_db()
    assert (concern.text, concern.affected, concern.version) == ("Ganz aus", 3, 2)
    assert concern.events.get(kind="edited").data == {"fields": ["affected", "text"]}


def test_nothing_changed_leaves_no_trace(client_of, mara, concern, url, typed):
    client_of(mara).post(url, typed)
    assert concern.events.filter(kind="edited").count() == 0


def test_the_slower_one_compares_and_decides(client_of, mara, asli, concern, url, typed):
    client_of(asli).post(url, {**typed, "text": "Aslı war schneller", "urgency": "danger"})
    client = client_of(mara)
    answer = client.post(url, {**typed, "text": "Mara war langsamer"})
    assert answer.status_code == 409
    assert answer.context["differences"] == [
        ("Was ist das Anliegen?", "Aslı war schneller", "Mara war langsamer"),
        ("Dringlichkeit", "Gefahr", "normal"),
    ]
    page = answer.content.decode()
    assert "Mara war langsamer</textarea>" in page
    concern.refresh_from_db()
    assert concern.text == "Aslı war schneller"
    again = {**typed, "text": "Mara war langsamer", "version": answer.context["form"]["version"].value()}
    assert client.post(url, again).status_code == 303
    concern.refresh_from_db()
    assert (concern.text, concern.urgency) == ("Mara war langsamer", "normal")


@pytest.mark.parametrize("version", ["", "x", None])
def test_without_a_version_nothing_is_changed(client_of, mara, concern, url, typed, version):
    sent = {name: value for name, value in {**typed, "version": version, "text": "Neu"}.items() if value is not None}
    assert client_of(mara).post(url, sent).status_code == 422
    concern.refresh_from_db()
    assert concern.text == "Flackert"


def test_a_closed_concern_is_not_changed(client_of, mara, concern, url, typed):
    concern.reporters.update(feedback_state="not_wanted", waiver_reason="not_wanted")
    type(concern).objects.filter(pk=concern.pk).update(
        status="closed", outcome="informed", closed_at="2026-01-01T10:00Z", needs_triage=False
    )
    answer = client_of(mara).post(url, {**typed, "text": "Neu"})
    assert answer.status_code == 409
    assert "Neu</textarea>" in answer.content.decode()


def test_in_another_district_it_belongs_to_the_team_there(client_of, asli, paul, preuswald, concern, url, typed):
    answer = client_of(asli).post(url, {**typed, "district": preuswald.pk})
    assert (answer.status_code, answer.headers["Location"]) == (303, reverse("home"))
    concern.refresh_from_db()
    assert (concern.district, concern.owner) == (preuswald, paul)
    assert concern.events.filter(kind="owner").count() == 1


def test_an_owner_who_works_there_too_keeps_it(client_of, mara, paul, preuswald, concern, url, typed):
    make.membership(user=mara, role=Role.ASSISTANT, district=preuswald)
    client_of(mara).post(url, {**typed, "district": preuswald.pk})
    concern.refresh_from_db()
    assert concern.owner == mara


def test_a_topic_no_longer_in_use_may_stay(client_of, mara, concern, url, typed):
    concern.topic.is_active = False
    concern.topic.save()
    other = make.topic(is_active=False)
    client = client_of(mara)
    assert client.post(url, {**typed, "text": "Neu"}).status_code == 303
    concern.refresh_from_db()
    assert client.post(url, {**typed, "version": concern.version, "topic": other.pk}).status_code == 422


def test_a_sensitive_topic_makes_it_sensitive(client_of, mara, silke, concern, url, typed):
    assert client_of(silke).get(concern.get_absolute_url()).status_code == 200
    client_of(mara).post(url, {**typed, "topic": make.topic(is_sensitive=True).pk})
    assert client_of(silke).get(concern.get_absolute_url()).status_code == 404


# --- People -----------------------------------------------------------------------------------------------------------

PERSON = {"kind": "resident", "channel": "email", "email": "neu@quartier.example", "language": "tr"}


def test_adds_a_person(client_of, mara, concern):
    url = reverse("concerns:reporter_add", args=[concern.number])
    client = client_of(mara)
    assert client.post(url, PERSON).status_code == 422
    answer = client.post(url, {**PERSON, "consent_store": "on"})
    assert (answer.status_code, answer.headers["Location"]) == (303, concern.get_absolute_url())
    added = concern.reporters.last()
    assert (added.email, added.language, added.taken_by) == ("neu@quartier.example", "tr", mara)


def test_corrects_a_person_and_notes_who_looked(client_of, mara, concern):
    reporter = concern.reporters.get()
    url = reverse("concerns:reporter_edit", args=[concern.number, reporter.pk])
    client = client_of(mara)
    page = client.get(url)
    assert page.context["form"]["name"].value() == reporter.name
    assert list(ReporterAccess.objects.values_list("user", "concern")) == [(mara.pk, concern.pk)]
    sent = {**PERSON, "name": "Geheimname Neu", "consent_store": "on", "plain_language": "on"}
    assert client.post(url, sent).status_code == 303
    reporter.refresh_from_db()
    assert (reporter.name, reporter.phone, reporter.email, reporter.plain_language) == (
        "Geheimname Neu",
        "",
        "neu@quartier.example",
        True,
    )


def test_becoming_anonymous_removes_the_data(client_of, mara, concern):
    reporter = concern.reporters.get()
    url = reverse("concerns:reporter_edit", args=[concern.number, reporter.pk])
    client_of(mara).post(url, {**PERSON, "kind": "anonymous", "name": "Geheimname", "consent_store": "on"})
    reporter.refresh_from_db()
    assert (reporter.kind, reporter.name, reporter.phone, reporter.channel) == ("anonymous", "", "", "notice")


def test_assistants_reach_only_those_they_took_in(client_of, asli, mara, concern):
    own = make.reporter(concern=concern, taken_by=asli)
    client = client_of(asli)
    url = {one: reverse("concerns:reporter_edit", args=[concern.number, one.pk]) for one in Reporter.objects.all()}
    foreign = concern.reporters.exclude(pk=own.pk).get()
    assert (client.get(url[own]).status_code, client.get(url[foreign]).status_code) == (200, 404)
    LoopSettings.objects.update_or_create(pk=1, defaults={"assistants_see_team_reporters": True})
    assert client.get(url[foreign]).status_code == 200


def test_a_person_of_another_concern_is_not_reached(client_of, mara, ost, concern):
    other = make.concern(district=ost, owner=mara).reporters.get()
    assert client_of(mara).get(reverse("concerns:reporter_edit", args=[concern.number, other.pk])).status_code == 404


def test_erased_people_are_not_edited(client_of, mara, concern):
    concern.reporters.update(name="", phone="", erased_at="2026-01-01T10:00Z")
    pk = concern.reporters.get().pk
    assert client_of(mara).get(reverse("concerns:reporter_edit", args=[concern.number, pk])).status_code == 404


class TestWhoWantsToHear:
    """Who raised it and how they want to hear decide whether they are owed anything (I1)."""

    NOTHING = replace(loop.PERSON, channel="none")

    def edit(self, reporter, data, mara):
        intake.edit_reporter(reporter=reporter, data=data, by=mara)
        reporter.refresh_from_db()
        return reporter.feedback_state, reporter.due

    def test_nothing_any_more(self, mara, stadtbetrieb):
        reporter = loop.answered(mara, stadtbetrieb).reporters.get()
        assert self.edit(reporter, self.NOTHING, mara) == ("not_wanted", "")
        assert reporter.waiver_reason == "not_wanted"

    @pytest.mark.parametrize("before", [NOTHING, intake.OWN_OBSERVATION])
    def test_an_answer_after_all(self, mara, stadtbetrieb, before):
        reporter = loop.answered(mara, stadtbetrieb, reporters=[before]).reporters.get()
        assert self.edit(reporter, loop.PERSON, mara) == ("open", "final")

    def test_before_there_is_an_answer(self, mara):
        reporter = loop.log(mara, reporters=[self.NOTHING]).reporters.get()
        assert self.edit(reporter, loop.PERSON, mara) == ("open", "")

    def test_a_closed_concern_stays_closed(self, mara, stadtbetrieb):
        reporter = loop.closed(mara, stadtbetrieb, reporters=[self.NOTHING]).reporters.get()
        assert self.edit(reporter, loop.PERSON, mara) == ("not_wanted", "")

    def test_a_waiver_somebody_gave_a_reason_for_outlives_a_corrected_name(self, mara, stadtbetrieb):
        reporter = loop.answered(mara, stadtbetrieb).reporters.get()
        feedback.waive(reporter=reporter, reason="not_wanted", note="Hat es schon gesehen", by=mara)
        assert self.edit(reporter, replace(loop.PERSON, name="Gerda Zorn-Ahl"), mara) == ("not_wanted", "")

    def test_what_was_heard_stays_heard(self, mara, stadtbetrieb):
        reporter = loop.answered(mara, stadtbetrieb).reporters.get()
        loop.tell(reporter, by=mara)
        assert self.edit(reporter, self.NOTHING, mara) == ("done", "")

    def test_nobody_is_owed_what_there_is_no_way_for(self, mara, stadtbetrieb):
        """The worklist goes by ways: without one the person would stand in none of its lists."""
        reporter = loop.answered(mara, stadtbetrieb, reporters=[self.NOTHING]).reporters.get()
        with pytest.raises(LoopError, match="auf welchem Weg"):
            feedback.take_back_waiver(reporter=reporter, by=mara)
