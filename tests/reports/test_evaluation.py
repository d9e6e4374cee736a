"""The evaluation page: every number is the list behind it, for everybody who may read it, whatever is asked."""

import re
from datetime import date, timedelta
from html import unescape
from urllib.parse import urlsplit

import pytest
from django.http import QueryDict
from django.urls import reverse

from concerns.actions import bundling, closing, department, feedback, forwarding, triage
from concerns.filters import ConcernFilter
from concerns.models import Concern, Routing
from reports.jobs import count_anew
from reports.models import Change, KeptSum, ReportSettings
from tests import make
from tests.concerns import loop

pytestmark = pytest.mark.django_db

PAGE = reverse("reports:evaluation")
LINK = re.compile(r'<a href="(/anliegen/\?[^"]+)"[^>]*>([\d.]+)</a>')
YEARS = 3


def links(response) -> list[tuple[str, int]]:
    """The query strings of all lists that the page leads to, with the number that leads there."""
    found = LINK.findall(response.content.decode())
    return [(urlsplit(unescape(url)).query, int(number.replace(".", ""))) for url, number in found]


def wrong(user, response) -> list[tuple[str, int, int]]:
    """Links whose list has another number of concerns."""
    counts = [(query, n, ConcernFilter(QueryDict(query), user=user).qs.count()) for query, n in links(response)]
    return [(query, n, listed) for query, n, listed in counts if n != listed]


def text(response) -> str:
    """What the page says, without markup."""
    return re.sub(r"\s+", " ", unescape(re.sub(r"<[^>]+>", " ", response.content.decode())))


@pytest.fixture
def get(client_of):
    """`get(user, query)`: the page."""
    return lambda user, query="", **headers: client_of(user).get(f"{PAGE}?{query}" if query else PAGE, headers=headers)


@pytest.fixture
def topics(db):
    rubbish = make.theme(name="Sauberkeit")
    return {
        "müll": make.topic(name="Wilder Müll", parent=rubbish),
        "hund": make.topic(name="Hundekot", parent=rubbish),
        "bank": make.topic(name="Ruhebank", parent=make.theme(name="Grün")),
        "gewalt": make.topic(name="Gewalt", is_sensitive=True),
    }


@pytest.fixture
def city(topics, mara, asli, paul, ost, preuswald, stadtbetrieb, umwelt, enno):
    """Concerns that went every way there is, in two districts and outside; some of them a year ago."""
    müll, hund, bank = topics["müll"], topics["hund"], topics["bank"]
    two = [loop.PERSON, loop.ReporterData(name="Ina Klee", phone="0241 4", channel="phone", consent_store=True)]

    done = loop.closed(mara, stadtbetrieb, topic=müll, place="Elsassplatz", spot="square", reporters=two)
    closing.reopen(concern=loop.closed(mara, umwelt, topic=bank), reason="Wieder da.", by=mara)
    loop.answered(mara, stadtbetrieb, topic=hund, channel="email", place="elsassplatz")
    declined = {"outcome": "declined", "answer_text": "Kein Geld.", "reason_category": "funds"}
    loop.closed(mara, umwelt, outcome=declined, topic=bank, kind="wish")
    planned = {"outcome": "planned", "answer_text": "Im Mai.", "promised_on": make.today() + timedelta(days=30)}
    loop.closed(mara, stadtbetrieb, outcome=planned, topic=müll)

    returned = loop.forward(loop.log(mara, topic=hund), umwelt, by=mara)[0]
    department.give_back(routing=returned, reason="Nicht bei uns.", suggestion=stadtbetrieb, by=None)
    recalled = loop.log(mara, topic=bank)
    forwarding.withdraw(routing=loop.forward(recalled, stadtbetrieb, by=mara)[0], by=mara)
    late = loop.forward(loop.log(mara, topic=müll), stadtbetrieb, umwelt, by=mara)[0]
    department.accept(routing=late, by=enno)
    Routing.objects.filter(pk=late.pk).update(due_on=make.today() - timedelta(days=3))

    own = loop.log(mara, topic=bank, kind="idea", channel="letter")
    triage.take_on(concern=own, by=mara)
    triage.assign_owner(concern=loop.fresh(own), owner=asli, by=mara)
    triage.park(concern=loop.log(mara, topic=bank), until=make.today() + timedelta(days=9), by=mara)
    waived = loop.answered(mara, stadtbetrieb, topic=müll)
    feedback.waive(reporter=waived.reporters.get(), reason="not_wanted", note="Will nichts hören.", by=mara)
    bundling.bundle(concern=loop.log(mara, topic=müll), lead=loop.fresh(late.concern), by=mara)
    make.concern(district=None, owner=mara, topic=bank, spot="street")
    loop.closed(paul, umwelt, topic=hund)
    loop.log(paul, topic=müll)
    make.concern(district=ost, owner=mara, topic=topics["gewalt"], is_sensitive=True)
    make.concern(district=preuswald, owner=paul, topic=topics["gewalt"], is_sensitive=True)
    for concern in (done, declined_of_paul(paul, umwelt, hund), loop.answered(mara, stadtbetrieb, topic=bank)):
        Concern.objects.filter(pk=concern.pk).update(received_on=_year_ago(make.today()))


