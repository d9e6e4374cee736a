"""Topic suggestions from keywords while typing."""

from types import SimpleNamespace

import pytest

from concerns.suggest import stem, suggest_topics

LITTER = SimpleNamespace(name="Wilder Müll", keywords="Sperrmüll, Matratze, illegal entsorgt, Müllsäcke")
LIGHT = SimpleNamespace(name="Beleuchtung", keywords="Laterne, dunkel, Lampe, Licht fehlt")
PLAYGROUND = SimpleNamespace(name="Spielplatzzustand", keywords="Spielplatz, Rutsche, Schaukel, Sandkasten")
PARKING = SimpleNamespace(name="Parken", keywords="Falschparker, zugeparkt, Gehweg zugestellt")
PARK = SimpleNamespace(name="Grünpflege", keywords="Park, Hecke, Wiese")
CATALOGUE = [LITTER, LIGHT, PLAYGROUND, PARKING, PARK]


def names(text, **options):
    return [topic.name for topic in suggest_topics(text, CATALOGUE, **options)]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("An der Ecke liegt eine Matratze", "Wilder Müll"),
        ("Die Rutsche ist kaputt", "Spielplatzzustand"),
        ("Alle Laternen sind aus", "Beleuchtung"),
        ("Die Straßenlaterne flackert", "Beleuchtung"),
        ("strassenlaternen defekt", "Beleuchtung"),
        ("SPERRMUELL steht herum, Sperrmüll!", "Wilder Müll"),
        ("Zustand der Spielplätze", "Spielplatzzustand"),
        ("müll", "Wilder Müll"),
        ("Im Park liegt Laub", "Grünpflege"),
        ("Das Parken in zweiter Reihe", "Parken"),
        ("Möbel illegal entsorgt", "Wilder Müll"),
    ],
)
def test_finds_the_topic(text, first):
    assert names(text)[0] == first


@pytest.mark.parametrize("text", ["", "   ", "und es ist hier so", "Frage zur Rente", "12345", "🙂 \u202e"])
def test_finds_nothing_where_nothing_fits(text):
    assert names(text) == []


def test_a_phrase_counts_only_as_a_whole():
    assert names("illegal") == []
    assert names("illegal entsorgt") == ["Wilder Müll"]


def test_best_first_and_equally_good_in_the_order_of_the_catalogue():
    assert names("Matratze auf dem Spielplatz neben der Rutsche") == ["Spielplatzzustand", "Wilder Müll"]
    assert names("Schaukel Lampe") == ["Beleuchtung", "Spielplatzzustand"]
    assert names("Schaukel Lampe", limit=1) == ["Beleuchtung"]


def test_what_fits_far_worse_is_left_out():
    both = "Gehweg zugestellt, Falschparker, zugeparkt"
    assert names(f"{both} Spielplatzx") == ["Parken"]


@pytest.mark.parametrize(
    ("one", "other"), [("laterne", "laternen"), ("spielplatz", "spielplatze"), ("ratte", "ratten"), ("park", "parkes")]
)
def test_forms_of_a_word_share_a_stem(one, other):
    assert stem(one) == stem(other)


def test_short_words_and_double_s_keep_their_end():
    assert (stem("bus"), stem("nass"), stem("see"), stem("gross")) == ("bus", "nass", "see", "gross")
