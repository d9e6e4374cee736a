"""Notices and "Gehört – getan" (P04, N15): chosen, worded, cleared, released, never with anybody's data."""

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from concerns.actions.intake import ReporterData
from concerns.models import Concern
from reports.actions import sheets as actions
from reports.actions.sheets import SheetConflict, SheetError, Topic
from reports.forms.sheets import next_period
from reports.models import MOST_ENTRIES, Sheet
from reports.papers import sheets as papers
from reports.personal import looks_personal
from tests import make
from tests.concerns.leaks import PERSONAL, SECRETS, leaked, leaky_concern
from tests.concerns.loop import ANSWER, PERSON, answered, closed, fresh, log
from tests.pdf import images, ink_outside, pages, structure, text

pytestmark = pytest.mark.django_db
NEW = "reports:sheet_new"


@pytest.fixture
def heard(mara, ost):
    return make.sheet(kind="heard", district=ost, made_by=mara, office=mara.office, title="Gehört – getan")


def words_of(sheet, **changes) -> dict:
    """What the form of a sheet sends; `changes` by the field's name, for the first topic."""
    data = {"title": sheet.title, "intro": sheet.intro, "version": sheet.version}
    for place, entry in enumerate(sheet.entries.all(), 1):
        typed = {"heading": entry.heading, "text": entry.text, "section": entry.section, "place": place}
        typed |= changes if place == 1 else {}
        data |= {f"thema-{entry.pk}-{name}": value for name, value in typed.items() if value != ""}
    return data


def post(person, sheet, data, **more):
    return make.client_of(person).post(sheet.get_absolute_url(), data | more)


def notices(response) -> list[str]:
    return [str(one) for one in response.wsgi_request._messages]


def pdf_of(sheet, person, format="a4") -> bytes:
    response = make.client_of(person).get(reverse("reports:sheet_pdf", args=[sheet.pk, format]))
    assert response.status_code == 200
    return response.content


def release(sheet, by) -> Sheet:
    sheet.refresh_from_db()
    numbers = papers.numbers(sheet)
    released = actions.release_sheet(sheet=sheet, version=sheet.version, hints={}, numbers=numbers, by=by)
    return Sheet.objects.get(pk=released.pk)


# --- Choosing --------------------------------------------------------------------------------------------------------


def test_people_of_the_worklist_become_a_notice_with_the_departments_words(mara, stadtbetrieb):
    concern = answered(mara, stadtbetrieb)
    client, query = make.client_of(mara), f"?person={concern.reporters.get().pk}"
    assert concern.number in client.get(reverse(NEW) + query).content.decode()
    response = client.post(reverse(NEW) + query, {"title": "Antworten", "district": ""})
    sheet = Sheet.objects.get()
    assert (response.status_code, response["Location"]) == (303, sheet.get_absolute_url())
    assert (sheet.kind, sheet.district, sheet.office, sheet.made_by) == ("notice", None, mara.office, mara)
    entry = sheet.entries.get()
    assert (entry.concern, entry.section, entry.heading) == (concern, "done", "Wilder Müll")
    assert entry.text == "Wir haben den Müll abgeholt."


def test_a_released_notice_leads_to_noting_who_is_told_by_it(mara, ost, stadtbetrieb):
    reader = ReporterData(kind="anonymous", channel="notice")
    topic = answered(mara, stadtbetrieb, reporters=(reader, PERSON))
    elsewhere = answered(mara, stadtbetrieb, reporters=(reader,))
    sheet = release(make.sheet(district=ost, made_by=mara, concerns=[topic]), mara)
    client, waiting = make.client_of(mara), topic.reporters.get(channel="notice")
    page = client.get(sheet.get_absolute_url()).content.decode()
    collective = f"{reverse('concerns:collective')}?person={waiting.pk}"
    assert f'href="{collective}">festhalten, dass 1 Person damit benachrichtigt ist</a>' in page
    note = {"text": "Der Müll ist abgeholt.", "note": "Schaukasten, bis Monatsende"}
    assert client.post(collective, note).status_code == 303
    assert "wartet niemand mehr auf einen Aushang" in client.get(sheet.get_absolute_url()).content.decode()
    assert (fresh(waiting).due, fresh(elsewhere.reporters.get()).due) == ("", "final")


