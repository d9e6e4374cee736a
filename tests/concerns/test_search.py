"""German search: compounds, spellings, typing errors, numbers, hostile texts, and the way it chooses."""

import pytest
from django.db import connection

from concerns import search
from concerns.actions.vocabulary import recount_words
from concerns.models import Concern, SearchWord
from tests import make

pytestmark = pytest.mark.django_db


@pytest.fixture
def concerns(ost, mara):
    """One concern per text; the title is the key."""

    def write(**texts):
        for title, text in texts.items():
            make.concern(district=ost, owner=mara, title=title, text=text, place="")

    return write


def found(text: str) -> list[str]:
    narrowed, count = search.narrow(Concern.objects.all(), search.understand(text))
    assert count in (None, narrowed.count())
    return sorted(narrowed.values_list("title", flat=True))


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        ("platz", "Der Spielplatzzustand ist schlecht."),
        ("Laterne", "Zwei Straßenlaternen sind aus."),
        ("strasse", "Auf der Straße fehlt Farbe."),
        ("Straße", "Auf der Strasse fehlt Farbe."),
        ("Schlagloh", "Ein Schlagloch vor der Tür."),
        ("leuchtet", "Die Lampen leuchten nicht."),
        ("leuchten", "Die Lampe leuchtet nicht."),
        ("MÜLL", "Überall liegt Müll."),
        ("muell", "Überall liegt muell."),
        ("Rad", "Ein Fahrrad liegt im Bach."),
        ("Bäume", "Ein Baum ist krank."),
        ("Autos", "Ein Auto steht quer."),
        ("Ampl", "Die Ampel ist aus."),
        ("Platz müll", "Müll auf dem Spielplatz."),
    ],
)
def test_finds_what_people_mean(concerns, typed, written):
    concerns(gemeint=written, anderes="Eine Bank ist gerade defekt.")
    assert found(typed) == ["gemeint"]


def test_all_words_must_occur(concerns):
    concerns(beide="Müll am Brunnen.", eins="Müll im Park.")
    assert found("Brunnen Müll") == ["beide"]


def test_title_place_and_text_are_searched(ost, mara):
    make.concern(district=ost, owner=mara, title="Titel Wippe", text="", place="")
    make.concern(district=ost, owner=mara, title="Zweites", text="", place="Am Wippenweg 3")
    make.concern(district=ost, owner=mara, title="Drittes", text="eine Wippe", place="")
    assert found("wippe") == ["Drittes", "Titel Wippe", "Zweites"]


@pytest.mark.parametrize("typed", ["Schlagloh", "Schlaglcoh", "Schlaglloch", "Schlafloch"])
def test_typing_errors_find_the_nearest_word_alone_and_say_so(concerns, typed):
    concerns(loch="Ein Schlagloch.", schlag="Ein Schlag.")
    assert search.understand(typed).also == ["schlagloch"]
    assert found(typed) == ["loch"]
    assert search.understand("Schlagloch").also == search.understand("Schlag").also == []


def test_an_error_somebody_else_made_too_still_finds_the_frequent_word(concerns):
    concerns(fehler="Ein Fahrad.", **{f"f{n}": "Ein Fahrrad." for n in range(11)})
    recount_words()
    assert search.understand("Fahrad").also == ["fahrrad"]
    assert len(found("Fahrad")) == 12
    assert len(found("Fahrrad")) == 11


def test_numbers_are_found_in_every_way_of_writing(ost, mara):
    make.concern(district=ost, owner=mara, title="gesucht", number="2026-00123")
    make.concern(district=ost, owner=mara, title="anderes Jahr", number="2025-00123", text="Haus 7")
    assert found("2026-00123") == found("123/2026") == found(" 2026 - 123 ") == found("2026-001") == ["gesucht"]
    assert found("123") == ["anderes Jahr", "gesucht"]
    assert found("2026-00124") == []


@pytest.mark.parametrize(
    "hostile",
    [
        "' | '",
        "a' | 'b:*",
        "\\",
        "!müll & (",
        "müll' ); DROP TABLE concerns_concern; --",
        "<script>alert(1)</script>",
        "%_%",
        "\u202eلموقع",
        "🌳🌳🌳",
        "a" * 10_000,
        "wort " * 2_000,
        "²³¹ ٣٤",
        "x" * 300 + " und noch etwas",
    ],
)
def test_hostile_texts_are_searched_for_and_nothing_else(concerns, hostile):
    concerns(eins="Müll im Park.")
    assert set(found(hostile)) <= {"eins"}
    assert Concern.objects.count() == 1


def test_stop_words_alone_find_nothing_and_say_why(concerns):
    concerns(eins="Der Müll und die Bank.")
    assert found("der und die") == []
    assert search.understand("der und").problem.startswith("Nach so häufigen Wörtern")
    assert search.understand("!?").problem == "Bitte ein Wort oder eine Nummer eingeben."


def test_both_ways_through_the_data_find_the_same(concerns):
    concerns(a="Der Spielplatzzustand.", b="Am Marktplatz.", c="Platz da!", d="Eine Bank.", e="Müll am Parkplatz.")
    for prefix in ("Sitz", "Stell", "Bolz", "Vor"):
        concerns(**{prefix: f"{prefix}platz"})
    recount_words()
    for typed in ("platz", "Müll platz", "bank"):
        understood = search.understand(typed)
        by_index, _ = search.narrow(Concern.objects.all(), understood)
        reading = Concern.objects.filter(*(term.condition for term in understood.terms))
        assert understood.by_index
        assert sorted(reading.values_list("pk")) == sorted(by_index.values_list("pk"))
    assert found("platz") == ["Bolz", "Sitz", "Stell", "Vor", "a", "b", "c", "e"]


def test_frequent_words_are_read_and_rare_ones_looked_up():
    frequent = search.Term("mull", {"mull": 280_000})
    medium = search.Term("ratt", {"rattenbefall": 3_000})
    rare = search.Term("zebra", {"zebrastreif": 20})
    assert [search.Search(terms=(term,), total=1_000_000).by_index for term in (frequent, medium, rare)] == [
        False,
        True,
        True,
    ]
    assert search.Search(terms=(frequent, rare), total=1_000_000).by_index
    assert not search.Search(terms=(frequent, frequent), total=1_000_000).by_index


def test_a_search_takes_few_queries(concerns, django_assert_num_queries):
    concerns(eins="Müll im Park.")
    with django_assert_num_queries(3):
        search.understand("Müll Park")  # stems, words of the vocabulary, number of concerns
    with django_assert_num_queries(4):
        search.understand("Mülll Parck")  # and similar words


def test_the_vocabulary_forgets_words_nobody_uses(concerns):
    concerns(eins="Herr Geheimrat wohnt am Brunnen.")
    Concern.objects.update(text="Am Brunnen.")
    assert SearchWord.objects.filter(word="geheimrat").exists()
    assert recount_words() >= 1
    assert not SearchWord.objects.filter(word="geheimrat").exists()
    assert SearchWord.objects.get(word="brunn").uses == 1


def test_recounting_in_sql_names_the_words_as_the_triggers_do(concerns):
    concerns(eins="Müll im Park, Haus 12, anna@example.org, 2026-00001 und Öl.")
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM concerns_searchword ORDER BY word")
        collected = cursor.fetchall()
    assert recount_words() == 0
    with connection.cursor() as cursor:
        cursor.execute("SELECT word FROM concerns_searchword ORDER BY word")
        assert cursor.fetchall() == collected
