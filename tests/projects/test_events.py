"""Events: planning, what came of them, the year after, photos, the public page (Z30, Z33)."""

from datetime import time, timedelta
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.urls import reverse

from concerns.models import Concern
from districts.models import EventFormat
from projects.actions import events as actions
from projects.actions.base import Conflict, LoopError
from projects.actions.tasks import settle_task
from projects.basket import events_to_repeat
from projects.models import Event, EventPhoto, Project, ProjectTask
from tests import make, make_projects, make_rooms
from tests.concerns import loop

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


@pytest.fixture
def event(mara, ost):
    return make_projects.event(by=mara, district=ost, title="Stadtteilfest", starts=time(14), is_public=True)


@pytest.fixture
def over(event):
    Event.objects.filter(pk=event.pk).update(on=make.today() - YESTERDAY)
    event.refresh_from_db()
    return event


@pytest.fixture
def typed(ost):
    day = (make.today() + timedelta(days=10)).isoformat()
    return {"title": "Kochaktion", "format": make.list_entry(EventFormat).pk, "district": ost.pk, "on": day}


def url(name, row):
    return reverse(f"projects:{name}", args=[row.pk])


def test_plans_an_event(client_of, asli, typed):
    sent = typed | {"starts": "17:30", "ends": "20:00", "invited_via": ["poster", "mail"], "repeats_yearly": "on"}
    answer = client_of(asli).post(reverse("projects:event_new"), sent)
    made = Event.objects.get()
    assert (answer.status_code, made.invited_names) == (303, ["Aushang oder Plakat", "E-Mail-Verteiler"])
    assert made.occasion == f"Kochaktion, {made.on:%d.%m.%Y}"


@pytest.mark.parametrize(("change", "field"), [
    ({"title": ""}, "title"),
    ({"on": "32.13.2026"}, "on"),
    ({"on": "2026-06-01", "until": "2026-06-01"}, "until"),
    ({"on": "2026-06-01", "until": "2026-09-01"}, "until"),
    ({"starts": "17:00", "ends": "16:00"}, "ends"),
    ({"ends": "16:00"}, "ends"),
    ({"invited_via": ["brieftaube"]}, "invited_via"),
    ({"district": "1" + "0" * 30}, "district"),
    ({"room": "room"}, "room"),
])  # fmt: skip
def test_says_beside_the_field_what_is_wrong(client_of, mara, typed, change, field):
    if "room" in change:
        change = {"room": make_rooms.room(office=mara.office).pk}
    answer = client_of(mara).post(reverse("projects:event_new"), typed | change)
    assert (answer.status_code, next(iter(answer.context["form"].errors))) == (422, field)
    assert not Event.objects.exists()


def test_teams_plan_only_in_their_own_district(client_of, paul, event, typed):
    client = client_of(paul)
    assert client.post(reverse("projects:event_new"), typed).status_code == 422
    steps = ("event_edit", "event_report", "event_cancel", "event_photo_new")
    assert [client.get(url(name, event)).status_code for name in steps] == [404] * 4
    assert client.get(event.get_absolute_url()).status_code == 200


def test_whoever_is_slower_compares_first(client_of, mara, event, typed):
    client, sent = client_of(mara), typed | {"title": event.title, "format": event.format_id}
    assert client.post(url("event_edit", event), sent | {"version": 1, "place": "Platz"}).status_code == 303
    late = client.post(url("event_edit", event), sent | {"version": 1, "place": "Wiese", "invited_via": ["flyer"]})
    assert late.status_code == 409
    assert ("Ort", "Platz", "Wiese") in late.context["differences"]
    assert ("Eingeladen über", "–", "Flyer, Briefkasten") in late.context["differences"]