def test_a_concern_of_another_team_and_a_confidential_one_stay_away(mara, paul, preuswald, ost):
    foreign = make.concern(district=preuswald, owner=paul)
    secret = make.concern(district=ost, owner=mara, is_sensitive=True, topic=make.topic(is_sensitive=True))
    people = "&".join(f"person={one.reporters.get().pk}" for one in (foreign, secret))
    page = make.client_of(mara).get(f"{reverse(NEW)}?{people}&anliegen={secret.number}")
    assert page.context["topics"] == []
    assert "Ein Teil der Auswahl kommt nicht auf das Blatt" in page.content.decode()


def test_candidates_are_what_was_closed_in_the_period_or_still_waits(mara, ost, stadtbetrieb, heard):
    done = closed(mara, stadtbetrieb, title="Erledigt")
    no = {"outcome": "declined", "answer_text": "Kein Geld.", "reason_category": "funds"}
    refused = closed(mara, stadtbetrieb, title="Abgelehnt", outcome=no)
    waiting, told = log(mara, title="Neu"), answered(mara, stadtbetrieb, title="Beantwortet")
    old = closed(mara, stadtbetrieb, title="Früher")
    gone = closed(mara, stadtbetrieb, title="Zurückgezogen", outcome={**ANSWER, "outcome": "withdrawn"})
    Concern.objects.filter(pk=old.pk).update(closed_at=old.closed_at - timedelta(days=400))
    make.concern(district=ost, owner=mara, is_sensitive=True, topic=make.topic(is_sensitive=True))
    make.concern(owner=mara)
    found = {group.label: {one.concern: one.text for one in group.topics} for group in papers.candidates(heard, mara)}
    assert found == {
        "Getan": {done: "Der Müll ist abgeholt."},
        "Noch in Arbeit": {
            waiting: "Wir prüfen gerade, wer das lösen kann.",
            told: "Die Antwort liegt vor. Wir sagen sie gerade allen, die das gemeldet haben.",
        },
        "Nicht möglich – und warum": {refused: "Kein Geld."},
    }
    assert gone.outcome == "withdrawn"


def test_chosen_topics_come_onto_the_sheet_once(mara, stadtbetrieb, heard):
    concern = closed(mara, stadtbetrieb)
    url = reverse("reports:sheet_pick", args=[heard.pk])
    client = make.client_of(mara)
    for _ in range(2):
        client.post(url, {"thema": [concern.pk, "99999", "abc", "-1", "٣"]})
    assert [entry.concern for entry in heard.entries.all()] == [concern]


def test_more_topics_than_fit_are_refused(mara, ost, heard):
    topic = make.topic()
    many = [
        Topic(make.concern(district=ost, owner=mara, topic=topic), "done", "x", "y") for _ in range(MOST_ENTRIES + 1)
    ]
    with pytest.raises(SheetError, match=f"höchstens {MOST_ENTRIES} Themen"):
        actions.add_topics(sheet=heard, topics=many, by=mara)
    assert heard.entries.count() == 0


def test_what_was_in_work_starts_the_next_sheet(mara, ost, stadtbetrieb, heard):
    still, finished = log(mara, title="Bank"), log(mara, title="Lampe")
    topics = [Topic(one, "working", f"{one.title} am Platz", "Wir sind dran.") for one in (still, finished)]
    actions.add_topics(
        sheet=heard, topics=[*topics, Topic(closed(mara, stadtbetrieb), "done", "Müll", "Weg.")], by=mara
    )
    release(heard, mara)
    Concern.objects.filter(pk=finished.pk).update(district=None)
    response = make.client_of(mara).post(
        f"{reverse(NEW)}?art=heard",
        {"district": ost.pk, "since": "2026-10-01", "until": "2026-10-31", "title": "Gehört – getan"},
        follow=True,
    )
    sheet = Sheet.objects.latest("pk")
    assert [(one.concern, one.heading, one.text) for one in sheet.entries.all()] == [
        (still, "Bank am Platz", "Wir sind dran.")
    ]
    assert "Was zuletzt noch in Arbeit war, steht schon auf dem Blatt: 1." in response.content.decode()


@pytest.mark.parametrize(
    ("last", "expected"),
    [
        (None, (date(2026, 10, 1), date(2026, 10, 31))),
        (date(2026, 9, 30), (date(2026, 10, 1), date(2026, 10, 31))),
        (date(2026, 11, 10), (date(2026, 11, 11), date(2026, 11, 22))),
        (date(2026, 11, 21), (date(2026, 11, 22), date(2026, 11, 22))),
        (date(2026, 11, 22), (date(2026, 10, 1), date(2026, 10, 31))),
    ],
)
def test_the_next_period_follows_the_last_sheet(last, expected):
    assert next_period(last and Sheet(until=last), date(2026, 11, 22)) == expected


