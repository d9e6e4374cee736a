"""Distances and deadlines in German words, and the tags that show them."""

import re
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template

from quartier.web import dates

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=ZoneInfo("Europe/Berlin"))


def render(source: str, **context) -> str:
    return Template("{% load ui %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (NOW - timedelta(seconds=20), "gerade eben"),
        (NOW - timedelta(minutes=1), "vor 1 Minute"),
        (NOW + timedelta(hours=2), "in 2 Stunden"),
        (NOW - timedelta(hours=13), "gestern"),
        (datetime(2026, 3, 9, 23, 30, tzinfo=UTC), "vor 11 Stunden"),
        (date(2026, 3, 10), "heute"),
        (date(2026, 3, 11), "morgen"),
        (date(2026, 3, 7), "vor 3 Tagen"),
        (date(2026, 3, 1), "vor 1 Woche"),
        (date(2026, 4, 20), "in 1 Monat"),
        (date(2024, 3, 1), "vor 2 Jahren"),
    ],
)
def test_distances(value, words):
    assert dates.distance(value, NOW) == words


@pytest.mark.parametrize(
    ("due_on", "state"),
    [
        (None, ("none", "ohne Frist")),
        (date(2026, 3, 14), ("ok", "bis 14.03.2026")),
        (date(2026, 3, 13), ("soon", "in 3 Tagen fällig")),
        (date(2026, 3, 11), ("soon", "morgen fällig")),
        (date(2026, 3, 10), ("soon", "heute fällig")),
        (date(2026, 3, 9), ("overdue", "1 Tag überfällig")),
        (date(2026, 3, 5), ("overdue", "5 Tage überfällig")),
    ],
)
def test_deadlines(due_on, state):
    assert dates.due_state(due_on, date(2026, 3, 10)) == state


def test_a_moment_is_shown_with_its_exact_time():
    html = render("{% ago value %}", value=NOW)
    assert 'title="10.03.2026, 12:00 Uhr"' in html
    assert f'datetime="{NOW.isoformat()}"' in html
    assert render("{% ago value %}", value=None) == "–"


def test_a_day_is_the_day_in_the_city():
    assert "11.03.2026" in render("{% day value %}", value=datetime(2026, 3, 10, 23, 30, tzinfo=UTC))


def test_the_stations_say_in_words_what_the_colours_show():
    html = render("{% stations done=2 turn=turn %}", turn="E 18 <b>")
    assert (html.count("– erledigt"), html.count("– als Nächstes"), html.count("– offen")) == (2, 1, 1)
    assert 'aria-label="Stand: 2 von 4 Stationen"' in html
    assert ("E 18 &lt;b&gt;" in html, "<b>" in html) == (True, False)


@pytest.mark.parametrize(
    "tag", ["{% chip v 'info' %}", "{% traffic 'soon' v %}", "{% link_button v v %}", "{% submit v %}"]
)
def test_tags_escape_what_they_show(tag):
    assert "<i>" not in render(tag, v='"><i>')


@pytest.mark.parametrize(
    ("back", "labels"),
    [
        ("/projekte/1/", ["Projekte", "Waldweg", "Aufgabe ändern"]),
        ("/projekte/", ["Waldweg", "Aufgabe ändern"]),  # the way back is that part itself
    ],
)
def test_a_form_of_many_topics_begins_where_the_menu_stands(back, labels):
    parts = [
        {"label": "Gremien", "url": "/gremien/", "current": False},
        {"label": "Projekte", "url": "/projekte/", "current": True},
    ]
    source = '{% trail "Waldweg" back "Aufgabe ändern" %}'
    html = render(source, navigation=[{"label": "Zusammenarbeit", "parts": parts}], back=back)
    assert re.findall(r">([^<>\n]+)</(?:a|span)>", html) == labels
    assert re.findall(r">([^<>\n]+)</(?:a|span)>", render(source, back=back)) == labels[-2:]
