"""Logging a concern: what is stored, refused, forwarded, joined, and what it costs."""

import re
from datetime import date, timedelta

import pytest
from django.urls import reverse

from concerns.forms.capture import new_key
from concerns.models import Concern, LoopSettings, Reporter
from concerns.workflow import ConcernStatus
from districts.roles import Role
from quartier.workdays import add_workdays
from tests import make

pytestmark = pytest.mark.django_db
URL = reverse("concerns:capture")


@pytest.fixture
def litter():
    return make.topic(name="Wilder Müll", keywords="Matratze, Sperrmüll", parent=make.theme(name="Sauberkeit"))


@pytest.fixture
def rule(litter, stadtbetrieb):
    return make.rule(topic=litter, department=stadtbetrieb, working_days=5)


@pytest.fixture
def typed(mara, ost, litter):
    """What a resident's call about litter looks like when it arrives at the server."""
    return {
        "form_key": new_key(mara),
        "text": "Am Container liegen Matratzen. Der Weg ist halb zu.",
        "place": "Scheibenstraße 12",
        "district": str(ost.pk),
        "topic": str(litter.pk),
        "kind": "defect",
        "channel": "phone",
        "received_on": make.today().isoformat(),
        "urgency": "normal",
        "person-TOTAL_FORMS": "1",
        "person-INITIAL_FORMS": "0",
        "person-0-kind": "resident",
        "person-0-channel": "phone",
        "person-0-name": "Geheimname Probst",
        "person-0-phone": "0241 987654",
        "person-0-language": "de",
        "person-0-consent_store": "on",
    }


def send(client, typed, **changes):
    data = {name: value for name, value in {**typed, **changes}.items() if value is not None}
    return client.post(URL, data)


def errors(answer):
    """Every error on the page, field by field."""
    sheet = answer.context["sheet"]
    found = {}
    for form in (sheet.concern, *sheet.reporters.forms, sheet.forward):
        found |= {f"{form.prefix}-{name}" if form.prefix else name: list(texts) for name, texts in form.errors.items()}
    return found


# --- Saving -----------------------------------------------------------------------------------------------------------


def test_stores_what_was_typed(client_of, mara, ost, litter, typed):
    answer = send(client_of(mara), typed, affected="12", note="Hausmeister weiß Bescheid.", occasion="Rundgang")
    concern = Concern.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, concern.get_absolute_url())
    assert {
        name: getattr(concern, name)
        for name in (
            "title",
            "text",
            "place",
            "district",
            "topic",
            "channel",
            "occasion",
            "affected",
            "owner",
            "office",
        )
    } == {
        "title": "Am Container liegen Matratzen",
        "text": "Am Container liegen Matratzen. Der Weg ist halb zu.",
        "place": "Scheibenstraße 12",
        "district": ost,
        "topic": litter,
        "channel": "phone",
        "occasion": "Rundgang",
        "affected": 12,
        "owner": mara,
        "office": mara.office,
    }
    reporter = concern.reporters.get()
    assert (reporter.name, reporter.phone, reporter.channel, reporter.consent_store, reporter.consent_pass_on) == (
        "Geheimname Probst",
        "0241 987654",
        "phone",
        True,
        False,
    )
    assert [note.text for note in concern.notes.all()] == ["Hausmeister weiß Bescheid."]
    assert concern.number == f"{make.today().year}-00001"


def test_five_fields_are_enough(client_of, mara, typed):
    names = ("form_key", "text", "district", "topic", "kind", "channel", "received_on", "urgency")
    people = [name for name in typed if name.startswith("person")]
    answer = client_of(mara).post(URL, {name: typed[name] for name in (*names, *people)})
    assert answer.status_code == 303
    assert Concern.objects.get().place == ""


def test_the_title_may_be_typed(client_of, mara, typed):
    send(client_of(mara), typed, title="Matratzen", text="")
    assert (Concern.objects.get().title, Concern.objects.get().text) == ("Matratzen", "")


def test_several_people_and_untouched_rows(client_of, mara, typed):
    more = {
        "person-TOTAL_FORMS": "4",
        "person-1-kind": "anonymous",
        "person-1-channel": "phone",
        "person-1-language": "de",
        "person-2-kind": "resident",
        "person-2-channel": "phone",
        "person-2-language": "de",
        "person-3-kind": "observation",
        "person-3-channel": "phone",
        "person-3-language": "de",
    }
    assert send(client_of(mara), typed, **more).status_code == 303
    assert list(Reporter.objects.values_list("kind", "channel", "feedback_state", "waiver_reason")) == [
        ("resident", "phone", "open", ""),
        ("anonymous", "notice", "open", ""),
        ("observation", "none", "not_wanted", "own_observation"),
    ]


