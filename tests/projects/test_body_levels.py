"""Level and term of bodies, and the hint at those that may do the same already (Z18)."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from projects.models import Body
from projects.parallel import parallel_to
from tests import make, make_bodies

pytestmark = pytest.mark.django_db
NEW, LIST, ALIKE = (f"projects:{name}" for name in ("body_new", "bodies", "body_alike"))


@pytest.fixture
def typed(ost):
    return {
        "name": "Runder Tisch Kinderarmut", "kind": "round_table", "level": "administrative", "term": "temporary",
        "districts": [ost.pk], "power": "advises", "part": "organises", "quorum": "0", "every_months": "0",
        "first_month": "1", "duration": "90",
    }  # fmt: skip


def names(client, **query):
    return [one.name for one, _ in client.get(reverse(LIST), query).context["rows"]]


def hints(user, **fields):
    known = {"name": "Neue Runde", "kind": "round_table", "districts": [], "today": make.today()}
    return [(one.name, why) for one, why in parallel_to(user, **{**known, **fields})]


class TestLevel:
    def test_is_entered_shown_and_filtered(self, client_of, mara, ost, typed):
        make_bodies.body(name="Stadtteilkonferenz", districts=[ost])
        client = client_of(mara)
        assert client.post(reverse(NEW), typed).status_code == 303
        made = Body.objects.get(name=typed["name"])
        assert (made.level, made.term) == ("administrative", "temporary")
        html = client.get(made.get_absolute_url()).content.decode()
        assert ("administrativ" in html, "auf Zeit" in html) == (True, True)
        assert "administrativ, auf Zeit" in client.get(reverse(LIST)).content.decode()
        assert names(client, level="administrative") == names(client, term="temporary") == [made.name]
        assert names(client, level="network", term="lasting") == ["Stadtteilkonferenz"]
        assert names(client, level="political") == []

    @pytest.mark.parametrize("field", ["level", "term"])
    def test_both_are_asked_for(self, client_of, mara, typed, field):
        answer = client_of(mara).post(reverse(NEW), typed | {field: ""})
        assert (answer.status_code, list(answer.context["form"].errors)) == (422, [field])

    @pytest.mark.parametrize("fields", [{"level": "x"}, {"term": "x"}])
    def test_the_database_knows_them(self, fields):
        with pytest.raises(IntegrityError, match="body_level_known"), transaction.atomic():
            make_bodies.body(**fields)


class TestParallel:
    def test_the_same_kind_in_the_same_district_that_still_runs(self, mara, ost, preuswald):
        table = {"kind": "round_table"}
        here = make_bodies.body(name="Tisch A", districts=[ost, preuswald], **table)
        make_bodies.body(name="Tisch B", districts=[preuswald], **table)
        make_bodies.body(name="Tisch C", districts=[ost], kind="group")
        make_bodies.body(name="Tisch D", districts=[ost], ended_on=make.today() - timedelta(days=1), **table)
        city = make_bodies.body(name="Tisch E", **table)
        assert hints(mara, districts=[ost]) == [(here.name, "auch Runder Tisch im selben Quartier")]
        assert hints(mara, districts=[]) == [(city.name, "auch Runder Tisch für die ganze Stadt")]
        assert hints(mara, districts=[ost], but=here) == []

    def test_a_similar_name_without_what_says_only_kind_and_place(self, mara, ost, preuswald):
        make_bodies.body(name="Arbeitsgruppe gegen Kinderarmut", kind="group", districts=[preuswald])
        make_bodies.body(name="Runder Tisch Spielplätze", kind="group", districts=[preuswald])
        make_bodies.body(name=f"Bürgerforum {ost.short_name}", kind="group", districts=[preuswald])
        found = hints(mara, name="Runder Tisch Kinderarmut", districts=[ost])
        assert found == [("Arbeitsgruppe gegen Kinderarmut", "ähnlicher Name")]
        assert hints(mara, name=f"Stadtteilkonferenz {ost.name}", kind="district_conference", districts=[ost]) == []

    def test_departments_are_told_of_no_body_they_may_not_see(self, enno, ost):
        make_bodies.body(kind="round_table", districts=[ost])
        assert hints(enno, districts=[ost]) == []

    def test_a_look_does_not_save_and_keeps_everything_typed(self, client_of, mara, ost, typed):
        there = make_bodies.body(name="Tisch A", kind="round_table", districts=[ost])
        answer = client_of(mara).post(reverse(NEW), typed | {"look": "1", "mandate": "Armut sehen."})
        assert (answer.status_code, Body.objects.count()) == (200, 1)
        assert [one for one, _ in answer.context["parallel"]] == [there]
        html = answer.content.decode()
        assert ("Armut sehen." in html, f'href="{there.get_absolute_url()}"' in html) == (True, True)

    def test_a_hint_never_keeps_anybody_from_saving(self, client_of, mara, ost, typed):
        there = make_bodies.body(name="Runder Tisch Kinderarmut West", kind="round_table", districts=[ost])
        assert client_of(mara).post(reverse(NEW), typed).status_code == 303
        made = Body.objects.get(name=typed["name"])
        page = client_of(mara).get(made.get_absolute_url())
        expected = [(there, "auch Runder Tisch im selben Quartier, ähnlicher Name")]
        assert page.context["parallel"] == expected
        assert client_of(mara).get(reverse(ALIKE), typed).context["parallel"][0][0] in (there, made)

    def test_a_body_is_no_hint_at_itself(self, client_of, mara, ost, typed):
        body = make_bodies.body(name=typed["name"], kind="round_table", districts=[ost])
        answer = client_of(mara).get(reverse(ALIKE), typed | {"but": body.pk})
        assert (answer.context["parallel"], "Kein ähnliches" in answer.content.decode()) == ([], True)

    @pytest.mark.parametrize("query", [{"districts": "x"}, {"districts": "9" * 30}, {"name": "\0", "kind": "\0"}, {}])
    def test_nonsense_is_no_error(self, client_of, mara, query):
        assert client_of(mara).get(reverse(ALIKE), query).status_code == 200

    def test_whoever_reads_only_sees_no_hint(self, client_of, asli, ost):
        body = make_bodies.body(districts=[ost])
        make_bodies.body(districts=[ost])
        assert client_of(asli).get(body.get_absolute_url()).context["parallel"] == []