class TestConcernsRaisedThere:
    def test_capture_opens_with_the_occasion(self, client_of, mara, event):
        client = client_of(mara)
        page = client.get(event.get_absolute_url())
        path = f"{reverse('concerns:capture')}?anlass={event.occasion.replace(' ', '%20').replace(',', '%2C')}"
        assert path in page.content.decode()
        form = client.get(reverse("concerns:capture"), {"anlass": event.occasion, "quartier": event.district_id})
        initial = form.context["sheet"].concern.initial
        known = (initial["occasion"], initial["channel"], initial["district"])
        assert known == (event.occasion, "event", event.district_id)

    @pytest.mark.parametrize(
        "query", [{"anlass": "x" * 5000, "quartier": "9" * 40}, {"anlass": "\0", "quartier": "-1"}]
    )
    def test_a_strange_address_opens_the_page_all_the_same(self, client_of, mara, query):
        assert client_of(mara).get(reverse("concerns:capture"), query).status_code == 200

    def test_are_counted_as_the_list_counts_them(self, client_of, mara, paul, event, ost):
        for n in range(3):
            loop.log(mara, title=f"Bank {n}", district=ost, topic=make.topic(), occasion=event.occasion)
        hidden = make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True), is_sensitive=True)
        Concern.objects.filter(pk=hidden.pk).update(occasion=event.occasion)
        shown = {}
        for person in (mara, paul):
            client = client_of(person)
            found = client.get(event.get_absolute_url()).context["collected"]
            shown[person] = found.count
            assert len(client.get(found.url).context["page"]) == int(found.count)
        assert shown == {mara: "4", paul: "3"}

    def test_partners_see_none_of_it(self, client_of, mara, tara, event, ost):
        event.organisers.add(tara.memberships.get().actor)
        loop.log(mara, title="Geheime Bank", district=ost, topic=make.topic(), occasion=event.occasion)
        html = client_of(tara).get(event.get_absolute_url()).content.decode()
        assert ("Stadtteilfest" in html, "Geheime Bank" in html, "Anliegen von dort" in html) == (True, False, False)

    def test_the_occasion_follows_the_title_until_somebody_has_used_it(self, mara, ost, event):
        moved = actions.save_event(event=event, version=1, by=mara, title="Sommerfest")
        assert moved.occasion == f"Sommerfest, {event.on:%d.%m.%Y}"
        loop.log(mara, title="Bank", district=ost, topic=make.topic(), occasion=moved.occasion)
        again = actions.save_event(event=event, version=2, by=mara, title="Herbstfest")
        assert (again.title, again.occasion) == ("Herbstfest", moved.occasion)

    def test_no_two_events_share_one(self, mara, ost, preuswald, event):
        same = {"title": event.title, "on": event.on, "by": mara}
        made = [make_projects.event(district=one, **same) for one in (preuswald, preuswald)]
        assert len({one.occasion for one in (event, *made)}) == 3
        assert "Preuswald" in made[0].occasion