def test_nobodys_data_are_kept_of_anonymous_people(client_of, mara, typed):
    assert send(client_of(mara), typed, **{"person-0-kind": "anonymous", "person-0-email": "kein@"}).status_code == 303
    reporter = Reporter.objects.get()
    assert (reporter.name, reporter.phone, reporter.email, reporter.consent_store) == ("", "", "", False)


def test_outside_all_districts(client_of, mara, typed):
    send(client_of(mara), typed, district="")
    concern = Concern.objects.get()
    assert (concern.district, concern.owner, concern.office) == (None, mara, mara.office)


def test_a_concern_of_another_district_belongs_to_the_team_there(client_of, mara, paul, preuswald, typed):
    answer = send(client_of(mara), typed, district=preuswald.pk)
    assert Concern.objects.get().owner == paul
    assert answer.headers["Location"] == Concern.objects.get().get_absolute_url()
    page = client_of(mara).post(URL, {**typed, "district": preuswald.pk, "step": "check"})
    assert page.context["preview"].new_owner == paul
    assert "zuständig wird Paul Esser" in page.content.decode()


def test_whoever_cannot_open_it_afterwards_comes_back_to_the_form(client_of, asli, paul, preuswald, typed):
    answer = send(client_of(asli), typed, form_key=new_key(asli), district=preuswald.pk)
    assert (answer.status_code, answer.headers["Location"]) == (303, URL)
    assert (Concern.objects.get().owner, Concern.objects.get().taken_by) == (paul, asli)


def test_a_district_without_anybody_is_refused(client_of, mara, typed):
    answer = send(client_of(mara), typed, district=make.district(name="Richterich").pk)
    assert answer.status_code == 422
    assert errors(answer) == {
        "district": [
            "Für Richterich ist zurzeit kein Quartiersmanagement eingetragen. Bitte „gesamtstädtisch / außerhalb“ "
            "wählen, dann bleibt das Anliegen bei Ihnen."
        ]
    }


def test_save_and_next_keeps_the_series(client_of, mara, ost, typed):
    client = client_of(mara)
    yesterday = make.today() - timedelta(days=1)
    answer = send(client, typed, step="next", channel="event", occasion="Sommerfest", received_on=yesterday.isoformat())
    assert answer.headers["Location"] == f"{URL}?weiter=1"
    form = client.get(answer.headers["Location"]).context["sheet"].concern
    assert [form[name].value() for name in ("channel", "occasion", "district", "text")] == [
        "event",
        "Sommerfest",
        ost.pk,
        None,
    ]
    assert str(form["received_on"].value()) == yesterday.isoformat()
    assert client.get(URL).context["sheet"].concern["channel"].value() == "office_hours"


def test_the_past_may_be_entered(client_of, mara, typed):
    send(client_of(mara), typed, received_on="2016-12-15")
    assert (Concern.objects.get().number, Concern.objects.get().received_on) == ("2016-00001", date(2016, 12, 15))