# --- Words, hints, release -------------------------------------------------------------------------------------------


def test_words_are_saved_in_the_order_given(mara, ost):
    sheet = make.sheet(district=ost, made_by=mara, concerns=[make.concern(district=ost) for _ in range(3)])
    first = sheet.entries.first()
    response = post(mara, sheet, words_of(sheet, heading="Bank am Platz", place="9", section="refused"), intro="Hallo")
    assert response.status_code == 303
    assert notices(response) == ["Gespeichert. Das Blatt hat als A4 1 Seite und als A3 1 Seite."]
    sheet.refresh_from_db()
    assert sheet.intro == "Hallo"
    assert sheet.entries.last().pk == first.pk
    assert (sheet.entries.last().heading, sheet.entries.last().section) == ("Bank am Platz", "refused")


def test_what_looks_personal_must_be_cleared_in_exactly_these_words(mara, ost):
    concern = leaky_concern(district=ost, owner=mara)
    sheet = make.sheet(district=ost, made_by=mara, concerns=[concern])
    entry = sheet.entries.get()

    def send(**changes):
        sheet.refresh_from_db()
        response = post(mara, sheet, words_of(sheet, **changes), release="1")
        entry.refresh_from_db()
        sheet.refresh_from_db()
        return response

    # Not shown with its hints yet: the tick that is sent along counts for nothing.
    response = send(text="Rosalinde hat uns geholfen.", cleared="on")
    assert (entry.text, entry.cleared, sheet.is_released) == ("Rosalinde hat uns geholfen.", False, False)
    assert "Bitte zuerst die Hinweise auf Personendaten prüfen" in notices(response)[0]
    page = make.client_of(mara).get(sheet.get_absolute_url()).content.decode()
    assert "„Rosalinde“" in page
    assert (f'href="#topic-{entry.pk}"' in page, f'id="topic-{entry.pk}"' in page) == (True, True)
    send(text="Rosalinde hat uns sehr geholfen.", cleared="on")
    assert (entry.cleared, sheet.is_released) == (False, False)
    send(cleared="on")
    assert (entry.cleared, sheet.is_released, sheet.released_by) == (True, True, mara)


def test_title_and_introduction_are_looked_at_too(mara, ost):
    concern = leaky_concern(district=ost, owner=mara)
    sheet = make.sheet(district=ost, made_by=mara, concerns=[concern])

    def send(**changes):
        sheet.refresh_from_db()
        response = post(mara, sheet, words_of(sheet) | changes, release="1")
        sheet.refresh_from_db()
        return response

    response = send(intro="Rosalinde lädt ein: Elsassplatz 5.", cleared="on")
    assert "Personendaten prüfen: „Überschrift und Einleitung“" in notices(response)[0]
    assert (sheet.cleared, sheet.is_released) == (False, False)
    page = make.client_of(mara).get(sheet.get_absolute_url()).content.decode()
    assert ("„Rosalinde“" in page, "„Elsassplatz 5“" in page) == (True, True)
    send(title="Neues von Frau Kraus", cleared="on")
    assert (sheet.title, sheet.cleared, sheet.is_released) == ("Neues von Frau Kraus", False, False)
    send(cleared="on")
    assert (sheet.cleared, sheet.is_released) == (True, True)


def test_who_reported_one_topic_is_noticed_in_the_words_of_another(mara, ost):
    leaky = leaky_concern(district=ost, owner=mara)
    sheet = make.sheet(district=ost, made_by=mara, concerns=[make.concern(district=ost), leaky])
    first = sheet.entries.first()
    sheet.entries.filter(pk=first.pk).update(text="Rosalinde hat recht.")
    assert papers.hints(sheet.entries.all())[first.pk] == ["Rosalinde"]


def test_only_a_quarter_manager_releases(mara, asli, ost):
    sheet = make.sheet(district=ost, made_by=asli, concerns=[make.concern(district=ost, owner=mara)])
    page = make.client_of(asli).get(sheet.get_absolute_url()).content.decode()
    assert 'name="release"' not in page
    response = post(asli, sheet, words_of(sheet, heading="Bank"), release="1")
    assert notices(response) == ["Gespeichert, aber nicht freigegeben: Das kann nur das Quartiersmanagement."]
    assert Sheet.objects.filter(released_at__isnull=True, entries__heading="Bank").count() == 1


