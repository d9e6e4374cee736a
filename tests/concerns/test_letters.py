"""Letters: prepared, printed, in the post – and what stands on paper is what is kept (P03, K09)."""

from datetime import timedelta
from threading import Barrier, Thread

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from concerns import letters as found
from concerns.actions import closing, feedback
from concerns.actions import letters as actions
from concerns.actions.base import Conflict, LoopError
from concerns.actions.bundling import bundle
from concerns.actions.department import give_interim_notice
from concerns.actions.intake import ReporterData
from concerns.actions.letters import Draft, Words
from concerns.actions.privacy import erase_reporter, export_reporter
from concerns.actions.triage import take_on
from concerns.models import Feedback, Letter, LetterBatch, LoopSettings, Reporter, ReporterAccess, TextBlock
from concerns.wording import LETTER_CLOSING
from districts.roles import Role
from tests import make
from tests.concerns import loop
from tests.concerns.loop import fresh

pytestmark = pytest.mark.django_db

HEDI = ReporterData(name="Hedi Brandt", address="Gasse 4\n52066 Aachen", channel="letter", consent_store=True)
AMIRA = ReporterData(
    name="Amira Saleh", address="Hof 2\n52068 Aachen", channel="letter", language="ar", plain_language=True,
    consent_store=True,
)  # fmt: skip
NOWHERE = ReporterData(name="Theo Ohneort", phone="0241 555077", channel="letter", consent_store=True)
TAB = "/rueckmeldung/?weg=letter"
PREPARE = "/rueckmeldung/briefe/vorbereiten/"


@pytest.fixture
def waiting(mara, stadtbetrieb):
    """Two people who wait for a letter with the answer."""
    return [loop.answered(mara, stadtbetrieb, reporters=[one]).reporters.get() for one in (HEDI, AMIRA)]


@pytest.fixture
def batch(waiting, mara):
    """Their letters, prepared."""
    return actions.make_batch(drafts=found.drafts_for(waiting), by=mara)


def printed(batch: LetterBatch) -> LetterBatch:
    batch = fresh(batch)
    actions.note_print(batch=batch, version=batch.version, by=batch.made_by)
    return fresh(batch)


def mark(batch: LetterBatch, by, **changes) -> actions.Posted:
    batch = fresh(batch)
    return actions.mark_sent(
        **{"batch": batch, "letters": batch.letters.all(), "version": batch.version, "by": by, **changes}
    )


def save(batch: LetterBatch, *words: Words, by, **changes) -> LetterBatch:
    batch = fresh(batch)
    known = {"batch": batch, "words": words, "dated_on": batch.dated_on, "version": batch.version, "by": by}
    return actions.save_letters(**{**known, **changes})


def rows() -> list:
    """Everything that a refused action must leave alone."""
    return [list(model.objects.order_by("pk").values()) for model in (Letter, LetterBatch, Feedback, Reporter)]


def form_of(client, batch: LetterBatch) -> dict:
    """What a browser would send when nothing was changed."""
    form = client.get(batch.get_absolute_url()).context["form"]
    data = {"version": form["version"].value(), "dated_on": form["dated_on"].value().isoformat()}
    for one in form.letters:
        for bound in one:
            if bound.name != "plain" or bound.value():
                data[bound.html_name] = bound.value() or ""
    return data


