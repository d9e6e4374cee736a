"""Lists of actors as files: what a file would do, taking it over, and writing one that is read again (Q09)."""

import csv
from datetime import timedelta
from io import StringIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from districts.actions.actor_files import discard_old_files, keep_file
from districts.actions.merging import merge_actors
from districts.importing.reader import read_actors
from districts.models import Actor, ActorFile, ActorType
from tests import make
from tests.districts.test_actor_merge import _at_once

pytestmark = pytest.mark.django_db

UPLOAD = reverse("districts:actor_import")


@pytest.fixture
def kita(db):
    return make.list_entry(ActorType, name="Kita")


def url(name, file):
    return reverse(f"districts:{name}", args=[file.pk])


def lines(text, user):
    """State and errors of every line of a file."""
    return [(line.state, line.errors) for line in read_actors(text.encode(), user=user).lines]


def test_reads_every_column(mara, kita, ost):
    field, group = make.action_field(name="Kinder, Jugend, Bildung"), make.target_group(name="Kinder")
    parent = make.actor(name="Sozialwerk e. V.")
    text = (
        "Name;Art;Kurzname;Trägertyp;Träger;Quartiere;Straße;PLZ;Ort;Telefon;E-Mail;Internetseite;Handlungsfelder;"
        "Zielgruppen;Sprachen;Beschreibung;Stand;Quelle;Öffentlich;Geprüft am;Rechtsform\n"
        "Kita Sonne;kita;Sonne;Kommune;SOZIALWERK E.V.;aachen ost;Weg 1;52068;Aachen;0221 1;a@b.example;sonne.example;"
        "Kinder, Jugend, Bildung;Kinder;Türkisch | de;Gruppen;ruht;Liste;ja;01.02.2026;e. V.\n"
    )
    plan = read_actors(text.encode(), user=mara)
    assert (plan.problems, [line.errors for line in plan.lines]) == ([], [[]])
    line = plan.lines[0]
    assert (line.districts, line.action_fields, line.target_groups) == ([ost], [field], [group])
    assert line.values["parent"] == parent
    told = {name: line.values[name] for name in ("type", "carrier_type", "status", "languages", "website", "is_public")}
    assert told == {
        "type": kita, "carrier_type": "municipality", "status": "dormant", "languages": ["tr", "de"],
        "website": "https://sonne.example", "is_public": True,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("columns", "cells", "error"),
    [
        ("Name;Art", ";Kita", "Der Name fehlt."),
        ("Name;Art", "Sonne;", "Die Art fehlt."),
        ("Name;Art", "Sonne;Burg", "Die Art „Burg“ gibt es nicht."),
        ("Name;Art", f"{'x' * 161};Kita", "Name: höchstens 160 Zeichen."),
        ("Name;Art;Quartier", "Sonne;Kita;Mond", "Das Quartier „Mond“ gibt es nicht."),
        ("Name;Art;Quartier", "Sonne;Kita;Preuswald", "Keines der Quartiere gehört zu Ihrem Team."),
        ("Name;Art;E-Mail", "Sonne;Kita;kein Postfach", "E-Mail: „kein Postfach“ ist keine gültige Adresse."),
        ("Name;Art;Web", "Sonne;Kita;javascript:x", "Internetseite: „https://javascript:x“ ist keine gültige Adresse."),
        ("Name;Art;Sprachen", "Sonne;Kita;Elbisch", "Die Sprache „Elbisch“ gibt es nicht."),
        ("Name;Art;Träger", "Sonne;Kita;Niemand", "Den Träger „Niemand“ gibt es nicht."),
        ("Name;Art;Geprüft am", "Sonne;Kita;31.02.2026", "Geprüft am: „31.02.2026“ ist kein vergangener Tag."),
        ("Name;Art;Geprüft am", "Sonne;Kita;01.01.2199", "Geprüft am: „01.01.2199“ ist kein vergangener Tag."),
        ("Name;Art;Öffentlich", "Sonne;Kita;vielleicht", "Öffentlich: bitte „ja“ oder „nein“."),
        ("Name;Art;Stand", "Sonne;Kita;beendet", "Den Stand „beendet“ gibt es nicht."),
    ],
)
def test_names_the_fault_of_a_line(mara, kita, preuswald, columns, cells, error):
    assert lines(f"{columns}\n{cells}\n", mara) == [("faulty", [error])]


def test_planning_brings_actors_of_every_district(silke, kita, preuswald):
    assert lines("Name;Art;Quartier\nSonne;Kita;Preuswald\n", silke) == [("new", [])]


