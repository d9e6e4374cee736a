"""The work basket: tiles count exactly the rows they open, in the scope that was chosen (K20, Q12, Q13)."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from concerns.actions import bundling, department, triage, voices
from concerns.basket import BASKETS, Count
from concerns.models import Feedback
from tests import make, make_offers
from tests.concerns import loop

pytestmark = pytest.mark.django_db
URL = reverse("concerns:basket")
YESTERDAY = timedelta(days=1)


def lists(client, scope="ich") -> dict[str, tuple[str, list[str]]]:
    """What every tile says and the numbers of the rows behind its link."""
    found = {}
    for tile in client.get(URL, {"fuer": scope}).context["tiles"]:
        page = client.get(tile["url"])
        found[tile["basket"].key] = str(tile["count"]), [line["concern"].number for line in page.context["lines"]]
    return found


@pytest.fixture
def full(mara, stadtbetrieb, umwelt):
    """One concern for every list, all of them mara's."""
    new = loop.log(mara)
    asked = loop.log(mara)
    department.ask(routing=loop.forward(asked, stadtbetrieb, by=mara)[0], text="Welcher Container?", by=None)
    owed = loop.answered(mara, stadtbetrieb, reporters=[loop.PERSON, loop.PERSON])
    late = loop.log(mara)
    routing = loop.forward(late, stadtbetrieb, by=mara)[0]
    routing.due_on = make.today() - YESTERDAY
    routing.save(update_fields=["due_on"])
    planned = {"outcome": "planned", "promised_on": make.today(), "answer_text": "Kommt heute."}
    promised = loop.closed(mara, stadtbetrieb, outcome=planned)
    again = loop.log(mara)
    triage.take_on(concern=again, by=mara)
    triage.set_follow_up(concern=again, on=make.today(), by=mara)
    told = loop.answered(mara, umwelt)
    loop.tell(told.reporters.get(), by=mara)
    voices.say(reporter=told.reporters.get(), answer_at=told.feedback_due_at, helped=False, comment="Immer noch da.")
    bounced = loop.answered(mara, umwelt)
    reporter = bounced.reporters.get()
    reporter.attempts = 1
    reporter.save(update_fields=["attempts"])
    Feedback.objects.create(
        reporter=reporter, kind="final", channel="email", text="Erledigt.", attempt=1, result="undeliverable", by=mara
    )
    return {
        "triage": [new.number],
        "rueckfragen": [asked.number],
        "rueckmeldung": [owed.number, owed.number, bounced.number],
        "ueberfaellig": [late.number],
        "zusagen": [promised.number],
        "stimmen": [told.number],
        "wiedervorlagen": [again.number],
        "abschliessen": [told.number],
        "unzustellbar": [bounced.number],
    }


def test_every_tile_counts_the_rows_it_opens(full, mara, client_of):
    assert lists(client_of(mara)) == {key: (str(len(rows)), rows) for key, rows in full.items()}


def test_nobody_else_has_them_on_their_desk(full, paul, client_of):
    assert lists(client_of(paul), "quartier") == {one.key: ("0", []) for one in BASKETS if one.always}


def test_the_quarter_is_shared_but_my_own_desk_is_not(full, asli, client_of):
    client = client_of(asli)
    assert lists(client, "ich")["triage"] == ("0", [])
    assert lists(client, "quartier") == {key: (str(len(rows)), rows) for key, rows in full.items()}


def test_assistants_start_with_the_quarter_and_managers_with_their_own(mara, asli, client_of):
    assert client_of(mara).get(URL).context["scope"] == "ich"
    assert client_of(asli).get(URL).context["scope"] == "quartier"


def test_the_scope_stands_in_the_address_and_is_remembered(mara, client_of):
    client = client_of(mara)
    assert client.get(URL, {"fuer": "quartier"}).context["scope"] == "quartier"
    assert client.get(URL).context["scope"] == "quartier"
    assert client.get(URL, {"fuer": "vertretung"}).context["scope"] == "quartier"
    assert client.get(URL, {"fuer": "alle"}).context["scope"] == "quartier"


def test_a_deputy_sees_the_basket_of_the_person_away(full, paul, mara, client_of):
    make.deputyship(person=mara, deputy=paul)
    client = client_of(paul)
    assert [key for key, _, _ in client.get(URL).context["scopes"]] == ["ich", "quartier", "vertretung"]
    assert lists(client, "vertretung") == {key: (str(len(rows)), rows) for key, rows in full.items()}