class TestAfterwards:
    def test_how_it_was(self, client_of, asli, over):
        sent = {"version": 1, "participants": "120", "is_estimate": "on", "costs": "340,50", "helpers": "12"}
        assert client_of(asli).post(url("event_report", over), sent).status_code == 303
        over.refresh_from_db()
        assert (over.status, over.participants, str(over.costs), over.is_estimate) == ("held", 120, "340.50", True)
        assert over.log.get(kind="moved").on == over.on

    @pytest.mark.parametrize("change", [{"costs": "-1"}, {"participants": "-4"}, {"costs": "1" + "0" * 30}])
    def test_what_cannot_be_is_said(self, client_of, mara, over, change):
        answer = client_of(mara).post(url("event_report", over), {"version": 1, "evaluation": "Gut.", **change})
        over.refresh_from_db()
        assert (answer.status_code, list(answer.context["form"].errors), over.status) == (422, list(change), "planned")

    @pytest.mark.parametrize("sent", [{}, {"costs": "12", "helpers": "3"}, {"evaluation": "  "}])
    def test_that_it_took_place_is_no_report(self, client_of, mara, over, sent):
        answer = client_of(mara).post(url("event_report", over), {"version": 1, **sent})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["participants"])
        with pytest.raises(LoopError, match="Zahl der Teilnehmenden oder eine kurze Auswertung"):
            actions.report_event(event=over, by=mara, costs=12)
        over.refresh_from_db()
        assert (over.status, over.log.filter(kind="moved").exists()) == ("planned", False)

    @pytest.mark.parametrize("sent", [{"participants": "0"}, {"evaluation": "Es kam niemand."}])
    def test_a_number_or_a_sentence_is_enough(self, client_of, mara, over, sent):
        assert client_of(mara).post(url("event_report", over), {"version": 1, **sent}).status_code == 303
        over.refresh_from_db()
        assert over.status == "held"

    def test_not_before_it_was(self, client_of, mara, event):
        answer = client_of(mara).post(url("event_report", event), {"version": 1, "participants": "5"})
        assert answer.status_code == 422
        event.refresh_from_db()
        assert event.status == "planned"

    def test_lies_in_the_basket_until_somebody_says_so(self, client_of, mara, paul, over):
        client = client_of(mara)
        tile = next(
            one for one in client.get(reverse("concerns:basket")).context["others"] if "Wie war" in one["label"]
        )
        assert (tile["count"], list(client.get(tile["url"]).context["page"])) == ("1", [over])
        assert list(client_of(paul).get(tile["url"]).context["page"]) == []
        actions.report_event(event=over, by=mara, participants=0)
        assert list(client.get(tile["url"]).context["page"]) == []

    def test_called_off_with_a_reason_and_back(self, client_of, mara, event):
        client = client_of(mara)
        assert client.post(url("event_cancel", event), {"reason": ""}).status_code == 422
        client.post(url("event_cancel", event), {"reason": "Sturm"})
        event.refresh_from_db()
        assert (event.status, event.cancel_reason) == ("cancelled", "Sturm")
        with pytest.raises(Conflict):
            actions.cancel_event(event=event, reason="noch einmal", by=mara)
        client.post(url("event_replan", event))
        event.refresh_from_db()
        assert (event.status, event.cancel_reason) == ("planned", "")

    def test_the_year_after_begins_with_what_there_was(self, client_of, mara, over):
        over.organisers.add(make.actor(name="Werkhof"))
        answer = client_of(mara).post(url("event_next", over))
        made = Event.objects.get(previous=over)
        assert answer.headers["Location"] == made.get_absolute_url()
        assert (made.on - over.on, made.on.weekday()) == (timedelta(weeks=52), over.on.weekday())
        known = (made.status, made.is_public, made.starts, made.organisers.get().name, made.participants)
        assert known == ("planned", False, over.starts, "Werkhof", None)
        client_of(mara).post(url("event_next", over))
        assert Event.objects.count() == 2

    def test_the_year_after_names_nobody_and_nothing_that_is_gone(self, mara, ost, over):
        gone = make.user(is_active=False)
        done = make_projects.completed(by=mara, districts=[ost])
        Event.objects.filter(pk=over.pk).update(keeper=gone, project=done)
        following = actions.plan_next(event=over, by=mara)
        assert (following.keeper, following.project) == (None, None)

    def test_called_off_its_open_tasks_are_dropped_unless_somebody_keeps_them(self, client_of, mara, event):
        task, done = make_projects.task(event=event), make_projects.task(event=event)
        settle_task(task=done, by=mara)
        client = client_of(mara)
        form = client.get(url("event_cancel", event)).context["form"]
        assert (form["drop_tasks"].label, form["drop_tasks"].initial) == ("Die offene Aufgabe entfällt", True)
        assert client.post(url("event_cancel", event), {"reason": "Sturm", "drop_tasks": "on"}).status_code == 303
        task.refresh_from_db()
        assert (task.status, task.result, task.settled_by) == ("dropped", "Die Veranstaltung ist abgesagt.", mara)
        assert ProjectTask.objects.get(pk=done.pk).status == "done"
        client.post(url("event_replan", event))
        task.refresh_from_db()
        assert (task.status, task.result, task.settled_on) == ("open", "", None)
        client.post(url("event_cancel", event), {"reason": "Sturm"})
        task.refresh_from_db()
        assert task.status == "open"

    def test_without_open_tasks_nobody_is_asked_about_them(self, client_of, mara, event):
        assert list(client_of(mara).get(url("event_cancel", event)).context["form"].fields) == ["reason"]

    def test_one_that_comes_every_year_is_proposed_again(self, client_of, mara, paul, asli, over):
        client, path = client_of(mara), reverse("projects:events_to_repeat")
        shown = lambda: [one.pk for one in client.get(path).context["page"]]  # noqa: E731
        Event.objects.filter(pk=over.pk).update(repeats_yearly=True)
        assert shown() == []  # first somebody says how it was
        Event.objects.filter(pk=over.pk).update(status="held")
        assert shown() == [over.pk]
        assert events_to_repeat(mara, make.today())["count"] == "1"
        assert events_to_repeat(asli, make.today())["count"] == "1"
        assert events_to_repeat(paul, make.today()) is None
        assert "Nächstes Jahr wieder?" in client.get(reverse("concerns:basket")).content.decode()
        client.post(url("event_next", over))
        assert shown() == []

    def test_one_that_does_not_come_again_is_proposed_no_more(self, client_of, mara, paul, over):
        Event.objects.filter(pk=over.pk).update(repeats_yearly=True, status="cancelled", cancel_reason="Sturm")
        assert events_to_repeat(mara, make.today())["count"] == "1"
        assert client_of(paul).post(url("event_stop", over)).status_code == 404
        assert client_of(mara).post(url("event_stop", over)).status_code == 303
        assert events_to_repeat(mara, make.today()) is None
        with pytest.raises(Conflict):
            actions.stop_repeating(event=over, by=mara)
        # Nor is what lies so far back that its next time would be over.
        Event.objects.filter(pk=over.pk).update(repeats_yearly=True, on=make.today() - timedelta(weeks=52))
        assert events_to_repeat(mara, make.today()) is None

    def test_one_that_was_is_not_moved_into_the_future(self, mara, over):
        held = actions.report_event(event=over, by=mara, participants=3)
        with pytest.raises(LoopError):
            actions.save_event(event=held, version=held.version, by=mara, on=make.today() + YESTERDAY)

    def test_so_many_of_one_name_are_refused_with_a_sentence(self, mara, ost):
        same = {
            "title": "Fest",
            "on": make.today(),
            "district": ost,
            "by": mara,
            "format": make.list_entry(EventFormat),
        }
        for _ in range(50):
            make_projects.event(**same)
        with pytest.raises(LoopError):
            make_projects.event(**same)

    def test_the_database_refuses_what_the_actions_do(self, event):
        wrong = ({"status": "cancelled"}, {"until": event.on}, {"costs": -1}, {"ends": time(13)}, {"occasion": ""})
        for fields in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Event.objects.filter(pk=event.pk).update(**fields)