def test_knows_what_is_there_already_or_may_be(mara, kita):
    old = make.actor(name="Kita Sonnenwinkel", short_name="Sonne")
    text = (
        f"Nummer;Name;Art\n;kita sonnenwinkel;Burg\n{old.pk};Ganz anders;Kita\n;Sonnenwinkel, Kita;Kita\n;SONNE;Kita\n"
        ";Kita Mond;Kita\n;Kita-Mond;Kita\n"
    )
    assert [state for state, _ in lines(text, mara)] == ["known", "alike", "alike", "alike", "new", "faulty"]
    assert lines(text, mara)[-1][1] == ["Steht schon in Zeile 6."]


def test_an_older_list_does_not_bring_back_what_was_merged(mara, kita):
    kept, double, first = make.actor(name="Nachbarschaftshilfe"), make.actor(name="NaHilfe"), make.actor(name="NHO")
    merge_actors(kept=double, merged=first, by=mara)
    merge_actors(kept=kept, merged=double, by=mara)
    plan = read_actors(f"Nummer;Name;Art\n{first.pk};NHO;Kita\n;NaHilfe;Kita\n".encode(), user=mara)
    assert [(line.state, line.known) for line in plan.lines] == [("known", kept)] * 2


def test_a_long_description_can_be_read_again(client_of, mara, kita):
    make.actor(name="Sonne", type=kita, description="-" + "x" * 3_999)
    assert [line.state for line in read_actors(exported(client_of(mara))[0], user=mara).lines] == ["known"]


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("Name;Ort", "Die Spalte „Art“ fehlt."),
        ("Art;Ort", "Die Spalte „Name“ fehlt."),
        ("Name;Art;Typ", "Die Spalte „Art“ kommt zweimal vor."),
    ],
)
def test_says_why_a_file_cannot_be_read(client_of, mara, head, problem):
    file = make.actor_file(user=mara, text=f"{head}\na;b;c\n")
    page = client_of(mara).get(url("actor_preview", file))
    assert problem in page.context["plan"].problems
    assert problem in page.content.decode()


def test_from_the_file_through_the_preview_into_the_directory(client_of, mara, kita, ost):
    make.actor(name="Kita Sonnenwinkel", type=kita)
    make.actor(name="Bewohnertreff")
    text = "Name;Art;Quartiere\nKita Mond;Kita;Ost\nKita Sonnenwinkel;Kita;\nBewohnertreff e. V.;Kita;\nFalsch;Burg;\n"
    client = client_of(mara)
    sent = client.post(UPLOAD, {"file": SimpleUploadedFile("liste.csv", text.encode())})
    file = ActorFile.objects.get()
    assert sent.headers["Location"] == url("actor_preview", file)
    page = client.get(url("actor_preview", file))
    assert page.context["preview"].counts == {
        "new": 1, "alike": 1, "changed": 0, "known": 1, "faulty": 1,
    }  # fmt: skip
    assert Actor.objects.count() == 2
    form = {"fingerprint": page.context["form"].initial["fingerprint"]}
    refused = client.post(url("actor_take_over", file), form)
    assert (refused.status_code, Actor.objects.count()) == (422, 2)
    assert client.post(url("actor_take_over", file), form | {"skip_faulty": "on"}).status_code == 303
    made = Actor.objects.get(name="Kita Mond")
    assert (list(made.districts.all()), [event.kind for event in made.events.all()]) == ([ost], ["imported"])
    assert (Actor.objects.count(), ActorFile.objects.count()) == (3, 0)


def test_similar_ones_only_when_asked_for(client_of, mara, kita):
    make.actor(name="Bewohnertreff")
    file = make.actor_file(user=mara, text="Name;Art\nBewohnertreff e. V.;Kita\n")
    client = client_of(mara)
    form = {"fingerprint": client.get(url("actor_preview", file)).context["form"].initial["fingerprint"]}
    client.post(url("actor_take_over", file), form | {"with_alike": "on"})
    assert Actor.objects.count() == 2


def test_what_has_changed_since_the_preview_is_shown_first(client_of, mara, kita):
    file = make.actor_file(user=mara)
    client = client_of(mara)
    form = {"fingerprint": client.get(url("actor_preview", file)).context["form"].initial["fingerprint"]}
    make.actor(name="Neuer Akteur")
    answer = client.post(url("actor_take_over", file), form)
    assert (answer.status_code, Actor.objects.count()) == (409, 1)
    assert "hat sich das Verzeichnis geändert" in answer.content.decode()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"Name;Art\n",
        b"PK\x03\x04abc",
        b"\x00\x01\x02",
        b"%PDF-1.7",
        b'Name;Art\n"offen;x\n',
        b"x" * (2 * 1024 * 1024 + 1),
    ],
)
def test_what_is_no_table_is_refused(client_of, mara, content):
    answer = client_of(mara).post(UPLOAD, {"file": SimpleUploadedFile("liste.csv", content)})
    assert (answer.status_code, list(answer.context["form"].errors)) == (422, ["file"])
    assert ActorFile.objects.count() == 0