def declined_of_paul(paul, umwelt, topic):
    return loop.closed(paul, umwelt, topic=topic, outcome={**loop.ANSWER, "outcome": "referred"})


def _year_ago(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28))


# --- Numbers and lists ------------------------------------------------------------------------------------------------


def queries(topics, ost, stadtbetrieb, umwelt) -> dict[str, str]:
    """Addresses of the page with what else narrows it."""
    year = make.today().year
    theme = topics["müll"].parent_id
    return {
        "bare": "",
        "last year, without comparison": f"span=year&year={year - 1}&compare=none",
        "all": f"span=free&since={year - YEARS}-01-01&until={year}-12-31&compare=previous",
        "one district": f"span=year&year={year}&district={ost.pk}",
        "outside": f"span=year&year={year}&district=outside&district={ost.pk}",
        "theme": f"span=year&year={year}&topic=feld-{theme}",
        "topics": f"span=year&year={year}&topic={topics['bank'].pk}&topic={topics['hund'].pk}&topic=feld-{theme}",
        "department": f"span=year&year={year}&department={umwelt.pk}",
        "everything": f"span=year&compare=free&compare_since={year - 1}-01-01&compare_until={year - 1}-12-31"
        f"&district={ost.pk}&topic={topics['bank'].pk}&department={umwelt.pk}&department={stadtbetrieb.pk}",
    }


@pytest.mark.parametrize("name", ["silke", "mara", "paul"])
def test_every_number_is_the_list_behind_it(name, request, get, city, topics, ost, stadtbetrieb, umwelt):
    user = request.getfixturevalue(name)
    for what, query in queries(topics, ost, stadtbetrieb, umwelt).items():
        response = get(user, query)
        assert (what, wrong(user, response)) == (what, [])
        assert (what, len(links(response)) >= 20) == (what, True)


def test_the_list_says_the_same_number(get, client_of, silke, city):
    client = client_of(silke)
    for query, n in dict(links(get(silke))).items():
        said = re.search(
            r'<p class="q-count" role="status">([\d.]+) ', client.get(f"/anliegen/?{query}").content.decode()
        )
        assert (query, int(said[1])) == (query, n)


def test_sensitive_concerns_are_in_no_number(get, silke, mara, city):
    counted = Concern.objects.filter(is_sensitive=False, received_on__year=make.today().year).count()
    for user in (silke, mara):
        response = get(user, f"span=year&year={make.today().year}")
        assert dict(links(response))[_received(make.today().year)] == counted
        assert "Gewalt" not in text(response).split("Fachbereiche: alle")[1]


def _received(year: int) -> str:
    return f"figure=all&received_from={year}-01-01&received_to={make.today()}"


def test_nobodys_name_is_on_the_page(get, silke, city):
    assert {"Gerda Zorn", "Ina Klee", "0241"} & set(text(get(silke)).split()) == set()
    assert "Gerda" not in text(get(silke))


def test_numbers_follow_what_happens(get, silke, city, mara, stadtbetrieb):
    year = _received(make.today().year)
    before = dict(links(get(silke)))[year]
    loop.closed(mara, stadtbetrieb)
    assert dict(links(get(silke)))[year] == before + 1