class TestPhotos:
    def photo(self, name="fest.jpg", content=None):
        return SimpleUploadedFile(name, content or make.picture(), "image/jpeg")

    def add(self, client, event, **sent):
        known = {"photo": self.photo(), "caption": "Tische", "consent": "given"}
        return client.post(url("event_photo_new", event), {**known, **sent})

    def test_with_words_and_consent(self, client_of, asli, event):
        assert self.add(client_of(asli), event).status_code == 303
        made = EventPhoto.objects.get()
        assert (made.caption, made.consent, made.by) == ("Tische", "given", asli)

    @pytest.mark.parametrize(("sent", "field"), [
        ({"photo": ""}, "photo"),
        ({"caption": ""}, "caption"),
        ({"consent": ""}, "consent"),
        ({"photo": "bad"}, "photo"),
    ])  # fmt: skip
    def test_what_is_missing_is_said(self, client_of, mara, event, sent, field):
        sent = {"photo": self.photo(content=b"kein Bild")} if sent == {"photo": "bad"} else sent
        answer = self.add(client_of(mara), event, **sent)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    def test_the_same_one_is_taken_once(self, client_of, mara, event):
        client = client_of(mara)
        assert [self.add(client, event).status_code for _ in range(2)] == [303, 422]

    def test_who_sees_it(self, client_of, mara, paul, tara, enno, event):
        event.organisers.add(tara.memberships.get().actor)
        pks = {one: make_projects.photo(event=event, by=mara, consent=one).pk for one in ("given", "internal")}
        seen = {
            name: {
                consent: client_of(who).get(reverse("projects:event_photo", args=[pk])).status_code
                for consent, pk in pks.items()
            }
            for name, who in (("mara", mara), ("paul", paul), ("tara", tara), ("enno", enno), ("nobody", None))
        }
        team, others = {"given": 200, "internal": 200}, {"given": 200, "internal": 404}
        assert seen == {"mara": team, "paul": team, "tara": others, "enno": others, "nobody": others}
        Event.objects.filter(pk=event.pk).update(is_public=False)
        paths = [reverse("projects:event_photo", args=[pk]) for pk in pks.values()]
        assert [client_of(None).get(path).status_code for path in paths] == [404, 404]

    def test_one_removed_meanwhile_is_said_to_be_gone(self, mara, event):
        photo = make_projects.photo(event=event, by=mara)
        actions.remove_photo(photo=photo, by=mara)
        with pytest.raises(Conflict):
            actions.change_photo(photo=photo, caption="Hof", consent="internal", by=mara)

    def test_without_consent_it_goes_after_a_year(self, mara, event):
        old, new, agreed = (
            make_projects.photo(event=event, by=mara, consent=one) for one in ("internal", "internal", "given")
        )
        EventPhoto.objects.filter(pk__in=[old.pk, agreed.pk]).update(at=old.at - timedelta(days=366))
        assert actions.forget_internal_photos() == 1
        assert set(EventPhoto.objects.all()) == {new, agreed}

    def test_too_many(self, mara, event, monkeypatch):
        monkeypatch.setattr(actions, "MAX_PHOTOS", 1)
        make_projects.photo(event=event, by=mara)
        with pytest.raises(LoopError):
            make_projects.photo(event=event, by=mara)