def test_files_belong_to_who_sent_them(client_of, mara, asli):
    file = make.actor_file(user=mara)
    client = client_of(asli)
    answers = [
        client.get(url("actor_preview", file)),
        *(client.post(url(name, file)) for name in ("actor_take_over", "actor_discard")),
    ]
    assert [answer.status_code for answer in answers] == [404] * 3
    client_of(mara).post(url("actor_discard", file))
    assert ActorFile.objects.count() == 0


def test_old_files_are_thrown_away(mara):
    file = make.actor_file(user=mara)
    ActorFile.objects.update(at=file.at - timedelta(days=8))
    for _ in range(6):
        keep_file(name="liste.csv", content=b"Name;Art\na;b\n", by=mara)
    assert ActorFile.objects.count() == 5
    ActorFile.objects.update(at=file.at - timedelta(days=8))
    assert (discard_old_files(), ActorFile.objects.count()) == (5, 0)


@pytest.mark.parametrize("count", [1, 200])
def test_reading_costs_the_same_for_few_and_many(mara, kita, ost, count, django_assert_num_queries):
    text = "Name;Art;Quartier\n" + "".join(f"Akteur {n};Kita;Ost\n" for n in range(count))
    assert mara.rights
    with django_assert_num_queries(5):
        assert {state for state, _ in lines(text, mara)} == {"new"}


@pytest.mark.django_db(transaction=True)
def test_two_people_take_over_the_same_list_at_once(client_of, mara, asli, kita):
    text = "Name;Art\nKita Mond;Kita\nKita Sonne;Kita\n"
    clients = []
    for person in (mara, asli):
        file, client = make.actor_file(user=person, text=text), client_of(person)
        form = {"fingerprint": client.get(url("actor_preview", file)).context["form"].initial["fingerprint"]}
        clients.append(
            lambda client=client, file=file, form=form: client.post(url("actor_take_over", file), form).status_code
        )
    assert sorted(_at_once(*clients)) == [303, 409]
    assert sorted(Actor.objects.values_list("name", flat=True)) == ["Kita Mond", "Kita Sonne"]


# --- The file that is written -----------------------------------------------------------------------------------------

EXPORT = reverse("districts:actor_export")


def exported(client, **query):
    content = b"".join(client.get(EXPORT, query).streaming_content)
    assert content.startswith(b"\xef\xbb\xbf")
    return content, list(csv.DictReader(StringIO(content.decode("utf-8-sig")), delimiter=";"))


def test_writes_the_filtered_list(client_of, silke, ost, preuswald, mara):
    field = make.action_field(name="Kinder, Jugend, Bildung")
    make.actor(
        name="Sonne",
        districts=[ost, preuswald],
        action_fields=[field],
        languages=["tr"],
        verified_by=mara,
        verified_on=make.today(),
    )
    make.actor(name="Mond", districts=[preuswald])
    make.actor(name="Vorbei", districts=[ost], status="ended", ended_on=make.today())
    _, rows = exported(client_of(silke), district=ost.pk)
    assert [(row["Name"], row["Quartiere"], row["Handlungsfelder"], row["Sprachen"]) for row in rows] == [
        ("Sonne", "Aachen-Ost | Preuswald", "Kinder, Jugend, Bildung", "Türkisch")
    ]
    assert [row["Geprüft am"] for row in rows] == [f"{make.today():%d.%m.%Y}"]


def test_no_spreadsheet_runs_what_somebody_typed(client_of, mara):
    make.actor(name="=HYPERLINK(1)", street="+49", description="-1")
    _, rows = exported(client_of(mara))
    assert [rows[0][name] for name in ("Name", "Straße", "Beschreibung")] == ["'=HYPERLINK(1)", "'+49", "'-1"]


def test_people_and_the_log_are_in_no_file(client_of, mara, ost):
    actor = make.actor(districts=[ost])
    person = make.contact_person(actor=actor, name="Gerda Palm")
    note = make.contact_note(actor=actor, district=ost, by=mara, person=person)
    content = exported(client_of(mara))[0].decode()
    assert [text for text in ("Gerda", person.private_phone, note.topic, note.text) if text in content] == []


def test_a_written_file_is_read_again_without_doing_anything(client_of, mara, silke, ost, kita):
    make.actor(name="=Sonne", type=kita, districts=[ost], parent=make.actor(name="Sozialwerk"), languages=["de"])
    make.actor(name="Vorbei", status="ended", ended_on=make.today())
    content, rows = exported(client_of(silke), status="any")
    assert len(rows) == 3
    plan = read_actors(content, user=mara)
    assert ([line.state for line in plan.lines], plan.unknown) == (["known"] * 3, [])
    Actor.objects.filter(parent__isnull=False).update(name="Umbenannt")
    Actor.objects.filter(name="Umbenannt").update(parent=None, merged_into=Actor.objects.get(name="Sozialwerk"))
    again = read_actors(content, user=mara).lines[0]
    assert (again.state, again.values["name"], again.districts) == ("alike", "=Sonne", [ost])