def test_nothing_empty_and_nothing_confidential_leaves_the_house(mara, ost):
    with pytest.raises(SheetError, match="noch kein Thema"):
        release(make.sheet(district=ost, made_by=mara), mara)
    concern = make.concern(district=ost, owner=mara)
    sheet = make.sheet(district=ost, made_by=mara, concerns=[concern])
    Concern.objects.filter(pk=concern.pk).update(is_sensitive=True)
    with pytest.raises(SheetError, match=f"Vertrauliche Anliegen kommen nie auf ein Blatt.*{concern.number}"):
        release(sheet, mara)
    with pytest.raises(SheetError, match="nie auf ein Blatt"):
        actions.add_topics(sheet=make.sheet(district=ost), topics=[Topic(concern, "done", "x", "y")], by=mara)


def test_a_released_sheet_never_changes(mara, ost):
    concern = make.concern(district=ost, owner=mara)
    sheet = release(make.sheet(district=ost, made_by=mara, concerns=[concern]), mara)
    before = pdf_of(sheet, mara)
    response = post(mara, sheet, words_of(sheet, text="Etwas anderes"))
    assert response.status_code == 409
    assert "Etwas anderes" in response.content.decode()
    make.client_of(mara).post(reverse("reports:sheet_delete", args=[sheet.pk]))
    make.client_of(mara).post(reverse("reports:sheet_pick", args=[sheet.pk]), {"thema": concern.pk})
    with pytest.raises(SheetConflict):
        actions.add_topics(sheet=sheet, topics=[], by=mara)
    Concern.objects.filter(pk=concern.pk).update(title="Neuer Titel")
    assert pdf_of(sheet, mara) == before
    assert "Entwurf" not in text(before)


def test_the_database_refuses_to_change_what_hangs_in_the_window(mara, ost):
    concern, other = (make.concern(district=ost, owner=mara) for _ in range(2))
    sheet = release(make.sheet(district=ost, made_by=mara, concerns=[concern]), mara)
    entry = {"section": "done", "heading": "x", "text": "y"}
    for change in (
        lambda: Sheet.objects.update(title="Anders"),
        lambda: Sheet.objects.update(released_at=None, released_by=None),
        lambda: sheet.entries.update(text="Anders"),
        lambda: sheet.entries.all().delete(),
        lambda: sheet.entries.create(concern=other, **entry),
        lambda: Sheet.objects.filter(pk=sheet.pk)._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            change()


def test_somebody_was_faster_and_no_word_is_lost(mara, asli, ost):
    sheet = make.sheet(district=ost, made_by=mara, concerns=[make.concern(district=ost) for _ in range(2)])
    typed = words_of(sheet, text="Meine Worte zum ersten Thema")
    post(asli, sheet, words_of(sheet, remove="on"))
    response = post(mara, sheet, typed)
    assert response.status_code == 409
    page = response.content.decode()
    assert "Meine Worte zum ersten Thema" in page
    assert "Jemand anderes hat das Blatt inzwischen geändert" in page
    assert sheet.entries.count() == 1


def test_both_texts_are_seen_and_sending_once_more_replaces_the_other(mara, asli, ost):
    sheet = make.sheet(district=ost, made_by=mara, concerns=[make.concern(district=ost)])
    typed = words_of(sheet, text="Meine Worte")
    post(asli, sheet, words_of(sheet, text="Aslis Worte"), intro="Aslis Einleitung")
    actions.add_topics(sheet=sheet, topics=[Topic(make.concern(district=ost), "done", "Neu", "Dazu.")], by=asli)
    response = post(mara, sheet, typed)
    page = response.content.decode()
    assert response.status_code == 409
    assert [words in page for words in ("Meine Worte", "Aslis Worte", "Aslis Einleitung")] == [True] * 3
    form = response.context["form"]
    shown = {one.add_prefix(name): one[name].value() for one in form.forms for name in one.fields if one[name].value()}
    assert post(mara, sheet, shown).status_code == 303
    assert [entry.text for entry in sheet.entries.all()] == ["Meine Worte", "Dazu."]


def test_a_draft_is_deleted_and_the_concern_stays(mara, ost):
    concern = make.concern(district=ost)
    sheet = make.sheet(district=ost, made_by=mara, concerns=[concern])
    make.client_of(mara).post(reverse("reports:sheet_delete", args=[sheet.pk]))
    assert (Sheet.objects.count(), Concern.objects.filter(pk=concern.pk).count()) == (0, 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"text": ""}, "text"),
        ({"text": "x" * 701}, "text"),
        ({"heading": "y" * 121}, "heading"),
        ({"section": "kaputt"}, "section"),
        ({"place": "0"}, "place"),
        ({"place": "99999999999999999999"}, "place"),
    ],
)
def test_bad_input_is_told_beside_the_field_and_changes_nothing(mara, ost, changes, field):
    sheet = make.sheet(district=ost, made_by=mara, concerns=[make.concern(district=ost)])
    response = post(mara, sheet, words_of(sheet, **changes))
    assert response.status_code == 422
    assert list(response.context["form"].entries[0].errors) == [field]
    assert Sheet.objects.get().version == sheet.version


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"since": "2026-10-31", "until": "2026-10-01"}, "until"),
        ({"since": "2020-10-01", "until": "2026-10-01"}, "until"),
        ({"since": "gestern"}, "since"),
        ({"title": ""}, "title"),
        ({"district": "4711"}, "district"),
    ],
)
def test_a_sheet_needs_sense_to_begin(mara, ost, typed, field):
    good = {"district": ost.pk, "since": "2026-10-01", "until": "2026-10-31", "title": "Gehört – getan"}
    response = make.client_of(mara).post(f"{reverse(NEW)}?art=heard", good | typed)
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert Sheet.objects.count() == 0