@pytest.mark.parametrize("more", [0, 30])
@pytest.mark.parametrize(("narrowed", "queries"), [("", 88), ("&topic={topic}", 45)])
def test_many_concerns_cost_as_many_queries_as_few(
    more, narrowed, queries, get, client_of, silke, mara, topics, django_assert_num_queries
):
    """Of last year: how this one is counted depends on the day of the month."""
    for n in range(more + 1):
        loop.log(mara, topic=topics["müll"], place=f"Weg {n % 5}")
    Concern.objects.update(received_on=_year_ago(make.today()))
    query = f"span=year&year={make.today().year - 1}{narrowed.format(topic=topics['müll'].pk)}"
    client = client_of(silke)
    assert client.get(f"{PAGE}?{query}").status_code == 200  # counts anew
    with django_assert_num_queries(queries):
        response = client.get(f"{PAGE}?{query}")
    assert dict(links(response))[next(iter(dict(links(response))))] == more + 1


# --- Which period, which places ---------------------------------------------------------------------------------------


def test_managers_start_with_their_own_district_and_may_read_all(get, mara, silke, city, ost, preuswald):
    assert "Aachen-Ost 01.01." in text(get(mara))
    assert "Gesamtstadt 01.01." in text(get(silke))
    assert "Gesamtstadt 01.01." in text(get(mara, "span=year"))
    assert "Preuswald 01.01." in text(get(mara, f"span=year&district={preuswald.pk}"))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("span=q1&year={last}", "1. Quartal {last} , verglichen mit 1. Quartal {before}"),
        ("span=q1&year={last}&compare=previous", "1. Quartal {last} , verglichen mit 4. Quartal {before}"),
        ("span=h2&year={last}&compare=previous", "2. Halbjahr {last} , verglichen mit 1. Halbjahr {last}"),
        ("span=m3&year={last}&compare=previous", "März {last} , verglichen mit Februar {last}"),
        ("span=m2&year={last}", "Februar {last} , verglichen mit Februar {before}"),
        ("span=year&year={last}&compare=none", "Jahr {last} Stand"),
        (
            "span=free&since={last}-03-10&until={last}-03-19&compare=previous",
            "10.03.{last} bis 19.03.{last} , verglichen mit 28.02.{last} bis 09.03.{last}",
        ),
        (
            "span=free&since={last}-03-01&until={last}-04-30&compare=free&compare_since=2001-01-01&compare_until=2001-01-31",
            "01.03.{last} bis 30.04.{last} , verglichen mit Januar 2001",
        ),
        ("span=free&since={before}-01-01&until={next}-12-31", "01.01.{before} bis {today} , verglichen mit"),
        (
            "span=free&since={before}-01-01&until={last}-12-31&compare=year_ago",
            "01.01.{before} bis 31.12.{last} , verglichen mit 01.01.{long_ago} bis 31.12.{longer_ago}",
        ),
    ],
)
def test_periods_in_words(query, said, get, silke, city):
    years = {"last": make.today().year - 1, "before": make.today().year - 2, "today": f"{make.today():%d.%m.%Y}"}
    years["next"] = make.today().year + 1
    years["long_ago"], years["longer_ago"] = make.today().year - 4, make.today().year - 3
    response = get(silke, query.format(**years))
    # What is not in the words is set beside them.
    assert said.format(**years).replace(" ,", ",") in text(response).replace(" ,", ",")


def test_all_districts_are_the_whole_city(get, silke, city, ost, preuswald):
    response = get(silke, f"span=year&district={ost.pk}&district={preuswald.pk}&district=outside")
    assert "Gesamtstadt 01.01." in text(response)
    assert "districts=" not in response.content.decode().split('id="overview"')[1].split("</section>")[0]


def test_what_is_chosen_can_be_taken_away_one_by_one(get, silke, city, ost, topics, umwelt):
    response = get(silke, f"span=year&district={ost.pk}&topic=feld-{topics['müll'].parent_id}&department={umwelt.pk}")
    chips = re.findall(r'<a class="q-chip q-chip--info" href="([^"]+)".*?</span>(.*?)<span', response.content.decode())
    assert [label for _, label in chips] == ["Aachen-Ost", "Sauberkeit", "FB 36 Klima und Umwelt"]
    left = QueryDict(unescape(chips[1][0]).split("?")[1])
    assert (left.getlist("district"), left.getlist("topic"), left.getlist("department")) == (
        [str(ost.pk)],
        [],
        [str(umwelt.pk)],
    )


def test_nothing_came_in(get, silke, preuswald, city, umwelt):
    empty = make.district(name="Neuland")
    response = get(silke, f"span=year&district={empty.pk}")
    assert "In diesem Zeitraum ist mit dieser Auswahl kein Anliegen eingegangen." in text(response)
    assert (response.status_code, response.content.decode().count("<table")) == (200, 0)
    assert get(silke, "span=free&since=1905-01-01&until=1905-12-31").status_code == 200