class TestInPublic:
    """What everybody reads: nothing that was not released, nothing about people."""

    @pytest.fixture
    def page(self, client_of, mara, ost, event):
        actor, shy = make.actor(name="Werkhof", is_public=True), make.actor(name="Scheuer Verein")
        event.organisers.add(actor, shy)
        save = {"title": "Stadtteilfest", "description": "Ein Tisch für alle", "participation": "shaping"}
        actions.save_event(event=event, version=1, by=mara, open_points="Das Programm", **save)
        make_projects.event(by=mara, district=ost, title="Interner Abend")
        make_projects.event(by=mara, title="Anderswo", is_public=True)
        project = make_projects.project(by=mara, districts=[ost], title="Waldweg", is_public=True)
        Project.objects.filter(pk=project.pk).update(status="running")
        make_projects.project(by=mara, districts=[ost], title="Bloß eine Idee", is_public=True)
        return client_of(None).get(reverse("projects:events_public", args=["ost"])).content.decode()

    def test_shows_what_was_released(self, page):
        there = ("Stadtteilfest", "Ein Tisch für alle", "Mitgestaltung", "Das Programm", "Werkhof", "Waldweg")
        missing = ("Scheuer Verein", "Interner Abend", "Anderswo", "Bloß eine Idee", "Mara Lindt")
        assert [text in page for text in (*there, *missing)] == [True] * 6 + [False] * 5

    def test_a_cancelled_one_says_so(self, client_of, mara, event):
        actions.cancel_event(event=event, reason="Sturm", by=mara)
        html = client_of(None).get(reverse("projects:events_public", args=["ost"])).content.decode()
        assert ("abgesagt" in html, "Sturm" in html) == (True, True)
        text = client_of(None).get(reverse("projects:events_public_calendar", args=["ost"])).content.decode()
        assert "SUMMARY:ABGESAGT: Stadtteilfest" in text

    def test_the_calendar_holds_the_public_ones_and_is_sent_again_only_when_changed(self, client_of, mara, ost, event):
        make_projects.event(by=mara, district=ost, title="Interner Abend")
        client, path = client_of(None), reverse("projects:events_public_calendar", args=["ost"])
        first = client.get(path)
        text = first.content.decode()
        assert (text.count("BEGIN:VEVENT"), "SUMMARY:Stadtteilfest" in text) == (1, True)
        assert client.get(path, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304

    @pytest.mark.parametrize("month", ["", "2026-13", "x" * 4000, "0000-00", "٢٠٢٦-٠١", "9999-12"])
    def test_a_month_that_is_none_shows_this_one(self, client_of, ost, month):
        answer = client_of(None).get(reverse("projects:events_public_month", args=["ost"]), {"monat": month})
        assert (answer.status_code, answer.context["month"].first) == (200, make.today().replace(day=1))

    def test_the_month_names_every_day_of_an_event(self, client_of, mara, ost):
        first = make.today().replace(day=10)
        make_projects.event(by=mara, district=ost, on=first, until=first + timedelta(days=2), is_public=True)
        month = client_of(None).get(reverse("projects:events_public_month", args=["ost"])).context["month"]
        days = [day.on.day for week in month.weeks for day in week if day.events]
        assert (days, month.count) == ([10, 11, 12], 1)


@pytest.mark.parametrize("rows", [1, 9])
def test_the_month_asks_the_same_with_one_event_and_with_many(client_of, mara, ost, rows, django_assert_num_queries):
    made = [make_projects.event(by=mara, district=ost, on=make.today()) for _ in range(rows)]
    client, path = client_of(mara), reverse("projects:events_month")
    client.get(path)
    with django_assert_num_queries(8):
        html = client.get(path).content.decode()
    assert [one for one in made if f'<a href="{one.get_absolute_url()}">{one.title}</a>' not in html] == []


@pytest.mark.parametrize("rows", [1, 9])
def test_the_list_asks_the_same_with_one_row_and_with_many(client_of, mara, ost, rows, django_assert_num_queries):
    for _ in range(rows):
        make_projects.event(by=mara, district=ost)
    client = client_of(mara)
    client.get(reverse("projects:events"))
    with django_assert_num_queries(9):
        client.get(reverse("projects:events"))


@pytest.mark.parametrize(
    ("query", "found"), [({}, {"ahead"}), ({"when": "past"}, {"past"}), ({"when": ""}, {"ahead", "past"})]
)
def test_the_list_begins_with_what_is_to_come(client_of, mara, ost, query, found):
    rows = {"ahead": make_projects.event(by=mara, district=ost)}
    rows["past"] = make_projects.event(by=mara, district=ost, on=make.today() - YESTERDAY)
    page = client_of(mara).get(reverse("projects:events"), query).context["page"]
    assert set(page) == {rows[name] for name in found}


def test_a_photo_that_claims_too_many_pixels_is_named(client_of, mara, event):
    bad = BytesIO(b"\x89PNG\r\n\x1a\n" + b"\0" * 40)
    sent = {"photo": SimpleUploadedFile("bild.png", bad.getvalue()), "caption": "x", "consent": "given"}
    answer = client_of(mara).post(url("event_photo_new", event), sent)
    assert (answer.status_code, "bild.png" in answer.content.decode()) == (422, True)