@pytest.mark.parametrize(
    "query",
    ["?art=kaputt", "?person=abc&person=-1&person=99999999999999999999", "?anliegen=%00", "?anliegen=2026-99999"],
)
def test_hostile_addresses_are_harmless(mara, query):
    assert make.client_of(mara).get(reverse(NEW) + query).status_code == 200


def test_sheets_belong_to_the_teams_of_their_district_or_office(mara, asli, paul, silke, ost):
    sheets = {
        "district": make.sheet(district=ost, made_by=mara),
        "office": make.sheet(made_by=mara, office=mara.office),
        "own": make.sheet(made_by=paul),
    }
    for person, seen in ((mara, {"district", "office"}), (asli, {"district"}), (paul, {"own"}), (silke, set())):
        visible = Sheet.objects.visible_to(person)
        assert {name for name, sheet in sheets.items() if sheet in visible} == seen


# --- Paper -----------------------------------------------------------------------------------------------------------


def test_nothing_of_a_person_and_no_note_is_on_a_sheet(mara, ost, heard):
    concern = leaky_concern(district=ost, owner=mara)
    concern.refresh_from_db()
    topics = papers.first_words("heard", [concern])
    actions.add_topics(sheet=heard, topics=topics, by=mara)
    for sheet in (heard, release(heard, mara)):
        for format in papers.FORMATS:
            paper = pdf_of(sheet, mara, format)
            assert structure(paper) == []
            assert leaked(text(paper)) == []
            assert [one for one in (mara.name, concern.number) if one in text(paper)] == []


def test_numbers_are_those_of_the_list_and_stay_as_released(mara, ost, stadtbetrieb, heard):
    closed(mara, stadtbetrieb)
    no = {"outcome": "declined", "answer_text": "Kein Geld.", "reason_category": "funds"}
    closed(mara, stadtbetrieb, outcome=no)
    closed(mara, stadtbetrieb, outcome={**ANSWER, "outcome": "withdrawn"})
    planned = {"outcome": "planned", "answer_text": "Im Mai.", "promised_on": make.today() + timedelta(days=90)}
    actions.add_topics(
        sheet=heard, topics=papers.first_words("heard", [closed(mara, stadtbetrieb, outcome=planned)]), by=mara
    )
    answered(mara, stadtbetrieb)
    log(mara, received_on=make.today() - timedelta(days=90))
    make.concern(district=ost, is_sensitive=True, topic=make.topic(is_sensitive=True))
    numbers = {"heard": 5, "done": 1, "refused": 1, "working": 2, "withdrawn": 1}
    assert papers.numbers(heard) == numbers
    page = make.client_of(mara).get(heard.get_absolute_url()).content.decode()
    query = papers.list_query(heard)
    assert query.replace("&", "&amp;") in page
    assert make.client_of(mara).get(f"{reverse('concerns:list')}?{query}").context["page"].label == "5 Anliegen"
    sheet = release(heard, mara)
    log(mara)
    assert sheet.numbers == numbers
    assert "5 gehört 1 getan 2 in Arbeit 1 nicht möglich 1 Anliegen wurde zurückgezogen." in text(pdf_of(sheet, mara))


