"""The editorial calendar, calendars for programs, figures, the media's echo and what works (Z41, Z42)."""

from datetime import date, timedelta

import pytest
from django.urls import reverse

from projects.actions import public_relations as actions
from projects.figures import pr_figures
from projects.models import Clipping
from tests import make, make_pr

pytestmark = pytest.mark.django_db
PLAN, ECHO = reverse("projects:pr_plan"), reverse("projects:clippings")


@pytest.fixture
def here(ost, mara):
    return {"by": mara, "districts": [ost]}


def shown(client, **query):
    page = client.get(PLAN, query)
    return [(one.on.day, one.title, one.what) for one in page.context["entries"]]


class TestPlan:
    def test_shows_when_things_appear_and_run_out(self, client_of, mara, here):
        make_pr.item(title="Flyer A", publish_on=date(2031, 5, 2), runs_until=date(2031, 5, 20), **here)
        make_pr.item(title="Flyer B", publish_on=date(2031, 4, 2), runs_until=date(2031, 5, 3), **here)
        make_pr.item(title="Weg", status="archived", publish_on=date(2031, 5, 2), **here)
        make_pr.item(title="Ohne Tag", **here)
        assert shown(client_of(mara), monat="2031-05") == [
            (2, "Flyer A", "Flyer, Entwurf"), (3, "Flyer B", "Flyer läuft aus"), (20, "Flyer A", "Flyer läuft aus"),
        ]  # fmt: skip
        assert shown(client_of(mara), monat="2031-06") == []

    def test_is_filtered(self, client_of, mara, here, preuswald):
        day = date(2031, 5, 2)
        make_pr.item(title="A", publish_on=day, channels=["press"], **here)
        make_pr.item(title="B", publish_on=day, by=mara, districts=[preuswald], status="submitted")
        found = {
            key: [title for _, title, _ in shown(client_of(mara), monat="2031-05", **{key: value})]
            for key, value in (("district", preuswald.pk), ("channel", "press"), ("status", "submitted"))
        }
        assert found == {"district": ["B"], "channel": ["A"], "status": ["B"]}

    @pytest.mark.parametrize("month", ["", "x", "2031-13", "99999-01", "2031-\0", "0000-00", "9999-12"])
    def test_an_odd_month_is_this_one(self, client_of, mara, month):
        page = client_of(mara).get(PLAN, {"monat": month})
        assert page.status_code == 200
        assert page.context["month"].first == make.today().replace(day=1)

    def test_events_and_projects_stand_behind_it(self, client_of, mara, rita, ost):
        inner = make_pr.event(district=ost, title="Inneres Treffen", on=date(2031, 5, 4))
        make_pr.event(district=ost, title="Fest für alle", on=date(2031, 5, 5), is_public=True)
        make_pr.project(districts=[ost], title="Garten", starts_on=date(2031, 5, 6), ends_on=date(2032, 1, 1))

        def behind(user):
            return [one.title for one in client_of(user).get(PLAN, {"monat": "2031-05"}).context["behind"]]

        assert behind(mara) == [inner.title, "Fest für alle", "Garten"]
        assert behind(rita) == ["Fest für alle"]

    def test_the_press_sees_only_what_was_handed_in(self, client_of, rita, here):
        day = date(2031, 5, 2)
        for status in ("draft", "submitted", "approved", "returned"):
            make_pr.item(title=status, status=status, publish_on=day, **here)
        assert [title for _, title, _ in shown(client_of(rita), monat="2031-05")] == ["approved", "submitted"]

    @pytest.mark.parametrize("count", [1, 15])
    def test_costs_the_same_for_few_and_many(self, client_of, mara, here, count, ost, django_assert_num_queries):
        for _ in range(count):
            make_pr.item(publish_on=make.today(), runs_until=make.today(), **here)
            make_pr.event(district=ost)
            make_pr.project(districts=[ost], starts_on=make.today())
        client = client_of(mara)
        with django_assert_num_queries(PLAN_QUERIES):
            client.get(PLAN)


