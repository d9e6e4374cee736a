"""Attempts to break the loop, or to learn from it what is not for one's eyes."""

import re
import subprocess
import sys
from html import unescape

import pytest
from django.http import QueryDict
from django.urls import reverse
from PIL import Image

from concerns.forms.capture import Sheet
from concerns.models import SavedView
from tests import make

pytestmark = pytest.mark.django_db

LIST = reverse("concerns:list")


@pytest.mark.parametrize("person", ["silke", "adam", "paul"])
def test_the_search_suggests_no_word_of_a_concern_one_may_not_see(person, request, mara, ost, client_of):
    """The vocabulary is one for all: a typing error must not bring words of confidential concerns to light."""
    topic = make.topic(is_sensitive=True)
    make.concern(district=ost, owner=mara, topic=topic, is_sensitive=True, text="Platz im Frauenhaus gesucht")
    make.concern(district=ost, owner=mara, text="Ein Schlagloch vor der Tür")
    stranger = client_of(request.getfixturevalue(person))
    assert "Auch gesucht nach: frauenhaus" in client_of(mara).get(LIST, {"q": "Frauenhuas"}).content.decode()
    assert "gesucht nach" not in stranger.get(LIST, {"q": "Frauenhuas"}).content.decode()
    assert "Auch gesucht nach: schlagloch" in stranger.get(LIST, {"q": "Schlagloh"}).content.decode()


def test_a_filter_that_grows_too_long_in_the_address_is_refused_in_words(mara, client_of):
    """Short as typed, six times as long in an address."""
    query = "q=" + "ä" * 1500
    response = client_of(mara).post(reverse("concerns:view_new"), {"name": "Lang", "query": query})
    assert response.status_code == 422
    assert "Dieser Filter ist zu lang." in response.content.decode()
    assert not SavedView.objects.exists()


@pytest.mark.parametrize("name", ["received_from", "answered_to", "closed_to"])
@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_a_filter_by_the_end_of_time_is_an_error_in_the_filter(name, day, mara, client_of):
    response = client_of(mara).get(LIST, {name: day})
    assert response.status_code == 422
    assert "Bitte das Jahr prüfen." in response.content.decode()


def test_a_name_in_title_or_place_is_found_when_the_text_to_the_department_was_written_by_hand(mara):
    """The department reads title and place beside the text."""
    data = QueryDict(mutable=True)
    data.update({"person-TOTAL_FORMS": "1", "person-INITIAL_FORMS": "0", "person-0-name": "Quastenberg"})
    data.update({"text": "Laterne aus", "outgoing": "Laterne aus", "place": "Brunnen"})
    assert Sheet.sent(mara, data).personal_found == []
    for field in ("title", "place"):
        typed = data.copy()
        typed[field] = "bei Familie Quastenberg"
        assert Sheet.sent(mara, typed).personal_found == ["Quastenberg"]


def test_the_way_back_belongs_to_whoever_took_the_step(mara, asli, ost, client_of):
    """An assistant may not take on a concern, so she may not give one back either."""
    concern = make.concern(district=ost, owner=mara)
    page = client_of(mara).post(reverse("concerns:take_on", args=[concern.number]), follow=True).content.decode()
    undo = unescape(re.search(r'action="([^"]*schritt=[^"]+)"', page)[1])
    assert client_of(asli).post(undo).status_code == 404
    concern.refresh_from_db()
    assert concern.status == "own_work"
    client_of(mara).post(undo)
    concern.refresh_from_db()
    assert concern.status == "new"


MEASURE = """
import resource, sys
from io import BytesIO
from quartier.photos import prepare

def most():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024

content = open(sys.argv[1], "rb").read()
before = most()
prepare(BytesIO(content), "gross.png")
print(most() - before)
"""


def test_a_huge_picture_does_not_take_many_times_its_pixels(tmp_path):
    """A file of 150 kB that unfolds to 36 million pixels, measured in a process of its own."""
    file = tmp_path / "gross.png"
    Image.new("RGBA", (6000, 6000), "seagreen").save(file)
    told = subprocess.run([sys.executable, "-c", MEASURE, file], capture_output=True, text=True, check=True)
    assert int(told.stdout) < 12 * 6000 * 6000