# --- Refusing ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"text": ""}, {"text": ["Bitte kurz beschreiben, worum es geht."]}),
        ({"topic": ""}, {"topic": ["Bitte wählen Sie etwas aus."]}),
        ({"received_on": "2099-01-01"}, {"received_on": ["Der Eingang kann nicht in der Zukunft liegen."]}),
        ({"received_on": "1916-12-15"}, {"received_on": ["Das liegt zu weit zurück. Bitte das Jahr prüfen."]}),
        ({"lat": "50,77"}, {"lon": ["Bitte beide Werte angeben oder keinen."]}),
        ({"person-0-phone": ""}, {"person-0-phone": ["Für den Anruf brauchen wir eine Telefonnummer."]}),
        ({"person-0-phone": "12"}, {"person-0-phone": ["Bitte die Telefonnummer mit Vorwahl angeben."]}),
        (
            {"person-0-channel": "email"},
            {"person-0-email": ["Für die E-Mail brauchen wir eine Adresse."]},
        ),
        (
            {"person-0-channel": "letter", "person-0-name": ""},
            {
                "person-0-name": ["Für den Brief brauchen wir einen Namen."],
                "person-0-address": ["Für den Brief brauchen wir die Anschrift."],
            },
        ),
        (
            {"person-0-consent_store": None},
            {
                "person-0-consent_store": [
                    "Ohne Einverständnis dürfen wir die Angaben nicht speichern: bitte einholen oder Felder leeren."
                ]
            },
        ),
    ],
)
def test_says_what_is_missing_next_to_the_field(client_of, mara, typed, changes, expected):
    answer = send(client_of(mara), typed, **changes)
    assert (answer.status_code, errors(answer), Concern.objects.count()) == (422, expected, 0)
    kept = "Am Container" if "text" not in changes else "Scheibenstraße 12"
    assert kept in answer.content.decode()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("district", "999999999"),
        ("district", "9" * 40),
        ("district", "1 OR 1=1"),
        ("topic", "999999999"),
        ("topic", "\x00"),
        ("kind", "admin"),
        ("spot", "moon"),
        ("channel", "telepathy"),
        ("urgency", "-1"),
        ("affected", "-5"),
        ("affected", "9" * 30),
        ("lat", "nan"),
        ("lat", "1e999"),
        ("lat", "91"),
        ("received_on", "gestern"),
        ("title", "x" * 121),
        ("text", "x" * 20_001),
        ("place", "x" * 201),
        ("person-0-kind", "king"),
        ("person-0-channel", "dove"),
        ("person-0-language", "xx"),
        ("person-0-email", "nobody@@"),
        ("person-0-name", "x" * 121),
    ],
)
def test_wrong_values_are_errors_of_their_field(client_of, mara, typed, field, value):
    answer = send(client_of(mara), typed, **{field: value})
    assert (answer.status_code, list(errors(answer))[:1], Concern.objects.count()) == (422, [field], 0)


@pytest.mark.parametrize("kind", ["theme", "inactive", "inactive_theme"])
def test_only_active_topics_can_be_chosen(client_of, mara, typed, kind):
    topic = {
        "theme": make.theme,
        "inactive": lambda: make.topic(is_active=False),
        "inactive_theme": lambda: make.topic(parent=make.theme(is_active=False)),
    }[kind]()
    assert list(errors(send(client_of(mara), typed, topic=topic.pk))) == ["topic"]


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '=HYPERLINK("http://böse.example")',
        "'; DROP TABLE concerns_concern; --",
        "🙂 Müll 🗑️ überall",
        "رائحة كريهة قرب الحاوية",
        "{{ request.user }} {% csrf_token %}",
    ],
)
def test_any_text_is_stored_as_it_is_and_shown_escaped(client_of, mara, typed, text):
    client = client_of(mara)
    answer = send(client, typed, text=text, topic="")
    assert "<script>alert" not in answer.content.decode()
    assert answer.context["sheet"].value("text") == text
    assert send(client, typed, text=text).status_code == 303
    assert Concern.objects.get().text == text


def test_control_characters_and_reversed_text_lose_their_power(client_of, mara, typed):
    send(client_of(mara), typed, text="a\x00b\u202egnp.exe\u2066 c\nZeile", **{"person-0-name": "Prob\x1bst"})
    assert (Concern.objects.get().text, Reporter.objects.get().name) == ("abgnp.exe c\nZeile", "Probst")


def test_ten_megabytes_of_text_are_refused_clearly(client_of, mara, typed):
    answer = send(client_of(mara), typed, text="x" * 10_000_000)
    assert (answer.status_code, Concern.objects.count()) == (413, 0)
    assert "Zu viele Daten" in answer.content.decode()


@pytest.mark.parametrize("total", ["", "x", "-3", "1000000", "0", None])
def test_a_damaged_count_of_people_stores_nothing_wrong(client_of, mara, typed, total):
    client = client_of(mara)
    answer = send(client, typed, **{"person-TOTAL_FORMS": total})
    assert answer.status_code == 422
    assert Concern.objects.count() == 0
    assert send(client, typed, step="check", **{"person-TOTAL_FORMS": total}).status_code == 200


def test_an_unknown_step_only_shows_the_form(client_of, mara, typed):
    answer = send(client_of(mara), typed, step="destroy:1")
    assert (answer.status_code, Concern.objects.count()) == (200, 0)


# --- Once -------------------------------------------------------------------------------------------------------------