def test_a_city_without_a_single_concern(get, silke, mara):
    for user in (silke, mara):
        assert "kein Anliegen eingegangen." in text(get(user))


def test_a_table_without_a_single_case_says_so(get, silke, mara):
    loop.log(mara)
    response = get(silke)
    assert (
        "Gründe, wenn nicht oder nur teilweise entsprochen wurde Für diese Auswahl gibt es dazu keine Zahlen."
        in text(response)
    )


def test_long_tables_are_folded(get, silke, mara):
    for n in range(20):
        loop.log(mara, topic=make.topic(name=f"Thema Nummer {n:02d}"))
    page = get(silke).content.decode()
    assert "Weitere 5 Zeilen zeigen" in page
    assert page.count('<th scope="row">Thema Nummer 19</th>') == 1


# --- Wrong input ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("query", "field", "message"),
    [
        ("span=free&since=2025-05-02&until=2025-05-01", "until", "„Bis“ liegt vor „Von“."),
        ("span=free&since=1990-01-01&until=2190-01-01", "until", "Höchstens 30 Jahre auf einmal."),
        ("span=free&since=2199-01-01&until=2199-02-01", "since", "Dieser Tag liegt in der Zukunft."),
        ("span=free&since=gestern&until=2025-05-01", "since", "Bitte ein gültiges Datum eingeben."),
        ("span=free&since=0001-01-01&until=2025-05-01", "since", "Bitte das Jahr prüfen."),
        ("span=free&until=2025-05-01", "since", "Bitte ein Datum angeben."),
        ("span=jahrhundert", "span", "Bitte eine gültige Auswahl treffen. jahrhundert ist keine gültige Auswahl."),
        ("span=year&year=abc", "year", "Bitte eines der angebotenen Jahre wählen."),
        ("span=year&year=99999999999999999999", "year", "Bitte eines der angebotenen Jahre wählen."),
        (
            "span=year&compare=free&compare_since=2025-02-01&compare_until=2025-01-01",
            "compare_until",
            "„Bis“ liegt vor",
        ),
        (
            "span=free&since=2025-01-01&until=2025-03-31&compare=free&compare_since=2025-01-01&compare_until=2025-03-30",
            "compare_since",
            "Der Vergleich darf sich nicht mit dem Zeitraum überschneiden.",
        ),
        (
            "span=free&since=2025-01-01&until=2025-12-31&compare=free&compare_since=2024-06-01&compare_until=2025-01-01",
            "compare_since",
            "Der Vergleich darf sich nicht mit dem Zeitraum überschneiden.",
        ),
        ("span=year&compare=nie", "compare", "Bitte eine gültige Auswahl treffen."),
        ("span=year&district=999999", "district", "Etwas davon gibt es nicht (mehr). Bitte neu auswählen."),
        ("span=year&district=0%20OR%201", "district", "Etwas davon gibt es nicht (mehr)."),
        ("span=year&topic=feld-0", "topic", "Etwas davon gibt es nicht (mehr)."),
        ("span=year&department=%00", "department", "Etwas davon gibt es nicht (mehr)."),
    ],
)
def test_wrong_input_says_so_at_its_field_and_shows_no_numbers(query, field, message, get, silke, city):
    response = get(silke, query)
    assert response.status_code == 422
    page = response.content.decode()
    said = re.search(rf'id="id_{field}-error">(.*?)</p>', page)[1]
    assert message in unescape(said)
    assert (links(response), "<table" in page) == ([], False)


def test_wrong_input_keeps_what_was_typed(get, silke, city, ost):
    page = get(
        silke, f"span=free&since=2025-05-02&until=2025-05-01&compare=previous&district={ost.pk}"
    ).content.decode()
    assert 'name="since" value="2025-05-02"' in page
    assert 'name="until" value="2025-05-01"' in page
    assert '<option value="free" selected>' in page
    assert '<option value="previous" selected>' in page
    assert re.search(rf'name="district" value="{ost.pk}"[^>]* checked', page)


def test_a_period_that_has_not_begun(get, silke, city, monkeypatch):
    year = make.today().year
    if make.today().month == 12:
        pytest.skip("every month of this year has begun")
    response = get(silke, f"span=m12&year={year}")
    assert response.status_code == 422
    assert "Dieser Zeitraum hat noch nicht begonnen." in text(response)