class TestMaking:
    def test_the_first_words_are_those_of_the_other_ways_with_a_closing(self, batch, waiting):
        hedi, amira = batch.letters.all()
        told = f"Sie haben uns am {waiting[0].concern.received_on:%d.%m.%Y} gemeldet: Wilder Müll."
        assert hedi.text.split("\n\n") == [
            "Guten Tag Hedi Brandt,",
            f"{told} Wir haben Ihre Meldung weitergegeben und eine Antwort bekommen.",
            "Wir haben den Müll abgeholt.",
            "Haben Sie Fragen? Dann melden Sie sich gern bei uns.",
            "Mit freundlichen Grüßen",
        ]
        assert [(one.kind, one.second_language, one.plain, one.state) for one in (hedi, amira)] == [
            ("final", "", False, "open"),
            ("final", "ar", True, "open"),
        ]
        assert (batch.dated_on, batch.version, batch.is_printed) == (make.today(), 1, False)
        assert Feedback.objects.count() == 0

    def test_an_interim_letter_says_until_when(self, mara, stadtbetrieb):
        concern = loop.log(mara, reporters=[HEDI])
        routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
        later = make.today() + timedelta(days=40)
        give_interim_notice(routing=routing, text="Teile fehlen.", new_due_on=later, by=None)
        letter = actions.make_batch(drafts=found.drafts_for([concern.reporters.get()]), by=mara).letters.get()
        assert letter.kind == "interim"
        assert "Teile fehlen." in letter.text
        assert f"bis zum {later:%d.%m.%Y}" in letter.text

    def test_drafts_cost_the_same_for_one_and_many(self, mara, stadtbetrieb, django_assert_num_queries):
        for _ in range(4):
            loop.answered(mara, stadtbetrieb, reporters=[HEDI])
        people = list(Reporter.objects.select_related("concern__lead"))
        for some in (people[:1], people):
            with django_assert_num_queries(3):
                assert len(found.drafts_for(some)) == len(some)

    def test_everybody_of_a_bundle_gets_the_leads_answer(self, mara, stadtbetrieb):
        lead, other = loop.log(mara, reporters=[HEDI]), loop.log(mara, reporters=[AMIRA], title="Müll am Tor")
        bundle(concern=other, lead=lead, by=mara)
        loop.reply(loop.forward(fresh(lead), stadtbetrieb, by=mara)[0])
        drafts = found.drafts_for(Reporter.objects.select_related("concern__lead"))
        assert [("abgeholt" in draft.text, draft.reporter.concern.title in draft.text) for draft in drafts] == [
            (True, True)
        ] * 2

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"address": " "}, "Zu Hedi Brandt ist keine Anschrift gespeichert."),
            ({"due": "", "due_since": None, "due_on": None}, "An Hedi Brandt ist im Moment nichts zu melden."),
        ],
    )
    def test_nobody_is_written_to_in_vain(self, waiting, mara, change, message):
        Reporter.objects.filter(pk=waiting[0].pk).update(**change)
        before = rows()
        with pytest.raises(LoopError, match=message):
            actions.make_batch(drafts=found.drafts_for(waiting), by=mara)
        assert rows() == before

    def test_nobody_and_too_many(self, waiting, mara):
        with pytest.raises(LoopError, match="mindestens eine Person"):
            actions.make_batch(drafts=[], by=mara)
        with pytest.raises(LoopError, match="Höchstens 30 Briefe"):
            actions.make_batch(drafts=[Draft(waiting[0], "x")] * 31, by=mara)
        with pytest.raises(LoopError, match="was im Brief stehen soll"):
            actions.make_batch(drafts=[Draft(waiting[0], " \n")], by=mara)

    def test_one_letter_lies_ready_for_each_person(self, batch, waiting, mara):
        before = rows()
        with pytest.raises(Conflict, match="liegt inzwischen schon ein Brief bereit"):
            actions.make_batch(drafts=found.drafts_for(waiting[:1]), by=mara)
        assert rows() == before
        with pytest.raises(IntegrityError, match="letter_one_open_per_reporter"), transaction.atomic():
            make.letter(reporter=waiting[0])


class TestSaving:
    def test_words_date_and_second_language(self, batch, mara):
        hedi, amira = batch.letters.all()
        day = make.today() + timedelta(days=1)
        save(batch, Words(hedi, "Neu"), Words(amira, "Neu 2", True, "ar", "نص"), by=mara, dated_on=day)
        assert list(batch.letters.values_list("text", "plain", "second_language", "second_text")) == [
            ("Neu", False, "", ""),
            ("Neu 2", True, "ar", "نص"),
        ]
        assert (fresh(batch).dated_on, fresh(batch).version) == (day, 2)

    def test_saving_the_same_keeps_the_print_good(self, batch, mara):
        printed(batch)
        hedi = batch.letters.first()
        save(batch, Words(hedi, hedi.text), by=mara)
        assert fresh(batch).is_printed
        save(batch, Words(hedi, "Anders"), by=mara)
        assert not fresh(batch).is_printed

    def test_somebody_else_was_faster(self, batch, mara):
        hedi = batch.letters.first()
        save(batch, Words(hedi, "Von Mara"), by=mara)
        before = rows()
        with pytest.raises(Conflict, match="Ihr Text ist noch da"):
            save(batch, Words(hedi, "Von Aslı"), by=mara, version=1)
        assert rows() == before

    @pytest.mark.parametrize(
        ("words", "message"),
        [({"text": " "}, "was im Brief"), ({"text": "x", "second_text": "y"}, "Sprache des zweiten Textes")],
    )
    def test_a_letter_needs_words_and_the_second_its_language(self, batch, mara, words, message):
        before = rows()
        with pytest.raises(LoopError, match=message):
            save(batch, Words(batch.letters.first(), **words), by=mara)
        assert rows() == before

    def test_what_is_in_the_post_stays_as_it_is(self, batch, mara):
        hedi = batch.letters.first()
        mark(printed(batch), mara)
        before = rows()
        with pytest.raises(Conflict, match="nicht mehr offen"):
            save(batch, Words(hedi, "Später geändert"), by=mara)
        assert rows() == before

    def test_taking_out_and_putting_back(self, batch, mara):
        hedi = printed(batch).letters.first()
        actions.take_out(letter=hedi, by=mara)
        assert (fresh(hedi).state, fresh(hedi).left_out, fresh(batch).is_printed) == (
            "out", "Aus dem Stapel genommen.", False,
        )  # fmt: skip
        with pytest.raises(Conflict):
            actions.take_out(letter=hedi, by=mara)
        actions.put_back(letter=hedi, by=mara)
        assert (fresh(hedi).state, fresh(hedi).text) == ("open", hedi.text)

    def test_putting_back_what_is_not_due_any_more(self, batch, waiting, mara):
        hedi = batch.letters.first()
        actions.take_out(letter=hedi, by=mara)
        loop.tell(waiting[0], by=mara)
        with pytest.raises(Conflict, match="nichts mehr zu melden"):
            actions.put_back(letter=hedi, by=mara)

    def test_putting_back_when_another_lies_ready(self, batch, waiting, mara):
        hedi = batch.letters.first()
        actions.take_out(letter=hedi, by=mara)
        actions.make_batch(drafts=found.drafts_for(waiting[:1]), by=mara)
        with pytest.raises(Conflict, match="schon ein anderer Brief"):
            actions.put_back(letter=hedi, by=mara)

    def test_discarding_leaves_the_people_on_the_list(self, batch, waiting, mara):
        actions.discard_batch(batch=batch, by=mara)
        assert (Letter.objects.count(), LetterBatch.objects.count()) == (0, 0)
        assert [fresh(one).due for one in waiting] == ["final", "final"]
        with pytest.raises(Conflict, match="verworfen"):
            actions.discard_batch(batch=batch, by=mara)

    def test_not_when_something_is_in_the_post(self, batch, mara):
        mark(printed(batch), mara)
        with pytest.raises(Conflict, match="schon Briefe versandt"):
            actions.discard_batch(batch=batch, by=mara)
        assert Letter.objects.count() == 2