class TestCalendars:
    def test_the_plan_as_a_file_names_nobody_and_quotes_nothing(self, client_of, mara, here):
        make_pr.item(title="Plakat, neu", text="Geheimer Text", publish_on=make.today(), **here)
        answer = client_of(mara).get(reverse("projects:pr_plan_calendar"))
        text = answer.content.decode()
        assert (answer.headers["Cache-Control"], "SUMMARY:Flyer: Plakat\\, neu (Entwurf)" in text) == (
            "private, no-store", True,
        )  # fmt: skip
        assert [word for word in ("Geheimer", "Mara", "Lindt") if word in text] == []

    def test_everybody_may_subscribe_to_what_has_appeared(self, client_of, mara, here, ost, preuswald):
        make_pr.item(title="Erschienen", status="published", link="https://beispiel.example/a", **here)
        make_pr.item(title="Geheimer Rundbrief", status="published", channels=["mail", "actors"], **here)
        for status in ("idea", "draft", "submitted", "approved", "returned"):
            make_pr.item(title=f"Geheim {status}", status=status, publish_on=make.today(), **here)
        client = client_of(None)
        answer = client.get(reverse("projects:pr_published_calendar", args=[ost.slug]))
        text = answer.content.decode()
        assert ("SUMMARY:Flyer: Erschienen" in text, "Geheim" in text, "Lindt" in text) == (True, False, False)
        again = client.get(answer.request["PATH_INFO"], headers={"If-None-Match": answer.headers["ETag"]})
        assert again.status_code == 304
        other = client.get(reverse("projects:pr_published_calendar", args=[preuswald.slug]))
        assert "Erschienen" not in other.content.decode()
        assert client.get(reverse("projects:pr_published_calendar", args=["nirgends"])).status_code == 404


class TestFigures:
    def test_counts_what_appeared_and_what_the_media_wrote(self, mara, ost, preuswald, django_assert_num_queries):
        today, since = make.today(), make.today() - timedelta(days=30)
        both = {"by": mara, "districts": [ost, preuswald]}
        make_pr.item(status="published", kind="flyer", channels=["boards", "social"], print_run=500, **both)
        old = make_pr.item(status="published", published_on=since, kind="poster", channels=["boards"], print_run=20,
                           by=mara, districts=[ost], event=make_pr.event(district=ost))  # fmt: skip
        actions.archive(item=old, by=mara)
        make_pr.item(status="published", published_on=since - timedelta(days=1), **both)
        make_pr.item(status="published", by=mara, kind="social")
        make_pr.item(status="submitted", **both)
        for tone, day in (("positive", today), ("negative", since), ("neutral", since - timedelta(days=1))):
            make_pr.clipping(by=mara, districts=[ost], tone=tone, on=day)
        with django_assert_num_queries(6):
            found = pr_figures([ost.pk], since, today)
        assert (found.published, found.print_run, found.linked, found.clippings) == (2, 520, 1, 2)
        assert found.kind_rows() == [("flyer", "Flyer", 1), ("poster", "Plakat", 1)]
        assert dict(found.channels) == {"boards": 2, "social": 1}
        assert dict(found.waiting) == {"submitted": 1}
        assert found.tone_rows() == [("positive", "positiv", 1), ("neutral", "neutral", 0), ("negative", "negativ", 1)]
        assert pr_figures([preuswald.pk], since, today).published == 1
        assert pr_figures([ost.pk], since, today, citywide=True).published == 3
        assert pr_figures(None, since, today).published == 3
        assert pr_figures([], since, today).published == 0


