"""What reaches beyond one office: closing several at once, the public list, providers, sums (Z02, Z03)."""

from datetime import date, time, timedelta

import pytest
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from districts.actions import opening as actions
from districts.models import Actor, OpeningException, OpeningSlot
from districts.opening import minutes_taken, runs_on
from tests import make

NEXT_WEEK = make.today() + timedelta(days=7)


def url(name, *args):
    return reverse(f"districts:{name}", args=args)


# --- closing several at once ------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestClosing:
    def test_every_office_that_is_ticked_gets_its_exception(self, silke, mara, paul):
        left_out = make.office()
        data = {"offices": [mara.office_id, paul.office_id], "first_day": NEXT_WEEK, "reason": "Betriebsausflug"}
        answer = make.client_of(silke).post(url("closure"), data)
        assert (answer.status_code, answer.headers["Location"]) == (303, url("office_list"))
        rows = OpeningException.objects.order_by("office").values_list("office", "first_day", "last_day", "change")
        assert list(rows) == [(pk, NEXT_WEEK, NEXT_WEEK, "closed") for pk in sorted(data["offices"])]
        assert not left_out.exceptions.exists()
        make.client_of(silke).post(url("closure"), {**data, "offices": [mara.office_id, left_out.pk]})
        assert OpeningException.objects.count() == 3  # what is entered already is not entered twice

    def test_a_manager_closes_only_the_own_offices(self, mara, paul):
        data = {"offices": [mara.office_id, paul.office_id], "first_day": NEXT_WEEK, "reason": "Ausflug"}
        answer = make.client_of(mara).post(url("closure"), data)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["offices"])
        assert list(answer.context["form"].fields["offices"].queryset) == [mara.office]
        assert OpeningException.objects.count() == 0

    def test_all_or_none(self, silke, mara, paul, monkeypatch):
        real, seen = actions.save_exception, []

        def save(**fields):
            seen.append(fields["office"])
            return real(**fields) if len(seen) == 1 else 1 / 0

        monkeypatch.setattr(actions, "save_exception", save)
        with pytest.raises(ZeroDivisionError):
            actions.close_offices(
                offices=[mara.office, paul.office], first_day=NEXT_WEEK, last_day=NEXT_WEEK, reason="Ausflug", by=silke
            )
        assert (len(seen), OpeningException.objects.count()) == (2, 0)

    @pytest.mark.parametrize(
        ("change", "field"),
        [
            ({"offices": []}, "offices"),
            ({"last_day": NEXT_WEEK - timedelta(days=1)}, "last_day"),
            ({"last_day": NEXT_WEEK + timedelta(days=400)}, "last_day"),
            ({"reason": ""}, "reason"),
        ],
    )
    def test_wrong_data_are_told(self, change, field, silke, mara):
        data = {"offices": [mara.office_id], "first_day": NEXT_WEEK, "reason": "Ausflug", **change}
        answer = make.client_of(silke).post(url("closure"), data)
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])


# --- the list for everybody -------------------------------------------------------------------------------------------


@pytest.mark.django_db
class TestPublicList:
    def test_everybody_sees_every_office_there_is(self, mara, paul, ost):
        make.office(name="Altes Büro", closed_on=make.today() - timedelta(days=1))
        make.slot(office=mara.office, kind="consultation", weekday=make.today().weekday(), starts="00:00", ends="23:59")
        make.exception(office=mara.office, first_day=make.today(), change="as_usual")  # also on a holiday
        text = make.client_of(None).get(url("offices_public")).text
        assert [words in text for words in (mara.office.name, paul.office.name, "jetzt geöffnet", ost.name)] == [
            True
        ] * 4
        assert [words for words in ("Altes Büro", "Mara Lindt") if words in text] == []

    def test_it_is_found_from_an_office_and_from_the_status_page(self, mara):
        anybody = make.client_of(None)
        pages = (url("office_public", mara.office_id), reverse("concerns:status"))
        assert [f'href="{url("offices_public")}"' in anybody.get(page).text for page in pages] == [True, True]

    @pytest.mark.parametrize("extra", [0, 6])
    def test_it_costs_the_same_for_few_and_many(self, extra, django_assert_num_queries, mara, ost):
        for n in range(extra + 1):
            office = make.office(districts=[ost])
            make.slot(office=office, weekday=n % 5, provider_actor=make.actor(), provider="X")
        with django_assert_num_queries(5):  # offices, slots, their providers, exceptions, districts
            make.client_of(None).get(url("offices_public"))