class TestMarking:
    def test_exactly_the_printed_words_are_kept(self, batch, waiting, mara):
        hedi, amira = batch.letters.all()
        save(batch, Words(hedi, "Worte für Hedi"), Words(amira, "Worte für Amira", True, "ar", "كلمات"), by=mara)
        posted = mark(printed(batch), mara)
        assert (posted.sent, posted.left_out) == (2, [])
        kept = Feedback.objects.order_by("reporter")
        assert list(kept.values_list("kind", "channel", "result", "language", "text", "attempt", "by")) == [
            ("final", "letter", "sent", "de", "Worte für Hedi", 1, mara.pk),
            ("final", "letter", "sent", "ar", "Worte für Amira\n\nكلمات", 1, mara.pk),
        ]
        assert [fresh(one).feedback_state for one in waiting] == ["done", "done"]
        assert list(batch.letters.values_list("state", "feedback")) == [("sent", one.pk) for one in kept]
        closing.close(concern=waiting[0].concern, by=mara, **loop.ANSWER)

    def test_a_second_language_without_words_is_a_german_letter(self, batch, mara):
        mark(printed(batch), mara)
        assert set(Feedback.objects.values_list("language", flat=True)) == {"de"}

    def test_only_what_was_printed_as_it_stands(self, batch, mara):
        before = rows()
        with pytest.raises(LoopError, match="zuerst drucken"):
            mark(batch, mara)
        assert rows() == before
        printed(batch)
        save(batch, Words(batch.letters.first(), "Nach dem Druck geändert"), by=mara)
        with pytest.raises(LoopError, match="zuerst drucken"):
            mark(batch, mara)
        assert Feedback.objects.count() == 0

    def test_a_print_of_an_older_version_counts_for_nothing(self, batch, mara):
        save(batch, Words(batch.letters.first(), "Neu"), by=mara)
        actions.note_print(batch=batch, version=1, by=mara)
        assert not fresh(batch).is_printed

    def test_twice_is_a_conflict(self, batch, mara):
        mark(printed(batch), mara)
        before = rows()
        with pytest.raises(Conflict, match="schon als versandt"):
            mark(batch, mara)
        with pytest.raises(Conflict, match="geändert oder versandt"):
            mark(batch, mara, version=1)
        assert rows() == before

    def test_told_waived_or_erased_meanwhile(self, waiting, mara, stadtbetrieb):
        third = loop.answered(mara, stadtbetrieb, reporters=[HEDI]).reporters.get()
        fourth = loop.answered(mara, stadtbetrieb, reporters=[HEDI]).reporters.get()
        batch = actions.make_batch(drafts=found.drafts_for([*waiting, third, fourth]), by=mara)
        first, second, erased, last = batch.letters.all()
        loop.tell(waiting[0], by=mara)
        feedback.waive(reporter=waiting[1], reason="not_wanted", note="Rief an", by=mara)
        erase_reporter(reporter=third, reason="request", by=mara)
        posted = mark(printed(batch), mara)
        assert (posted.sent, posted.left_out) == (1, [first, second])
        assert [(one.state, one.left_out) for one in map(fresh, (first, second, erased, last))] == [
            ("out", "Diese Person hat die Rückmeldung inzwischen schon bekommen."),
            ("out", "Die Rückmeldung an diese Person ist inzwischen begründet entfallen."),
            ("out", "Die Daten dieser Person wurden gelöscht."),
            ("sent", ""),
        ]
        assert [bool(fresh(one).text) for one in (first, second, erased)] == [True, True, False]
        assert Feedback.objects.filter(channel="letter").count() == 1

    def test_an_interim_letter_is_out_of_date_when_the_answer_is_there(self, mara, stadtbetrieb):
        concern = loop.log(mara, reporters=[HEDI])
        routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
        later = make.today() + timedelta(days=40)
        give_interim_notice(routing=routing, text="Teile fehlen.", new_due_on=later, by=None)
        batch = actions.make_batch(drafts=found.drafts_for([concern.reporters.get()]), by=mara)
        loop.reply(fresh(routing))
        posted = mark(printed(batch), mara)
        assert (posted.sent, fresh(posted.left_out[0]).left_out) == (0, actions.OTHER_DUE)
        assert concern.reporters.get().due == "final"

    def test_a_letter_is_out_of_date_when_there_is_a_newer_answer(self, batch, waiting, mara):
        Reporter.objects.filter(pk=waiting[0].pk).update(due_since=timezone.now() + timedelta(minutes=1))
        posted = mark(printed(batch), mara)
        assert (posted.sent, fresh(posted.left_out[0]).left_out) == (1, actions.NEWER_ANSWER)

    def test_when_the_concern_went_back_into_work(self, batch, waiting, mara):
        take_on(concern=waiting[0].concern, by=mara)
        posted = mark(printed(batch), mara)
        assert (posted.sent, fresh(posted.left_out[0]).left_out) == (1, actions.NOTHING_DUE)

    def test_when_a_letter_in_the_middle_cannot_be_stored_nothing_is(self, batch, mara):
        printed(batch)
        before = rows()
        with connection.cursor() as cursor:
            cursor.execute(
                "CREATE FUNCTION refuse_second() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                "IF (SELECT count(*) FROM concerns_letter WHERE state = 'sent') = 1 AND NEW.state = 'sent' "
                "THEN RAISE EXCEPTION 'disk full'; END IF; RETURN NEW; END $$;"
                "CREATE TRIGGER refuse_second BEFORE UPDATE ON concerns_letter "
                "FOR EACH ROW EXECUTE FUNCTION refuse_second()"
            )
        with pytest.raises(Exception, match="disk full"), transaction.atomic():
            mark(batch, mara)
        assert rows() == before

    def test_only_the_letters_somebody_may_see(self, waiting, mara, paul, preuswald, stadtbetrieb):
        foreign = loop.answered(paul, stadtbetrieb, reporters=[HEDI]).reporters.get()
        batch = actions.make_batch(drafts=found.drafts_for([*waiting, foreign]), by=mara)
        seen = found.letters_of(paul).filter(batch=batch)
        assert [one.reporter for one in seen] == [foreign]
        posted = mark(printed(batch), paul, letters=seen)
        assert (posted.sent, Feedback.objects.get().reporter) == (1, foreign)
        assert list(batch.letters.open().values_list("reporter", flat=True)) == [one.pk for one in waiting]
        with pytest.raises(LoopError, match="zuerst drucken"):  # paul's paper did not hold them
            mark(batch, mara)

    def test_the_database_holds_it_too(self, batch):
        letter = batch.letters.first()
        wrong = (
            {"state": "sent"}, {"state": "out"}, {"left_out": "x"}, {"text": ""}, {"second_text": "x"},
        )  # fmt: skip
        for fields in wrong:
            with pytest.raises(IntegrityError), transaction.atomic():
                Letter.objects.filter(pk=letter.pk).update(**fields)