def test_dates_that_nobody_sees_do_no_harm(get, silke, city):
    assert get(silke, "span=year&since=quark&until=&compare_since=x").status_code == 200


def test_too_many_topics_are_refused(get, silke, city):
    made = [make.topic() for _ in range(51)]
    response = get(silke, "span=year&" + "&".join(f"topic={one.pk}" for one in made))
    assert response.status_code == 422
    assert "Bitte höchstens 50 auswählen" in text(response)


def test_fifty_topics_still_lead_to_the_same_lists(get, silke, city, topics):
    made = [make.topic() for _ in range(49)]
    response = get(silke, "span=year&" + "&".join(f"topic={one.pk}" for one in [topics["müll"], *made]))
    assert wrong(silke, response) == []
    assert len(links(response)) > 10


# --- htmx, jobs, files ------------------------------------------------------------------------------------------------


def test_htmx_gets_the_part_and_the_address(get, silke, city):
    known = {"hx-request": "true", "hx-target": "evaluation"}
    response = get(silke, f"span=year&year={make.today().year - 1}&since=&topic=", **known)
    assert "<html" not in response.content.decode()
    here = f"{PAGE}?span=year&year={make.today().year - 1}&compare=year_ago"
    assert response.headers["HX-Push-Url"] == here
    again = get(silke, here.split("?")[1], **known, **{"hx-current-url": f"http://testserver{here}"})
    assert "HX-Push-Url" not in again.headers


def test_back_gets_the_whole_page(get, silke, city):
    response = get(silke, "span=year", **{"hx-request": "true", "hx-history-restore-request": "true"})
    assert "<html" in response.content.decode()
    assert "HX-Push-Url" not in response.headers


def test_too_many_changes_wait_for_the_worker(get, client_of, silke, city, monkeypatch):
    monkeypatch.setattr("reports.sums.count_anew.__kwdefaults__", {"at_most": 3})
    year = make.today().year
    response = get(silke, f"span=year&year={year - 1}")
    left = Concern.objects.count()
    assert f"Es fehlen noch {left} Anliegen" in text(response)
    assert (response.status_code, links(response)) == (200, [])
    page = response.content.decode()
    assert '<meta http-equiv="refresh" content="10">' in page
    assert 'hx-trigger="every 5s"' in page
    file = client_of(silke).get(reverse("reports:evaluation_xlsx"), {"span": "year", "year": year - 1})
    assert (file.status_code, file.headers["Location"]) == (303, f"{PAGE}?span=year&year={year - 1}&compare=year_ago")
    count_anew(None, 0)
    assert not Change.objects.exists()
    assert "Die Zahlen werden gerade neu gezählt." not in text(get(silke, f"span=year&year={year - 1}"))


def test_the_periodic_job_counts_however_much_it_is(city):
    count_anew(None, 0)
    assert not Change.objects.exists()
    kept = KeptSum.objects.filter(measure="all", area=-1)
    assert sum(one.n for one in kept) == Concern.objects.filter(is_sensitive=False).count()
    count_anew(None, 0)


def test_files_hold_the_same_numbers_without_small_ones(client_of, silke, city):
    ReportSettings.objects.update_or_create(pk=1, defaults={"threshold": 3})
    client = client_of(silke)
    response = client.get(reverse("reports:evaluation_csv", args=["overview"]), {"span": "year"})
    day = make.today()
    name = f"overview-{day.year}-01-01-bis-{day}.csv"
    assert response.headers["Content-Disposition"] == f'attachment; filename="{name}"'
    lines = response.content.decode("utf-8-sig").splitlines()
    received = Concern.objects.filter(is_sensitive=False, received_on__year=day.year).count()
    assert lines[1].split(";")[:2] == ["eingegangen", str(received)]
    assert "wieder geöffnet;•" in "\n".join(lines)
    assert client.get(reverse("reports:evaluation_zip")).content[:2] == b"PK"
    assert client.get(reverse("reports:evaluation_xlsx")).content[:2] == b"PK"


def test_no_file_of_what_is_not_there(client_of, silke, city):
    client = client_of(silke)
    assert client.get(reverse("reports:evaluation_csv", args=["erfunden"])).status_code == 404
    wrong_period = client.get(reverse("reports:evaluation_zip"), {"span": "free", "since": "x"})
    assert (wrong_period.status_code, wrong_period.headers["Location"]) == (303, f"{PAGE}?span=free&since=x")