# --- who offers consultation ------------------------------------------------------------------------------------------


def typed(**change):
    known = {"kind": "third_party", "weekday": "2", "starts": "10:00", "ends": "12:00", "rhythm": "jede"}
    return {**known, "topic": "Mieterberatung", "valid_from": "2026-01-01", **change}


@pytest.mark.django_db
class TestProvider:
    @pytest.mark.parametrize("how", ["name", "number"])
    def test_whoever_is_in_the_directory_is_linked(self, how, mara):
        actor = make.actor(name="Mieterhilfe Ost e. V.")
        text = {"name": "mieterhilfe ost e. v.", "number": f"Mieterhilfe Ost e. V. (Nr. {actor.pk})"}[how]
        client, office = make.client_of(mara), mara.office
        assert client.post(url("slot_new", office.pk), typed(provider=text)).status_code == 303
        slot = OpeningSlot.objects.get()
        assert (slot.provider, slot.provider_actor) == ("Mieterhilfe Ost e. V.", actor)
        Actor.objects.filter(pk=actor.pk).update(name="Mieterbund Aachen")
        for page in (url("office_page", office.pk), url("office_hours", office.pk), url("office_public", office.pk)):
            assert "Mieterbund Aachen" in client.get(page).text
        form = client.get(url("slot", slot.pk)).context["form"]
        assert form["provider"].value() == f"Mieterbund Aachen (Nr. {actor.pk})"

    @pytest.mark.parametrize("text", ["Verein von nebenan", "Zweimal da", "Weg (Nr. 4711)"])
    def test_free_text_stays_free_text(self, text, mara):
        for _ in range(2):
            make.actor(name="Zweimal da")
        make.client_of(mara).post(url("slot_new", mara.office_id), typed(provider=text))
        slot = OpeningSlot.objects.get()
        assert (slot.provider, slot.provider_actor, slot.provider_name) == (text, None, text)

    def test_a_name_that_is_too_long_is_told(self, mara):
        answer = make.client_of(mara).post(url("slot_new", mara.office_id), typed(provider="x" * 161))
        assert list(answer.context["form"].errors) == ["provider"]

    def test_what_does_not_belong_to_the_kind_is_left_out(self, mara):
        data = typed(kind="open", provider="Verein", needs_appointment="on")
        make.client_of(mara).post(url("slot_new", mara.office_id), data)
        slot = OpeningSlot.objects.get()
        assert (slot.provider, slot.needs_appointment) == ("", False)

    def test_forms_about_hours_lead_back_to_their_office(self, mara):
        slot, exception = make.slot(office=mara.office), make.exception(office=mara.office)
        client = make.client_of(mara)
        way = f'href="{url("office_page", mara.office_id)}"'
        for page in (url("slot", slot.pk), url("slot_end", slot.pk), url("exception", exception.pk)):
            assert way in client.get(page).text


# --- hours of a week, what overlaps once ------------------------------------------------------------------------------


class Slot:
    """A slot that no database has."""

    valid_from = valid_to = None

    def __init__(self, weekday, starts, length, anchor):
        self.weekday, self.anchor = weekday, anchor
        self.starts, self.ends = time(starts), time(starts + length)


SLOTS = st.builds(
    Slot, st.integers(0, 6), st.integers(6, 18), st.integers(1, 4),
    st.sampled_from([None, date(2026, 11, 23), date(2026, 11, 30), date(2020, 6, 1)]),
)  # fmt: skip


@given(st.lists(SLOTS, max_size=6), st.dates(date(2025, 1, 1), date(2028, 12, 31)))
@settings(max_examples=60, deadline=None)
def test_the_sum_is_what_counting_hour_by_hour_gives(slots, day):
    monday = day - timedelta(days=day.weekday())
    hours = {
        (number, hour)
        for number in range(14)
        for one in slots
        for hour in range(one.starts.hour, one.ends.hour)
        if runs_on(one, monday + timedelta(days=number))
    }
    assert minutes_taken(slots, day) == len(hours) * 60 / 2