def test_what_a_department_gave_back_lies_on_the_desk_again_and_says_so(mara, stadtbetrieb, client_of):
    concern = loop.log(mara)
    department.give_back(routing=loop.forward(concern, stadtbetrieb, by=mara)[0], reason="Privatgrund", by=None)
    line = client_of(mara).get(URL, {"liste": "triage"}).context["lines"][0]
    assert (line["concern"].number, line["returned_by"]) == (concern.number, ["E 18"])


def test_names_of_people_waiting_stay_out_of_the_basket(full, mara, asli, client_of):
    for user in (mara, asli):
        page = client_of(user).get(URL, {"fuer": "quartier", "liste": "rueckmeldung"}).content.decode()
        assert [secret for secret in (loop.PERSON.name, loop.PERSON.phone) if secret in page] == []


def test_assistants_are_led_to_the_feedback_of_their_own_intake_only(mara, asli, stadtbetrieb, client_of):
    loop.answered(mara, stadtbetrieb)
    own = loop.log(asli)
    triage.record_answer(concern=own, by=mara, outcome="informed", answer_text="So ist es.")
    lines = client_of(asli).get(URL, {"liste": "rueckmeldung"}).context["lines"]
    assert [line["may_tell"] for line in lines] == [False, True]


def test_an_unknown_list_shows_the_first_with_something_in_it(mara, stadtbetrieb, client_of):
    assert client_of(mara).get(URL, {"liste": "geheim"}).context["chosen"].key == "triage"
    loop.answered(mara, stadtbetrieb)
    assert client_of(mara).get(URL, {"liste": "geheim"}).context["chosen"].key == "rueckmeldung"


def test_an_empty_list_says_what_to_do_next(mara, client_of):
    page = client_of(mara).get(URL, {"liste": "zusagen"})
    assert "Keine Zusage ist zu prüfen." in page.content.decode()


def test_counts_end_at_a_thousand():
    assert [str(Count(n)) for n in (0, 7, 1000, 1001)] == ["0", "7", "1.000", "1.000+"]


def test_a_bundle_counts_once(mara, stadtbetrieb, client_of):
    from_one, from_two = loop.log(mara), loop.log(mara)
    bundling.bundle(concern=from_two, lead=from_one, by=mara)
    assert lists(client_of(mara))["triage"] == ("1", [from_one.number])


def test_taking_on_from_the_basket_leads_back_to_the_list_and_can_be_undone(mara, client_of):
    concern, client = loop.log(mara), client_of(mara)
    answer = client.post(reverse("concerns:take_on", args=[concern.number]) + "?zurueck=triage")
    assert (answer.status_code, answer["Location"]) == (303, f"{URL}?liste=triage")
    assert loop.fresh(concern).status == "own_work"
    page = client.get(answer["Location"])
    undo = next(iter(page.context["messages"])).extra_tags.removeprefix("undo:")
    assert client.post(undo).status_code == 303
    assert loop.fresh(concern).status == "new"
    assert lists(client)["triage"] == ("1", [concern.number])


def test_moving_a_follow_up_by_a_week(mara, client_of):
    concern, client = loop.log(mara), client_of(mara)
    triage.take_on(concern=concern, by=mara)
    triage.set_follow_up(concern=concern, on=make.today(), by=mara)
    page = client.get(URL, {"liste": "wiedervorlagen"})
    url = reverse("concerns:follow_up", args=[concern.number]) + "?zurueck=wiedervorlagen"
    assert f'action="{url}"' in page.content.decode()
    client.post(url, {"on": page.context["next_week"].isoformat()})
    assert loop.fresh(concern).follow_up_on == page.context["next_week"]
    assert lists(client)["wiedervorlagen"] == ("0", [])


@pytest.mark.parametrize(("key", "queries"), [("triage", 33), ("rueckmeldung", 33), ("vermittlungen", 32)])
def test_the_number_of_queries_does_not_grow(key, queries, mara, ost, client_of, django_assert_num_queries):
    client, due = client_of(mara), {"due": "final", "due_since": timezone.now(), "due_on": make.today()}
    for rows in (1, 50):
        while mara.owned_concerns.count() < 2 * rows:
            concern = make.concern(district=ost, owner=mara, topic=make.topic(), reporters=[due])
            make_offers.referral(concern=concern, by=mara, ask_on=make.today())
        client.get(URL, {"liste": key})
        with django_assert_num_queries(queries):
            assert len(client.get(URL, {"liste": key}).context["lines"]) == min(2 * rows, 50)