def test_a_filter_that_cannot_be_read_leads_back_to_the_list(client_of, mara):
    answer = client_of(mara).get(EXPORT, {"district": "x"})
    assert (answer.status_code, answer.headers["Location"]) == (303, f"{reverse('districts:actors')}?district=x")


@pytest.mark.parametrize("count", [1, 40])
def test_writing_costs_the_same_for_few_and_many(client_of, mara, ost, count, django_assert_num_queries):
    for _ in range(count):
        make.actor(districts=[ost], action_fields=[make.action_field()], target_groups=[make.target_group()])
    client = client_of(mara)
    exported(client)
    with django_assert_num_queries(10):
        exported(client)


# --- what it would change of known ones -------------------------------------------------------------------------------

CHANGED = (
    "Name;Art;Telefon;Zielgruppen;Sprachen;Öffentlich;Quartiere\n"
    "Kita Sonne;;0241 99;Kinder;Türkisch;ja;\n"
    "Kita Mond;Kita;;;;;\n"
)


@pytest.fixture
def sonne(kita, ost):
    children = make.target_group(name="Kinder")
    make.actor(name="Kita Mond", districts=[ost], type=kita, phone="0241 5")
    actor = make.actor(name="Kita Sonne", districts=[ost], type=kita, phone="0241 1", languages=["de"])
    actor.target_groups.set([make.target_group(name="Ältere")])
    return actor, children


def test_shows_what_would_change_and_changes_it_only_when_asked_for(client_of, mara, sonne, ost):
    actor, children = sonne
    file = keep_file(name="liste.csv", content=CHANGED.encode(), by=mara)
    client = client_of(mara)
    shown = client.get(url("actor_preview", file))
    first, second = (line for line, *_ in shown.context["preview"].lines)
    assert (first.state, second.state, second.changes) == ("changed", "known", [])
    assert first.changes == [
        ("Telefon", "0241 1", "0241 99"), ("Darf öffentlich genannt werden", "nein", "ja"),
        ("Sprachen", "Deutsch", "Türkisch"), ("Zielgruppen", "Ältere", "Kinder"),
    ]  # fmt: skip
    assert "0241 99" in shown.text
    seen = {"fingerprint": shown.context["plan"].fingerprint}
    client.post(url("actor_take_over", file), seen)
    actor.refresh_from_db()
    assert (actor.phone, ActorFile.objects.exists()) == ("0241 1", False)
    file = keep_file(name="liste.csv", content=CHANGED.encode(), by=mara)
    answer = client.post(url("actor_take_over", file), seen | {"with_changes": "on"}, follow=True)
    assert "0 neu, 1 geändert, 1 schon da" in answer.text
    actor.refresh_from_db()
    told = (actor.phone, actor.languages, actor.is_public, list(actor.target_groups.all()), list(actor.districts.all()))
    assert told == ("0241 99", ["tr"], True, [children], [ost])
    assert actor.events.filter(kind="imported", by=mara).count() == 1


def test_a_list_changes_nothing_of_other_teams_or_of_the_past(paul, silke, sonne):
    assert [state for state, _ in lines(CHANGED, paul)] == ["known", "known"]
    Actor.objects.filter(pk=sonne[0].pk).update(status="ended", ended_on=make.today())
    assert [state for state, _ in lines(CHANGED, silke)] == ["known", "known"]


def test_a_list_moves_no_actor_out_of_the_teams_own_quarters(mara, silke, sonne, ost, preuswald):
    away = f"Name;Art;Quartiere\nKita Sonne;;{preuswald.name}\n"
    both = f"Name;Art;Quartiere\nKita Sonne;;{preuswald.name}|{ost.name}\n"
    found = [[state for state, _ in lines(*asked)] for asked in ((away, mara), (both, mara), (away, silke))]
    assert found == [["known"], ["changed"], ["changed"]]


def test_what_changed_since_the_preview_is_shown_before_it_is_overwritten(client_of, mara, sonne):
    file = keep_file(name="liste.csv", content=CHANGED.encode(), by=mara)
    client = client_of(mara)
    seen = client.get(url("actor_preview", file)).context["plan"].fingerprint
    Actor.objects.filter(pk=sonne[0].pk).update(phone="0241 7")
    answer = client.post(url("actor_take_over", file), {"fingerprint": seen, "with_changes": "on"})
    phone = Actor.objects.get(pk=sonne[0].pk).phone
    assert (answer.status_code, "0241 7" in answer.text, phone) == (409, True, "0241 7")