def test_sent_twice_is_logged_once(client_of, mara, typed):
    client = client_of(mara)
    first, second = send(client, typed), send(client, typed, text="Beim zweiten Mal geändert")
    assert first.headers["Location"] == second.headers["Location"]
    assert Concern.objects.get().text == typed["text"]
    page = client.get(URL)
    assert [str(message) for message in page.context["messages"]] == [
        f"{Concern.objects.get().number} gespeichert.",
        f"Dieses Formular war schon gespeichert: {Concern.objects.get().number}.",
    ]


@pytest.mark.parametrize("tamper", [lambda key: "", lambda key: key[:-1] + "x", lambda key: "1.2:abc"])
def test_a_form_that_is_not_ours_has_to_be_sent_again(client_of, mara, typed, tamper):
    client = client_of(mara)
    answer = send(client, typed, form_key=tamper(typed["form_key"]))
    assert (answer.status_code, Concern.objects.count()) == (422, 0)
    assert errors(answer) == {
        "__all__": ["Das Formular war veraltet. Ihre Angaben stehen noch da: bitte erneut speichern."]
    }
    again = answer.context["sheet"].concern["form_key"].value()
    assert send(client, typed, form_key=again).status_code == 303


def test_the_form_of_somebody_else_is_not_taken(client_of, mara, asli, typed):
    assert send(client_of(asli), typed).status_code == 422
    assert Concern.objects.count() == 0


# --- Forwarding -------------------------------------------------------------------------------------------------------


def test_save_and_forward_in_one_step(client_of, mara, typed, rule, stadtbetrieb):
    answer = send(client_of(mara), typed, step="forward", suggested=stadtbetrieb.pk, urgency="danger")
    assert answer.status_code == 303
    concern = Concern.objects.get()
    routing = concern.routings.get()
    due_on = add_workdays(make.today(), 5)
    assert (concern.status, concern.due_on) == (ConcernStatus.FORWARDED, due_on)
    assert (routing.department, routing.is_lead, routing.due_on, routing.urgent, routing.suggested_department) == (
        stadtbetrieb,
        True,
        due_on,
        True,
        stadtbetrieb,
    )
    assert routing.text == "Ort: Scheibenstraße 12\n\nAm Container liegen Matratzen. Der Weg ist halb zu."
    assert [str(message) for message in client_of(mara).get(URL).context["messages"]] == []


def test_the_participating_department_gets_it_too(client_of, mara, typed, rule, stadtbetrieb, umwelt):
    rule.co_department = umwelt
    rule.save()
    send(client_of(mara), typed, step="forward", suggested=stadtbetrieb.pk)
    assert list(Concern.objects.get().routings.values_list("department__code", "is_lead")) == [
        ("E 18", True),
        ("FB 36", False),
    ]


def test_nothing_goes_out_that_was_not_shown(client_of, mara, typed, rule, stadtbetrieb, umwelt):
    client = client_of(mara)
    for shown in (None, umwelt.pk, "x"):
        answer = send(client, typed, step="forward", suggested=shown)
        assert (answer.status_code, Concern.objects.count()) == (422, 0)
        assert errors(answer) == {
            "department": [
                "Es geht an E 18 Aachener Stadtbetrieb. Bitte prüfen und noch einmal „Speichern und weiterleiten“."
            ]
        }
    assert f'name="suggested" value="{stadtbetrieb.pk}"' in answer.content.decode()


def test_another_department_needs_a_reason(client_of, mara, typed, rule, stadtbetrieb, umwelt):
    client, other = client_of(mara), {"step": "forward", "department": umwelt.pk}
    assert errors(send(client, typed, **other)) == {
        "override_reason": ["Vorgeschlagen ist E 18 Aachener Stadtbetrieb. Bitte kurz begründen."]
    }
    assert send(client, typed, override_reason="Liegt im Landschaftsschutzgebiet.", **other).status_code == 303
    routing = Concern.objects.get().routings.get()
    assert (routing.department, routing.suggested_department, routing.override_reason) == (
        umwelt,
        stadtbetrieb,
        "Liegt im Landschaftsschutzgebiet.",
    )


def test_without_a_rule_the_department_has_to_be_chosen(client_of, mara, typed, umwelt):
    client = client_of(mara)
    assert errors(send(client, typed, step="forward")) == {
        "department": ["Für dieses Thema gibt es keine Regel. Bitte einen Fachbereich wählen."]
    }
    send(client, typed, step="forward", department=umwelt.pk)
    assert Concern.objects.get().routings.get().due_on == add_workdays(make.today(), LoopSettings.load().reply_days)


