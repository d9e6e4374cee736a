"""Similar open concerns: what counts, who sees them, how far back."""

from datetime import timedelta

import pytest

from concerns.models import Concern
from concerns.similar import distance, similar, since
from tests import make

pytestmark = pytest.mark.django_db
LAT, LON = 50.7753, 6.0839


@pytest.fixture
def litter():
    return make.topic(name="Wilder Müll")


@pytest.fixture
def sofa(ost, mara, litter):
    return make.concern(
        district=ost,
        owner=mara,
        topic=litter,
        title="Sofa und Matratzen am Container",
        text="Seit einer Woche liegt Sperrmüll neben dem Altglas.",
        place="Scheibenstraße 12, Ecke Eifelstraße",
        lat=LAT,
        lon=LON,
    )


def look(user, district, **typed):
    found = similar(
        among=Concern.objects.visible_to(user),
        district_id=district and district.pk,
        since=since(6, make.today()),
        **typed,
    )
    return [(one.number, one.reasons) for one in found]


def test_one_reason_alone_is_not_enough(sofa, mara, ost, litter):
    assert look(mara, ost, topic_id=litter.pk) == []
    assert look(mara, ost, text="Ein Sofa ist zu verschenken, wer mag?") == []
    assert look(mara, ost, place="Kirchplatz", topic_id=make.topic().pk) == []


def test_topic_and_words(sofa, mara, ost, litter):
    assert look(mara, ost, topic_id=litter.pk, text="Wieder ein Sofa") == [
        (sofa.number, ["gleiches Thema", "ein gleiches Wort"])
    ]
    assert look(mara, ost, topic_id=litter.pk, text="Matratze und Sperrmuell, Sperrmüll") == [
        (sofa.number, ["gleiches Thema", "gleiche Wörter"])
    ]


def test_topic_and_place_however_it_is_spelled(sofa, mara, ost, litter):
    assert look(mara, ost, topic_id=litter.pk, place="scheibenstrasse") == [
        (sofa.number, ["gleiches Thema", "ähnlicher Ort"])
    ]


def test_place_and_words_without_a_topic(sofa, mara, ost):
    assert look(mara, ost, place="Scheibenstr. 12", text="Matratzen liegen herum") == [
        (sofa.number, ["ähnlicher Ort", "gleiche Wörter"])
    ]


@pytest.mark.parametrize(
    ("lat", "reasons"),
    [
        (LAT, ["gleiche Stelle"]),
        (LAT + 0.0004, ["40 m entfernt"]),
        (LAT + 0.0010, None),
    ],
)
def test_distance_alone_counts_only_on_the_spot(sofa, mara, ost, lat, reasons):
    assert look(mara, ost, lat=lat, lon=LON) == ([(sofa.number, reasons)] if reasons else [])


def test_distance_with_topic(sofa, mara, ost, litter):
    assert look(mara, ost, topic_id=litter.pk, lat=LAT + 0.001, lon=LON) == [
        (sofa.number, ["gleiches Thema", "110 m entfernt"])
    ]
    assert look(mara, ost, topic_id=litter.pk, lat=LAT + 0.0035, lon=LON) == [
        (sofa.number, ["gleiches Thema", "390 m entfernt"])
    ]
    assert look(mara, ost, topic_id=litter.pk, lat=LAT + 0.0045, lon=LON) == []


def test_the_likeliest_first_and_five_at_most(sofa, mara, ost, litter):
    others = [make.concern(district=ost, owner=mara, topic=litter, title="Sofa", text="") for _ in range(7)]
    found = look(mara, ost, topic_id=litter.pk, text="Sofa im Park", place="Scheibenstraße 12")
    assert [number for number, _ in found] == [sofa.number, *(one.number for one in reversed(others[-4:]))]


def test_only_open_leads_of_the_last_months_and_the_district(sofa, mara, ost, litter, preuswald):
    words = {"topic_id": litter.pk, "text": "Sofa und Matratzen"}
    mine = {"owner": mara, "topic": litter, "title": "Sofa und Matratzen"}
    make.concern(district=ost, received_on=make.today() - timedelta(days=200), **mine)
    make.concern(district=ost, lead=sofa, **mine)
    make.concern(district=preuswald, **mine)
    make.concern(district=None, **mine)
    assert [number for number, _ in look(mara, ost, **words)] == [sofa.number]


def test_strangers_see_nothing(sofa, paul, asli, ost, litter):
    secret = make.concern(
        district=ost,
        owner=sofa.owner,
        topic=make.topic(is_sensitive=True),
        title="Sofa und Matratzen",
        lat=LAT,
        lon=LON,
    )
    typed = {"topic_id": litter.pk, "text": "Sofa und Matratzen", "lat": LAT, "lon": LON}
    assert [number for number, _ in look(asli, ost, **typed)] == [sofa.number, secret.number]
    assert [number for number, _ in look(paul, ost, **typed)] == [sofa.number]


@pytest.mark.parametrize("text", ["' | ! & ( ) :* <-> \\", "%_%", "a" * 20_000, "🙂🙂", "der die das", "!!! ???"])
def test_any_text_can_be_looked_for(sofa, mara, ost, litter, text):
    assert look(mara, ost, topic_id=litter.pk, text=text, place=text[:200]) == []


def test_one_query(sofa, mara, ost, litter, django_assert_num_queries):
    among = Concern.objects.visible_to(mara)
    with django_assert_num_queries(1):
        similar(among=among, district_id=ost.pk, since=make.today(), topic_id=litter.pk, text="Sofa", lat=LAT, lon=LON)


def test_metres():
    assert round(distance(LAT, LON, LAT + 0.001, LON)) == 111
    assert round(distance(LAT, LON, LAT, LON + 0.001)) == 70