def in_two_threads(act) -> dict[int, object]:
    """Run `act(number)` in two threads with a connection each, at the same moment; what each gave or raised."""
    barrier, outcome = Barrier(2), {}

    def run(number):
        try:
            barrier.wait(timeout=60)
            outcome[number] = act(number)
        except Exception as error:
            outcome[number] = error
        finally:
            connection.close()

    threads = [Thread(target=run, args=[number]) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return outcome


@pytest.fixture
def city(transactional_db):
    """Two people waiting for letters, seen by two connections."""
    district = make.district()
    office = make.office(districts=[district])
    manager = make.user(role=Role.MANAGER, district=district, office=office)
    department = make.department()
    people = [loop.answered(manager, department, reporters=[one]).reporters.get() for one in (HEDI, AMIRA)]
    return manager, people


@pytest.mark.django_db(transaction=True)
class TestTwoAtOnce:
    def test_marking(self, city):
        manager, people = city
        batch = printed(actions.make_batch(drafts=found.drafts_for(people), by=manager))
        letters = list(batch.letters.all())
        outcome = in_two_threads(
            lambda number: actions.mark_sent(batch=batch, letters=letters, version=batch.version, by=manager)
        )
        assert sorted(type(one).__name__ for one in outcome.values()) == ["Conflict", "Posted"]
        assert Feedback.objects.count() == 2

    def test_preparing_in_opposite_order(self, city):
        manager, people = city
        orders = [found.drafts_for(people), found.drafts_for(people[::-1])]
        outcome = in_two_threads(lambda number: actions.make_batch(drafts=orders[number], by=manager))
        assert sorted(type(one).__name__ for one in outcome.values()) == ["Conflict", "LetterBatch"]
        assert Letter.objects.count() == 2

    def test_marking_while_somebody_calls(self, city):
        manager, people = city
        batch = printed(actions.make_batch(drafts=found.drafts_for(people), by=manager))
        letters = list(batch.letters.all())

        def act(number):
            if number:
                return loop.tell(people[0], by=manager)
            return actions.mark_sent(batch=batch, letters=letters, version=batch.version, by=manager)

        in_two_threads(act)
        assert list(Feedback.objects.order_by("reporter").values_list("reporter", flat=True)) == [
            one.pk for one in people
        ]
        states = list(Letter.objects.values_list("state", flat=True))
        assert states in (["sent", "sent"], ["out", "sent"])

    def test_marking_while_somebody_erases(self, city):
        manager, people = city
        batch = printed(actions.make_batch(drafts=found.drafts_for(people), by=manager))
        letters = list(batch.letters.all())

        def act(number):
            if number:
                return erase_reporter(reporter=people[0], reason="request", by=manager)
            return actions.mark_sent(batch=batch, letters=letters, version=batch.version, by=manager)

        outcome = in_two_threads(act)
        assert [type(outcome[number]).__name__ for number in range(2)] == ["Posted", "Reporter"]
        assert "Hedi" not in str(list(Letter.objects.values())) + str(list(Feedback.objects.values()))


class TestPrivacy:
    def test_erasing_takes_the_words_of_all_letters(self, waiting, mara):
        batch = actions.make_batch(drafts=found.drafts_for(waiting), by=mara)
        hedi, amira = batch.letters.all()
        save(batch, Words(hedi, "Guten Tag Hedi Brandt"), Words(amira, "x", False, "ar", "Amira Saleh"), by=mara)
        mark(printed(batch), mara, letters=[hedi])
        for one in waiting:
            erase_reporter(reporter=one, reason="request", by=mara)
        left = str(list(Letter.objects.values())) + str(list(Feedback.objects.values()))
        assert "Hedi" not in left
        assert "Saleh" not in left
        assert list(batch.letters.values_list("state", "text", "second_text")) == [("sent", "", ""), ("out", "", "")]

    def test_the_export_holds_the_letters_with_what_was_prepared(self, batch, waiting, mara):
        (row,) = export_reporter(reporters=[waiting[0]], by=mara)
        letter = batch.letters.first()
        assert row["Briefe"] == [
            {
                "Vom": batch.dated_on.isoformat(),
                "Stand": "Vorbereitet",
                "Art": "Abschlussrückmeldung",
                "Wortlaut": letter.text,
            }
        ]

    def test_whoever_may_not_see_the_person_gets_404(self, batch, mara, paul, asli, enno, silke, adam, client_of):
        letter = batch.letters.first()
        pages = [
            batch.get_absolute_url(),
            reverse("concerns:letters_discard", args=[batch.pk]),
            reverse("concerns:letter_put_back", args=[letter.pk]),
        ]
        paper = reverse("reports:letters", args=[batch.pk])
        before = rows()
        for person in (paul, asli, enno, silke, adam):
            client = client_of(person)
            assert [client.post(page, {"mark": "1"}).status_code for page in pages] == [404] * 3
            assert [client.get(page).status_code for page in (pages[0], paper)] == [404, 404]
        assert rows() == before
        for person in (paul, asli):
            assert client_of(person).get("/rueckmeldung/briefe/").context["page"].rows == []

    def test_assistants_see_the_teams_letters_when_the_setting_says_so(self, batch, asli, client_of):
        LoopSettings.objects.update_or_create(pk=1, defaults={"assistants_see_team_reporters": True})
        assert client_of(asli).get(batch.get_absolute_url()).status_code == 200

    def test_looking_is_noted(self, batch, waiting, mara, client_of):
        client_of(mara).get(batch.get_absolute_url())
        assert set(ReporterAccess.objects.values_list("concern", flat=True)) == {one.concern_id for one in waiting}


class TestPages:
    def test_all_that_are_due_in_one_press(self, waiting, mara, stadtbetrieb, client_of):
        loop.answered(mara, stadtbetrieb, reporters=[NOWHERE])
        client = client_of(mara)
        tab = client.get(TAB).content.decode()
        assert "Anschrift fehlt" in tab
        assert tab.count('name="person"') == 2
        response = client.post(f"{PREPARE}?fuer=meine", {"all": "1"})
        batch = LetterBatch.objects.get()
        assert response.headers["Location"] == batch.get_absolute_url()
        page = client.get(batch.get_absolute_url())
        html = page.content.decode()
        assert [one.letter.reporter for one in page.context["form"].letters] == waiting
        assert "2 Briefe vorbereitet. Nicht dabei: 1 ohne Anschrift." in html
        assert "Ohne Anschrift, deshalb ohne Brief" in html
        assert "Theo Ohneort" in html
        assert "Brief liegt bereit" in client.get(TAB).content.decode()

    def test_more_than_fit_into_a_batch(self, waiting, mara, client_of, monkeypatch):
        monkeypatch.setattr(actions, "MOST_LETTERS", 1)
        client = client_of(mara)
        for left in ("Nicht dabei: 1 zu viele für einen Stapel.", "Nicht dabei: 1 schon vorbereitet."):
            response = client.post(f"{PREPARE}?fuer=meine", {"all": "1"}, follow=True)
            assert f"1 Brief vorbereitet. {left}" in response.content.decode()
        assert [letter.reporter for letter in Letter.objects.all()] == waiting

    def test_some_of_them(self, waiting, mara, client_of):
        client_of(mara).post(PREPARE, {"person": [waiting[1].pk, "abc", "-1", "9" * 30]})
        assert Letter.objects.get().reporter == waiting[1]

    def test_people_of_other_teams_are_nobody(self, waiting, paul, client_of):
        response = client_of(paul).post(PREPARE, {"person": [waiting[0].pk]})
        assert response.headers["Location"] == TAB
        assert Letter.objects.count() == 0

    def test_from_the_concern_a_second_press_leads_to_the_same_letter(self, waiting, mara, client_of):
        client = client_of(mara)
        html = client.get(waiting[0].concern.get_absolute_url()).content.decode()
        assert "Brief als PDF" in html
        first = client.post(PREPARE, {"person": waiting[0].pk}).headers["Location"]
        assert client.post(PREPARE, {"person": waiting[0].pk}).headers["Location"] == first
        assert Letter.objects.count() == 1

    def test_from_the_feedback_step_with_the_words_typed_there(self, waiting, mara, client_of):
        client, page = client_of(mara), f"/rueckmeldung/{waiting[0].pk}/"
        response = client.post(page, {"text": "Meine Worte", "channel": "phone", "language": "de", "letter": "1"})
        letter = Letter.objects.get()
        assert response.headers["Location"] == letter.batch.get_absolute_url()
        assert letter.text == "Meine Worte\n\nMit freundlichen Grüßen"
        assert Feedback.objects.count() == 0
        assert "Ein Brief liegt bereit" in client.get(page).content.decode()
        again = client.post(page, {"text": "Andere Worte", "channel": "letter", "language": "de", "letter": "1"})
        assert again.status_code == 409
        assert "Andere Worte" in again.content.decode()

    def test_the_feedback_step_without_an_address(self, waiting, mara, client_of):
        Reporter.objects.filter(pk=waiting[0].pk).update(address="")
        page = f"/rueckmeldung/{waiting[0].pk}/"
        response = client_of(mara).post(page, {"text": "Worte", "channel": "letter", "language": "de", "letter": "1"})
        assert response.status_code == 409
        assert "ist keine Anschrift gespeichert" in response.content.decode()

    def test_save_print_and_mark(self, batch, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        hedi, amira = batch.letters.all()
        data = form_of(client, batch)
        data |= {f"brief-{hedi.pk}-text": "Für Hedi", f"brief-{amira.pk}-second_text": "كلمات"}
        assert client.post(url, data).headers["Location"] == url
        assert "Noch nicht gedruckt." in client.get(url).content.decode()
        refused = client.post(url, form_of(client, batch) | {"mark": "1"})
        assert refused.headers["Location"] == url
        assert "Bitte zuerst drucken" in client.get(url).content.decode()
        assert client.get(reverse("reports:letters", args=[batch.pk])).status_code == 200
        assert client.post(url, form_of(client, batch) | {"mark": "1"}).status_code == 303
        assert list(Feedback.objects.order_by("reporter").values_list("text", flat=True)) == [
            "Für Hedi",
            f"{amira.text}\n\nكلمات",
        ]
        html = client.get(url).content.decode()
        assert "2 als versandt festgehalten." in html
        assert "Noch einmal drucken" in html
        assert "Als versandt markieren" not in html

    def test_what_would_be_boxes_on_paper_is_named(self, waiting, mara, client_of):
        Reporter.objects.filter(pk=waiting[0].pk).update(name="李小龙 Brandt")
        for one in waiting:
            one.refresh_from_db()
        batch = actions.make_batch(drafts=found.drafts_for(waiting), by=mara)
        hedi, amira = client_of(mara).get(batch.get_absolute_url()).context["form"].letters
        assert (hedi.unprintable, amira.unprintable) == (["李小龙"], [])
        data = form_of(client_of(mara), batch) | {f"brief-{amira.letter.pk}-text": "Danke 🙂 شكرا"}
        html = client_of(mara).post(batch.get_absolute_url(), data, follow=True).content.decode()
        assert "<bdi>🙂</bdi>: Auf dem Papier steht dafür ▯." in html

    def test_what_was_typed_is_saved_before_anything_is_marked(self, batch, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        printed(batch)
        letter = batch.letters.first()
        response = client.post(
            url, form_of(client, batch) | {f"brief-{letter.pk}-text": "Zuletzt getippt", "mark": "1"}
        )
        assert response.headers["Location"] == url
        assert "Bitte zuerst drucken" in client.get(url).content.decode()
        assert fresh(letter).text == "Zuletzt getippt"
        assert Feedback.objects.count() == 0

    def test_names_of_whoever_was_left_out(self, batch, waiting, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        printed(batch)
        loop.tell(waiting[0], by=mara)
        client.post(url, form_of(client, batch) | {"mark": "1"})
        html = client.get(url).content.decode()
        assert "1 als versandt festgehalten. 1 ausgelassen" in html
        out = html[html.index("Ausgelassen</h2>") : html.index("Versandt</h2>")]
        assert "Hedi Brandt" in out
        assert "Diese Person hat die Rückmeldung inzwischen schon bekommen." in out
        assert "Guten Tag Hedi Brandt," in out

    def test_a_conflict_loses_no_words(self, batch, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        letter = batch.letters.first()
        mine = form_of(client, batch) | {f"brief-{letter.pk}-text": "Mein langer Text"}
        save(batch, Words(letter, "Text der Kollegin"), by=mara)
        response = client.post(url, mine)
        html = response.content.decode()
        assert response.status_code == 409
        assert "Mein langer Text" in html
        assert "Text der Kollegin" in html
        assert fresh(letter).text == "Text der Kollegin"
        again = form_of_response(response) | {f"brief-{letter.pk}-text": "Mein langer Text"}
        assert client.post(url, again).status_code == 303
        assert fresh(letter).text == "Mein langer Text"

    def test_words_for_a_letter_that_is_in_the_post_meanwhile(self, batch, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        letter = batch.letters.first()
        mine = form_of(client, batch) | {f"brief-{letter.pk}-text": "Zu spät getippt"}
        mark(printed(batch), mara)
        response = client.post(url, mine)
        html = response.content.decode()
        assert response.status_code == 409
        assert "Zu spät getippt" in html
        assert "inzwischen geändert oder versandt" in html
        assert "Als versandt markieren" not in html

    def test_marking_the_others_when_somebodys_data_was_erased_after_the_print(self, batch, waiting, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        printed(batch)
        pressed = form_of(client, batch) | {"mark": "1"}
        erase_reporter(reporter=waiting[0], reason="request", by=mara)
        response = client.post(url, pressed)
        html = response.content.decode()
        assert response.status_code == 409
        assert "Die Daten dieser Person wurden gelöscht." in html
        assert "Hedi Brandt" not in html
        assert client.post(url, form_of_response(response) | {"mark": "1"}).status_code == 303
        assert "1 als versandt festgehalten." in client.get(url).content.decode()
        assert [letter.state for letter in batch.letters.all()] == ["out", "sent"]

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ({"text": ""}, "Bitte füllen Sie dieses Feld aus."),
            ({"text": "x" * 8001}, "8000"),
            ({"second_text": "y", "second_language": ""}, "Bitte die Sprache des zweiten Textes wählen."),
            ({"second_language": "xx"}, "xx"),
            ({"text": "x" * 5000, "second_text": "y" * 5000, "second_language": "tr"}, "höchstens 8000 Zeichen"),
        ],
    )
    def test_wrong_words_say_why_and_keep_everything(self, batch, mara, client_of, change, message):
        client, letter, before = client_of(mara), batch.letters.first(), rows()
        data = form_of(client, batch) | {f"brief-{letter.pk}-{name}": value for name, value in change.items()}
        data |= {f"brief-{batch.letters.last().pk}-text": "Der andere Brief"}
        response = client.post(batch.get_absolute_url(), data)
        html = response.content.decode()
        assert response.status_code == 422
        assert message in html
        assert "Der andere Brief" in html
        assert change.get("text", "")[:40] in html
        assert rows() == before

    @pytest.mark.parametrize("day", ["", "gestern", "2031-01-01"])
    def test_wrong_dates(self, batch, mara, client_of, day):
        client, before = client_of(mara), rows()
        response = client.post(batch.get_absolute_url(), form_of(client, batch) | {"dated_on": day})
        assert (response.status_code, list(response.context["form"].errors)) == (422, ["dated_on"])
        assert rows() == before

    @pytest.mark.parametrize("version", ["", "abc", "-1", "9" * 20])
    def test_a_bent_version(self, batch, mara, client_of, version):
        client, before = client_of(mara), rows()
        response = client.post(batch.get_absolute_url(), form_of(client, batch) | {"version": version})
        assert response.status_code in {409, 422}
        assert rows() == before

    def test_taking_out_saves_the_rest_first(self, batch, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        hedi, amira = batch.letters.all()
        client.post(url, form_of(client, batch) | {f"brief-{amira.pk}-text": "Bleibt", "out": hedi.pk})
        assert [(fresh(one).state, fresh(one).text) for one in (hedi, amira)] == [
            ("out", hedi.text),
            ("open", "Bleibt"),
        ]
        client.post(reverse("concerns:letter_put_back", args=[hedi.pk]))
        assert fresh(hedi).state == "open"

    def test_discarding_asks_first(self, batch, mara, client_of):
        client, url = client_of(mara), reverse("concerns:letters_discard", args=[batch.pk])
        assert client.get(url).status_code == 200
        assert LetterBatch.objects.exists()
        assert client.post(url).headers["Location"] == TAB
        assert not LetterBatch.objects.exists()

    def test_pages_cost_the_same_for_one_and_many(self, mara, stadtbetrieb, client_of):
        client, costs = client_of(mara), []
        for number in (1, 3):
            people = [loop.answered(mara, stadtbetrieb, reporters=[HEDI]).reporters.get() for _ in range(number)]
            batch = actions.make_batch(drafts=found.drafts_for(people), by=mara)
            with CaptureQueriesContext(connection) as page:
                assert client.get(batch.get_absolute_url()).status_code == 200
            with CaptureQueriesContext(connection) as tab:
                assert client.get(TAB).status_code == 200
            with CaptureQueriesContext(connection) as listed:
                assert client.get("/rueckmeldung/briefe/").status_code == 200
            costs.append([len(page), len(tab), len(listed)])
        assert costs[0] == costs[1]


class TestTextBlocks:
    @pytest.fixture
    def blocks(self, stadtbetrieb):
        make.text_block(name="Dank", purpose="feedback", text="Vielen Dank.")
        make.text_block(name="Danke tr", purpose="feedback", language="tr", text="Teşekkür ederiz.")
        make.text_block(name="Dank ar", purpose="feedback", language="ar", text="شكرا لكم.")
        make.text_block(name="Später", purpose="interim", language="ar", text="لاحقا")
        make.text_block(name="Türkische Antwort", purpose="reply", language="tr", text="Yanıt")
        return {block.name: block for block in TextBlock.objects.all()}

    def test_the_second_language_comes_first_and_german_stays_apart(self, batch, blocks, mara, client_of):
        _, amira = client_of(mara).get(batch.get_absolute_url()).context["form"].letters
        assert [block.name for block in amira.blocks] == ["Dank"]
        assert [(name, [one.name for one in some]) for name, some in amira.second_groups] == [
            ("Arabisch", ["Dank ar"]),
            ("Türkisch", ["Danke tr"]),
        ]

    def test_without_scripts_the_server_puts_them_in(self, batch, blocks, mara, client_of):
        client, url = client_of(mara), batch.get_absolute_url()
        hedi = batch.letters.first()
        data = form_of(client, batch) | {f"brief-{hedi.pk}-second_text-block": blocks["Danke tr"].pk}
        data |= {"insert": f"{hedi.pk}-second_text", f"brief-{hedi.pk}-text": "Getippt"}
        response = client.post(url, data)
        form = response.context["form"].letters[0]
        assert response.status_code == 200
        assert (form["second_text"].value(), form["second_language"].value()) == ("Teşekkür ederiz.", "tr")
        assert form["text"].value() == "Getippt"
        assert fresh(hedi).text != "Getippt"

    def test_a_german_block_goes_above_the_closing_formula(self, batch, blocks, mara, client_of):
        client, hedi = client_of(mara), batch.letters.first()
        data = form_of(client, batch) | {f"brief-{hedi.pk}-text-block": blocks["Dank"].pk, "insert": f"{hedi.pk}-text"}
        form = client.post(batch.get_absolute_url(), data).context["form"].letters[0]
        before = hedi.text.removesuffix(LETTER_CLOSING)
        assert form["text"].value() == f"{before}Vielen Dank.\n\n{LETTER_CLOSING}"

    @pytest.mark.parametrize("where", ["", "x", "1-text", "-", "999999-text", "text", "1-plain"])
    def test_bent_places_insert_nothing(self, batch, blocks, mara, client_of, where):
        client = client_of(mara)
        data, before = form_of(client, batch) | {"insert": where}, rows()
        response = client.post(batch.get_absolute_url(), data)
        assert response.status_code in {200, 303}
        assert rows() == before

    def test_other_selections_offer_german(self, blocks, waiting, mara, enno, stadtbetrieb, client_of):
        hedi, amira = (client_of(mara).get(f"/rueckmeldung/{one.pk}/").context["form"].blocks for one in waiting)
        assert [block.name for block in hedi] == ["Dank"]
        assert [block.name for block in amira] == ["Dank", "Dank ar"]
        routing = loop.forward(loop.log(mara), stadtbetrieb, by=mara)[0]
        ticket = client_of(enno).get(reverse("concerns:ticket", args=[routing.pk]))
        assert "Türkische Antwort" not in ticket.content.decode()


def form_of_response(response) -> dict:
    form = response.context["form"]
    data = {"version": form["version"].value(), "dated_on": form["dated_on"].value()}
    for one in form.letters:
        data |= {bound.html_name: bound.value() or "" for bound in one if bound.name != "plain" or bound.value()}
    return data