@pytest.mark.parametrize("where", ["text", "outgoing", "question"])
def test_personal_data_in_the_text_need_a_second_look(client_of, mara, typed, rule, stadtbetrieb, where):
    client, step = client_of(mara), {"step": "forward", "suggested": stadtbetrieb.pk}
    leaking = {where: "Herr Probst, 0241/987654, bittet um Rückruf."}
    answer = send(client, typed, **step, **leaking)
    assert errors(answer) == {"outgoing": ["Im Text stehen vermutlich Personendaten: Probst, 0241/987654."]}
    assert Concern.objects.count() == 0
    assert send(client, typed, **step, **leaking, confirm_personal="on").status_code == 303


def test_the_text_that_goes_out_can_be_written_anew(client_of, mara, typed, rule, stadtbetrieb):
    send(client_of(mara), typed, step="forward", suggested=stadtbetrieb.pk, outgoing="Bitte räumen.", question="Wann?")
    routing = Concern.objects.get().routings.get()
    assert (routing.text, routing.question) == ("Bitte räumen.", "Wann?")


def test_assistants_and_other_teams_cannot_forward(client_of, asli, mara, paul, preuswald, typed, rule, stadtbetrieb):
    step = {"step": "forward", "suggested": stadtbetrieb.pk}
    refused = {"district": ["Weiterleiten kann hier nur das Quartiersmanagement dieses Quartiers."]}
    assert errors(send(client_of(asli), typed, form_key=new_key(asli), **step)) == refused
    assert errors(send(client_of(mara), typed, district=preuswald.pk, **step)) == refused
    assert Concern.objects.count() == 0
    assert "und weiterleiten" not in client_of(asli).get(URL).content.decode()


def test_a_refused_forwarding_saves_nothing(client_of, mara, typed, rule, stadtbetrieb):
    stadtbetrieb.valid_to = make.today() - timedelta(days=1)
    stadtbetrieb.save()
    answer = send(client_of(mara), typed, step="forward", suggested=stadtbetrieb.pk)
    assert errors(answer) == {"__all__": ["E 18 Aachener Stadtbetrieb gibt es nicht mehr. Bitte die Nachfolge wählen."]}
    assert Concern.objects.count() == 0


# --- Looking ahead ----------------------------------------------------------------------------------------------------


def test_scenario_3_responsibility_changes_with_the_day_of_receipt(
    client_of, mara, typed, litter, stadtbetrieb, umwelt
):
    make.rule(topic=litter, department=stadtbetrieb, valid_to=date(2016, 12, 31))
    make.rule(topic=litter, department=umwelt, valid_from=date(2017, 1, 1))
    client = client_of(mara)
    for day, department in (("2016-12-15", stadtbetrieb), ("2017-01-15", umwelt)):
        preview = send(client, typed, step="check", received_on=day).context["preview"]
        assert preview.department == department
        assert send(client, {**typed, "form_key": new_key(mara)}, step="forward", suggested=department.pk,
                    received_on=day).status_code == 303  # fmt: skip
    assert sorted(Concern.objects.values_list("number", "routings__department__code")) == [
        ("2016-00001", "E 18"),
        ("2017-00001", "FB 36"),
    ]


def test_the_topic_is_guessed_but_not_taken(client_of, mara, typed, rule, litter):
    page = send(client_of(mara), typed, step="check", topic="")
    preview = page.context["preview"]
    assert (preview.chips, preview.topic, preview.is_guess) == ([litter], litter, True)
    assert "Mit dem Thema „Wilder Müll“: Geht an E 18 Aachener Stadtbetrieb" in page.content.decode()
    assert errors(page) == {}
    assert send(client_of(mara), typed, topic="").status_code == 422


def test_a_chip_chooses_the_topic(client_of, mara, typed, litter):
    sheet = send(client_of(mara), typed, topic="", step=f"topic:{litter.pk}").context["sheet"]
    assert (sheet.choice("topic"), sheet.value("text")) == (litter, typed["text"])