class TestEcho:
    @pytest.fixture
    def typed(self, ost):
        return {"on": "2026-01-05", "medium": "Anzeiger", "title": "Bericht", "tone": "positive", "districts": [ost.pk]}

    def test_is_entered_changed_and_removed(self, client_of, mara, paul, typed):
        client = client_of(mara)
        assert client.post(reverse("projects:clipping_new"), typed).status_code == 303
        row = Clipping.objects.get()
        address = reverse("projects:clipping", args=[row.pk])
        assert client_of(paul).get(address).status_code == 404
        assert client.post(address, typed | {"tone": "neutral", "version": 1}).status_code == 303
        late = client.post(address, typed | {"tone": "negative", "version": 1})
        assert (late.status_code, ("Tenor", "neutral", "negativ") in late.context["differences"]) == (409, True)
        client.post(reverse("projects:clipping_remove", args=[row.pk]))
        gone = client.post(address, typed | {"version": 2})
        assert (gone.status_code, Clipping.objects.count()) == (404, 0)

    @pytest.mark.parametrize(("change", "field"), [
        ({"link": "javascript:alert(1)"}, "link"),
        ({"link": "data:text/html,x"}, "link"),
        ({"tone": "böse"}, "tone"),
        ({"on": "2199-01-01"}, "on"),
        ({"on": "1989-12-31"}, "on"),
        ({"title": ""}, "title"),
        ({"medium": "x" * 121}, "medium"),
    ])  # fmt: skip
    def test_says_beside_the_field_what_is_wrong(self, client_of, mara, typed, change, field):
        answer = client_of(mara).post(reverse("projects:clipping_new"), typed | change)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])
        assert not Clipping.objects.exists()

    def test_the_tone_is_one_of_three_and_none_at_first(self, client_of, mara):
        tone = client_of(mara).get(reverse("projects:clipping_new")).context["form"]["tone"]
        assert ([value for value, _ in tone.field.choices], tone.value()) == (["positive", "neutral", "negative"], None)

    def test_the_years_are_those_of_the_list(self, client_of, mara, ost, preuswald):
        for day, tone in (
            (date(2023, 3, 1), "negative"),
            (date(2025, 3, 1), "positive"),
            (date(2025, 4, 1), "positive"),
        ):
            make_pr.clipping(by=mara, districts=[ost], on=day, tone=tone)
        make_pr.clipping(by=mara, districts=[preuswald], on=date(2025, 3, 1), tone="neutral")
        client = client_of(mara)
        page = client.get(reverse("reports:pr_echo"), {"district": ost.pk})
        table = page.context["table"]
        rows = {row.label: [cell.value for cell in row.cells] for row in table.all_rows()}
        assert rows == {"2023": [0, 0, 1, 1], "2024": [0, 0, 0, 0], "2025": [2, 0, 0, 2], "Insgesamt": [2, 0, 1, 3]}
        assert "<svg" in page.content.decode()
        listed = client.get(ECHO, {"district": ost.pk, "year": "2025"}).context["page"]
        assert len(listed) == 2
        for wrong in ("x", "-1", "9" * 30, "1e5"):
            assert client.get(ECHO, {"year": wrong}).status_code == 422

    @pytest.mark.parametrize("count", [1, 12])
    def test_lists_cost_the_same_for_few_and_many(self, client_of, mara, ost, count, django_assert_num_queries):
        for _ in range(count):
            places = [ost, make.district()]
            item = make_pr.item(by=mara, districts=places, shows_strength=True)
            make_pr.image(item=item, by=mara)
            actions.hand_in(item=item, by=mara)
            item.refresh_from_db()
            actions.approve(item=item, version=item.version, by=make.user(role="press"))
            actions.publish(item=item, on=make.today(), by=mara)
            make_pr.clipping(by=mara, districts=places, item=item, project=make_pr.project())
        client = client_of(mara)
        with django_assert_num_queries(ECHO_QUERIES):
            client.get(ECHO)
        with django_assert_num_queries(STRENGTH_QUERIES):
            client.get(reverse("projects:strengths"))


def test_positive_aspects_are_what_appeared_and_was_chosen(client_of, mara, here, rita):
    chosen = make_pr.item(shows_strength=True, **here)
    make_pr.image(item=chosen, by=mara)
    actions.hand_in(item=chosen, by=mara)
    chosen.refresh_from_db()
    actions.approve(item=chosen, version=chosen.version, by=rita)
    actions.publish(item=chosen, on=make.today(), by=mara)
    make_pr.item(status="published", **here)
    make_pr.item(status="approved", shows_strength=True, **here)
    good = make_pr.clipping(**here)
    make_pr.clipping(tone="negative", **here)
    page = client_of(mara).get(reverse("projects:strengths"), {"year": make.today().year})
    assert (list(page.context["page"]), list(page.context["echoes"])) == ([chosen], [good])
    assert [len(one.pictures) for one in page.context["page"]] == [1]


PLAN_QUERIES, ECHO_QUERIES, STRENGTH_QUERIES = 8, 8, 10