def test_a_district_without_a_concern_and_with_a_long_name_has_a_sheet(mara, ost, heard):
    ost.name = "Siedlung am ehemaligen Güterbahnhof Aachen-Nordwest (Ostteil)"
    ost.save()
    for format, size in (("a4", (595, 842)), ("a3", (842, 1191))):
        paper = pdf_of(heard, mara, format)
        assert structure(paper) == []
        assert ink_outside(paper) == []
        assert "0 gehört 0 getan 0 in Arbeit 0 nicht möglich" in text(paper)
        assert "Entwurf – nicht aushängen" in text(paper)
        assert [abs(a - b) <= 1 for a, b in zip(images(paper)[0].size, size, strict=True)] == [True, True]


def test_hostile_words_stay_words_and_stay_on_the_paper(mara, ost):
    concerns = [make.concern(district=ost, owner=mara, title="W" * 120) for _ in range(12)]
    sheet = make.sheet(district=ost, made_by=mara, concerns=concerns, title="Ü" * 80, intro="<b>fett</b> {{ x }}")
    sheet.entries.update(text=("<script>alert(1)</script> " + "Straßenbahnhaltestelle" * 14 + " ") * 2)
    paper = pdf_of(sheet, mara)
    assert structure(paper) == []
    assert ink_outside(paper) == []
    assert "<b>fett</b> {{ x }}" in text(paper)
    assert "<script>alert(1)</script>" in text(paper)
    assert pages(paper) > 1


def test_what_became_confidential_is_missing_in_a_reprint(mara, ost):
    secret, open_one = (make.concern(district=ost, owner=mara, title=title) for title in ("Geheim", "Offen"))
    sheet = release(make.sheet(district=ost, made_by=mara, concerns=[secret, open_one]), mara)
    Concern.objects.filter(pk=secret.pk).update(is_sensitive=True)
    words = text(pdf_of(sheet, mara))
    assert ("Geheim" in words, "Offen" in words) == (False, True)


def test_an_unknown_format_is_not_found(mara, heard):
    assert make.client_of(mara).get(reverse("reports:sheet_pdf", args=[heard.pk, "a0"])).status_code == 404


def test_queries_do_not_grow_with_the_topics(mara, ost):
    counts = []
    for n in (1, 3):
        concerns = [make.concern(district=ost, owner=mara, reporters=[{}, {}]) for _ in range(n)]
        sheet = make.sheet(district=ost, made_by=mara, concerns=concerns)
        for url in (sheet.get_absolute_url(), reverse("reports:sheet_pick", args=[sheet.pk])):
            client = make.client_of(mara)
            client.get(url)
            with CaptureQueriesContext(
                connection,
            ) as captured:
                client.get(url)
            counts.append(len(captured))
    assert counts[:2] == counts[2:]


# --- Hints -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Die Bank am Elsassplatz ist repariert.", []),
        ("Am 10.09.2026 und am 3. 10. wurde gemäht, Bus 33 fährt alle 10 Minuten.", []),
        ("Frau Kraus vom Amt", ["Frau Kraus"]),
        ("Herrn Dr. Weiß fragen", ["Herrn Dr. Weiß"]),
        ("aus der Hüttenstraße 191", ["Hüttenstraße 191"]),
        ("Familie O'Brien wohnt Trierer Straße 12 a.", ["Familie O'Brien", "Trierer Straße 12 a"]),
        ("Elsassplatz 5", ["Elsassplatz 5"]),
        ("Rufen Sie an: 0241 / 12 34 56 oder +49 241 123456", ["0241 / 12 34 56", "+49 241 123456"]),
        ("post@kraus.example", ["post@kraus.example"]),
        ("Gerda hat recht, Zorn hilft nicht.", ["Gerda", "Zorn"]),
        ("Nummer 555019", ["555019"]),
    ],
)
def test_hints(words, found):
    assert looks_personal(words, [PERSON]) == found


def test_every_secret_of_a_reporter_is_noticed(mara, ost):
    concern = leaky_concern(district=ost, owner=mara)
    for name in PERSONAL:
        assert looks_personal(f"Bitte {SECRETS[name]} fragen.", concern.reporters.all()) != []


@pytest.mark.parametrize(
    ("words", "short"),
    [
        ("Kurz.", "Kurz."),
        ("Eins. " * 200, "Eins. " * 115 + "Eins."),
        ("x" * 800, "x" * 699 + "…"),
        ("", ""),
    ],
)
def test_first_words_are_cut_at_a_sentence(words, short):
    assert papers.shortened(words, 700) == short
    assert len(papers.shortened(words, 700)) <= 700