def test_fragments(client_of, mara, typed, litter, rule):
    client = client_of(mara)
    expected = {
        "hints": ("hint-department", 'hx-swap-oob="true"'),
        "topic-field": ('name="topic"', "selected"),
        "district-field": ('name="district"', "Quartier"),
        "reporters": ("person-TOTAL_FORMS", "Wer meldet?"),
        "photos": ('name="photos"', "Fotos"),
    }
    for target, pieces in expected.items():
        answer = client.post(
            URL, {**typed, "step": "check"}, headers={"HX-Request": "true", "HX-Target": target}
        ).content.decode()
        assert [piece in answer for piece in pieces] == [True, True], target
        assert "<html" not in answer


def test_the_point_on_the_map_sets_the_district(client_of, mara, preuswald, ost, typed):
    square = [[6.0, 50.7], [6.1, 50.7], [6.1, 50.8], [6.0, 50.8]]
    preuswald.boundary = {"type": "Polygon", "coordinates": [square]}
    preuswald.save()
    client = client_of(mara)
    inside = send(client, typed, step="place", lat="50.75", lon="6.05")
    assert inside.context["sheet"].choice("district") == preuswald
    assert send(client, typed, step="place", lat="51", lon="7").context["sheet"].value("district") == ""
    assert send(client, typed, step="place", lat="x", lon="").context["sheet"].choice("district") == ost
    assert send(client, typed, step="check", lat="50,75", lon="6,05").context["preview"].lies_in == preuswald


def test_rows_of_people_come_and_go_without_losing_words(client_of, mara, typed):
    client = client_of(mara)
    two = send(client, typed, step="add_person").context["sheet"].reporters
    assert [form["name"].value() for form in two] == ["Geheimname Probst", None]
    three = {
        "person-TOTAL_FORMS": "3",
        "person-1-name": "Zweite",
        "person-1-kind": "group",
        "person-2-name": "Dritte",
        "person-2-consent_store": "on",
    }
    left = send(client, typed, step="remove_person:1", **three).context["sheet"].reporters
    assert [(form["name"].value(), form["consent_store"].value()) for form in left] == [
        ("Geheimname Probst", True),
        ("Dritte", True),
    ]
    last = send(client, typed, step="remove_person:0").context["sheet"].reporters
    assert [form["name"].value() for form in last] == [None]
    for index in ("7", "-1", "x", ""):
        same = send(client, typed, step=f"remove_person:{index}").context["sheet"].reporters
        assert [form["name"].value() for form in same] == ["Geheimname Probst"]
    ten = send(client, typed, step="add_person", **{"person-TOTAL_FORMS": "10"}).context
    assert (len(ten["sheet"].reporters.forms), ten["more_rows"]) == (10, False)


# --- Joining ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def there(ost, mara, litter):
    return make.concern(district=ost, owner=mara, topic=litter, title="Matratzen am Container", place="Scheibenstraße")


def test_the_person_joins_a_concern_that_is_there(client_of, mara, typed, there):
    client = client_of(mara)
    page = send(client, typed, step="check")
    assert [(one.number, one.may_join) for one in page.context["preview"].similar] == [(there.number, True)]
    answer = send(client, typed, step=f"join:{there.number}", topic="", received_on="")
    assert (answer.status_code, answer.headers["Location"]) == (303, there.get_absolute_url())
    assert Concern.objects.get() == there
    assert list(there.reporters.values_list("name", flat=True).order_by("pk"))[1:] == ["Geheimname Probst"]
    assert [note.text for note in there.notes.all()] == [
        "Scheibenstraße 12\nAm Container liegen Matratzen. Der Weg ist halb zu."
    ]


def test_joining_twice_adds_nobody_twice(client_of, mara, typed, there):
    client = client_of(mara)
    for _ in range(2):
        assert send(client, typed, step=f"join:{there.number}").status_code == 303
    assert (there.reporters.count(), there.notes.count()) == (2, 1)


def test_joining_what_was_saved_is_a_conflict(client_of, mara, typed, there):
    client = client_of(mara)
    send(client, typed)
    answer = send(client, typed, step=f"join:{there.number}")
    assert (answer.status_code, there.reporters.count()) == (409, 1)
    assert typed["text"] in answer.content.decode()


def test_joining_checks_the_people_and_the_length_of_words(client_of, mara, typed, there):
    client = client_of(mara)
    missing = send(client, typed, step=f"join:{there.number}", **{"person-0-phone": ""})
    assert errors(missing) == {"person-0-phone": ["Für den Anruf brauchen wir eine Telefonnummer."]}
    assert list(errors(send(client, typed, step=f"join:{there.number}", text="x" * 20_001))) == ["text"]
    assert there.reporters.count() == 1


