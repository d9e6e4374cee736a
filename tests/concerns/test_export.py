"""The list as a CSV file: the same rows, nothing personal, nothing that runs."""

import csv
import io

import pytest
from django.urls import reverse

from concerns.models import Concern
from tests import make

pytestmark = pytest.mark.django_db
URL, LIST = reverse("concerns:export"), reverse("concerns:list")


def read(client, query: str = "") -> list[dict]:
    response = client.get(f"{URL}?{query}")
    assert response.streaming
    content = b"".join(response.streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_german_columns_labels_and_dates(ost, mara, client_of):
    topic = make.topic(name="Wilder Müll", parent=make.theme(name="Sauberkeit"))
    concern = make.concern(
        district=ost, owner=mara, title="Sofa; im „Bach“", topic=topic, channel="phone", place="Ecke"
    )
    (row,) = read(client_of(mara))
    assert row["Nummer"] == concern.number
    assert row["Titel"] == "Sofa; im „Bach“"
    assert (row["Handlungsfeld"], row["Thema"], row["Quartier"]) == ("Sauberkeit", "Wilder Müll", "Aachen-Ost")
    assert (row["Stand"], row["Eingang über"], row["Zuständig"]) == ("Neu erfasst", "Telefon", "Mara Lindt")
    assert row["Eingegangen am"] == f"{make.today():%d.%m.%Y}"
    assert row["Ergebnis"] == row["Abgeschlossen am"] == ""


@pytest.mark.parametrize("title", ["=1+1", "+49 241", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("x")'])
def test_no_cell_is_a_formula(ost, mara, client_of, title):
    concern = make.concern(district=ost, owner=mara)
    Concern.objects.filter(pk=concern.pk).update(title=title, place=title)
    (row,) = read(client_of(mara))
    assert row["Titel"] == row["Ort"] == f"'{title}"


@pytest.mark.parametrize(
    "query", ["", "q=platz", "status=open&sort=frist", "district=outside", "q=Schlagloh", "mine=on"]
)
def test_as_many_rows_as_the_list_counts_in_its_order(ost, mara, client_of, query):
    for n in range(60):
        make.concern(district=ost if n % 3 else None, owner=mara, text="Spielplatz" if n % 2 else "Schlagloch")
    client = client_of(mara)
    rows, page = read(client, query), client.get(f"{LIST}?{query}")
    assert page.context["listing"].page.label == f"{len(rows)} Anliegen"
    shown = [row.concern.number for row in page.context["rows"]]
    assert [row["Nummer"] for row in rows][: len(shown)] == shown


@pytest.mark.parametrize("person", ["mara", "silke"])
def test_nothing_personal_is_in_the_file(ost, mara, client_of, request, person):
    reporter = {"name": "Erika Geheim", "phone": "0241 998877", "email": "erika@mail.example", "address": "Hof 1"}
    concern = make.concern(district=ost, owner=mara, text="Erika Geheim wartet.", reporters=[reporter])
    concern.notes.create(text="Interne Notiz", by=mara)
    for query in ("", "reporter=resident", "reporter=politics"):
        text = str(read(client_of(request.getfixturevalue(person)), query))
        for secret in ("Erika", "998877", "erika@mail", "Hof 1", "Interne Notiz", "Bewohner"):
            assert secret not in text
    assert len(read(client_of(request.getfixturevalue("silke")), "reporter=politics")) == 1


def test_rights_are_those_of_the_screen(ost, mara, paul, client_of):
    make.concern(district=ost, owner=mara, topic=make.topic(is_sensitive=True))
    assert len(read(client_of(mara))) == 1
    assert read(client_of(paul)) == []


def test_a_wrong_filter_leads_back_to_the_list(mara, client_of):
    response = client_of(mara).get(f"{URL}?status=erfunden")
    assert (response.status_code, response.headers["Location"]) == (303, f"{LIST}?status=erfunden")


def test_the_number_of_queries_does_not_grow(ost, mara, client_of, django_assert_num_queries):
    client = client_of(mara)
    make.concern(district=ost, owner=mara)
    with django_assert_num_queries(10):
        assert len(read(client)) == 1
    for _ in range(99):
        make.concern(district=ost, owner=mara)
    with django_assert_num_queries(10):
        assert len(read(client)) == 100
