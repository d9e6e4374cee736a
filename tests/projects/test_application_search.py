"""Search in applications: by an index, and it finds what a search in every column by itself found (Z35)."""

import pytest
from django.db import connection
from django.db.models import Q
from django.urls import reverse

from districts.models import Actor
from districts.querysets.searching import FEW
from projects.models import FundApplication
from tests import make, make_funds

pytestmark = pytest.mark.django_db
LIST = reverse("projects:applications")


def column_by_column(text):
    """Applications one of whose columns holds the text, found without any index."""
    columns = ("number", "title", "group_name", "applicant__name", "partner__name")
    return set(FundApplication.objects.filter(Q(*((f"{one}__icontains", text) for one in columns), _connector=Q.OR)))


def matching(text):
    return set(FundApplication.objects.matching(text))


@pytest.fixture
def world(ost, silke):
    fund = make_funds.fund(districts=[ost], by=silke, code="SOF", body=None)
    choir, house = make.actor(name="Chor Grüne Straße e. V."), make.actor(name="Haus Sonne")
    known = {"fund": fund, "by": silke}
    return {
        "wall": make_funds.application(title="Wandbild am Spielplatz", applicant=choir, **known),
        "night": make_funds.application(title="Lesenacht 100 % bunt", applicant=house, **known),
        "garden": make_funds.application(
            title="Garten_fest", applicant_kind="residents", group_name="Nachbarn vom Spielplatzweg", partner=house,
            **known,
        ),
        "summer": make_funds.application(title="Sommerkino", applicant=choir, **known),
    }  # fmt: skip


class TestFinds:
    @pytest.mark.parametrize(
        ("text", "names"),
        [
            ("platz", {"wall", "garden"}), ("WANDBILD", {"wall"}), ("sonne", {"night", "garden"}),
            ("Chor", {"wall", "summer"}), ("nachbarn", {"garden"}), ("SOF-", {"wall", "night", "garden", "summer"}),
            ("grüne", {"wall", "summer"}), ("e. V.", {"wall", "summer"}), ("nirgends", set()),
            # What stands for anything in a pattern stands for itself here.
            ("%", {"night"}), ("_", {"garden"}), ("\\", set()), ("'; --", set()), ("kino%", set()),
        ],
    )  # fmt: skip
    def test_the_same_as_a_search_column_by_column(self, world, text, names):
        assert matching(text) == {world[name] for name in names} == column_by_column(text)

    def test_a_whole_number_finds_that_application(self, world):
        assert matching(world["night"].number) == {world["night"]} == column_by_column(world["night"].number)

    def test_words_in_any_order_and_place_also_without_umlaut_dots(self, world):
        assert matching("spielplatz wandbild") == {world["wall"]}
        assert matching("chor sommer") == {world["summer"]}
        assert matching("sonne lesenacht SOF") == {world["night"]}
        assert matching("grune strasse") == {world["wall"], world["summer"]}
        assert matching("chor lesenacht") == set()

    def test_a_word_in_the_names_of_very_many_actors(self, world):
        Actor.objects.bulk_create(Actor(name=f"Sonnenverein {n}", type=make.actor().type) for n in range(FEW + 1))
        assert matching("sonne") == {world["night"], world["garden"]} == column_by_column("sonne")

    def test_a_changed_title_at_once(self, world):
        FundApplication.objects.filter(pk=world["wall"].pk).update(title="Neuer Anstrich")
        assert (matching("wandbild"), matching("anstrich")) == (set(), {world["wall"]})

    def test_the_index_answers(self, world):
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL enable_seqscan = off")
            rows = FundApplication.objects.order_by().matching("spielplatz")
            assert "fund_application_search" in rows.explain()


class TestVisibility:
    def shown(self, client, **query):
        answer = client.get(LIST, query)
        assert answer.status_code == 200
        return {one for one, _ in answer.context["rows"]}

    def test_teams_find_all_others_none(self, world, mara, asli, enno, lena):
        for person in (mara, asli):
            found = FundApplication.objects.visible_to(person).matching("wandbild")
            assert set(found) == {world["wall"]}
        for person in (enno, lena):
            for text in ("wandbild", world["wall"].number, "chor", ""):
                assert list(FundApplication.objects.visible_to(person).matching(text)) == []

    def test_strangers_learn_nothing_from_the_search(self, client_of, world, enno):
        client = client_of(enno)
        found, not_found = (client.get(LIST, {"q": text}) for text in ("wandbild", "nirgends"))
        assert (found.status_code, not_found.status_code) == (404, 404)

    def test_other_filters_narrow_what_was_found(self, client_of, world, mara, preuswald, silke):
        other = make_funds.fund(districts=[preuswald], by=silke)
        there = make_funds.application(fund=other, by=silke, title="Wandbild im Wald")
        client = client_of(mara)
        assert self.shown(client, q="wandbild") == {world["wall"], there}
        assert self.shown(client, q="wandbild", fund=other.pk) == {there}
        assert self.shown(client, q="wandbild", status="settled") == set()

    @pytest.mark.parametrize("text", ["\0%00", "a" * 5000, "\ud7ff\U0001f600", "x " * 200, "' OR 1=1 --", "{{ 7*7 }}"])
    def test_hostile_texts_find_nothing_and_break_nothing(self, client_of, world, mara, text):
        answer = client_of(mara).get(LIST, {"q": text})
        assert answer.status_code in (200, 422)
        assert list(answer.context["rows"]) == []

    @pytest.mark.parametrize("count", [1, 12])
    def test_it_asks_as_often_for_one_as_for_many(self, client_of, mara, ost, silke, count, django_assert_num_queries):
        fund = make_funds.fund(districts=[ost], by=silke)
        for n in range(count):
            make_funds.application(fund=fund, by=silke, title=f"Wandbild {n}")
        client = client_of(mara)
        client.get(LIST, {"q": "wandbild"})
        with django_assert_num_queries(10):
            assert len(client.get(LIST, {"q": "wandbild"}).context["rows"]) == count