def test_a_closed_concern_takes_nobody(client_of, mara, typed, there, litter):
    Concern.objects.filter(pk=there.pk).update(lead=None)
    there.reporters.update(feedback_state="not_wanted", waiver_reason="not_wanted")
    Concern.objects.filter(pk=there.pk).update(
        status="closed", outcome="informed", closed_at="2026-01-01T10:00Z", needs_triage=False
    )
    answer = send(client_of(mara), typed, step=f"join:{there.number}")
    assert (answer.status_code, there.reporters.count()) == (409, 1)


@pytest.mark.parametrize("number", ["2026-99999", "", "x", "'--"])
def test_only_concerns_of_the_own_team_can_be_joined(client_of, mara, paul, typed, there, number):
    assert send(client_of(mara), typed, step=f"join:{number}").status_code == 404
    assert send(client_of(paul), typed, form_key=new_key(paul), step=f"join:{there.number}").status_code == 404
    assert there.reporters.count() == 1


# --- The page itself --------------------------------------------------------------------------------------------------


def test_what_is_chosen_at_the_start(client_of, mara, ost):
    form = client_of(mara).get(URL).context["sheet"].concern
    assert (form["district"].value(), form["received_on"].value()) == (ost.pk, make.today())


def test_with_several_districts_the_office_decides(client_of, mara, preuswald):
    make.membership(user=mara, role=Role.MANAGER, district=preuswald)
    mara.office.districts.set([preuswald])
    assert client_of(mara).get(URL).context["sheet"].concern["district"].value() == preuswald.pk


def test_other_districts_are_named_apart(client_of, mara, preuswald):
    answer = client_of(mara).get(URL).content.decode()
    assert [piece in answer for piece in ("Meine Quartiere", "Andere Quartiere", "gesamtstädtisch / außerhalb")] == [
        True
    ] * 3


@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_however_much_there_is(client_of, mara, ost, litter, django_assert_num_queries, rows):
    for _ in range(rows):
        make.topic(parent=litter.parent)
        make.district()
        make.concern(district=ost, owner=mara, topic=litter)
    client = client_of(mara)
    client.get(URL)
    with django_assert_num_queries(11):
        client.get(URL)


@pytest.mark.parametrize("rows", [1, 30])
def test_looking_ahead_costs_the_same_too(client_of, mara, ost, litter, rule, typed, django_assert_num_queries, rows):
    for _ in range(rows):
        make.concern(district=ost, owner=mara, topic=litter, place="Scheibenstraße 12")
    client = client_of(mara)
    headers = {"HX-Request": "true", "HX-Target": "hints"}
    client.post(URL, {**typed, "step": "check"}, headers=headers)
    with django_assert_num_queries(11):
        client.post(URL, {**typed, "step": "check"}, headers=headers)


# --- Receipt ----------------------------------------------------------------------------------------------------------


def receipts(client, answer) -> list[str]:
    """Addresses of receipts in the message after saving."""
    page = client.get(answer.headers["Location"]).content.decode().partition('id="main"')[0]
    return re.findall(r'href="([^"]*/quittung\.pdf)"', page)


def test_after_saving_the_receipt_of_the_person_is_one_click_away(client_of, mara, typed):
    client = client_of(mara)
    answer = send(client, typed)
    assert receipts(client, answer) == [reverse("reports:receipt", args=[Reporter.objects.get().pk])]
    assert client.get(receipts(client, send(client, {**typed, "form_key": new_key(mara)}))[0]).status_code == 200


def test_in_a_series_too(client_of, asli, typed):
    client = client_of(asli)
    answer = send(client, typed, form_key=new_key(asli), step="next")
    found = receipts(client, answer)
    assert client.get(found[0]).status_code == 200


def test_own_observations_and_several_people_have_none_in_the_message(client_of, mara, typed):
    client = client_of(mara)
    observed = {
        "person-0-kind": "observation",
        "person-0-name": None,
        "person-0-phone": None,
        "person-0-channel": "none",
    }
    assert receipts(client, send(client, typed, **observed)) == []
    second = {name.replace("-0-", "-1-"): value for name, value in typed.items() if "-0-" in name}
    answer = send(client, typed, **second, **{"form_key": new_key(mara), "person-TOTAL_FORMS": "2"})
    assert (Reporter.objects.count(), receipts(client, answer)) == (3, [])
