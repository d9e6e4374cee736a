"""The status page: what one reporter sees of their concern, in seven languages, and nothing else (K24, I7, I11)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles import finders
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.html import escape

from concerns import resident
from concerns.actions import bundling, closing, department, feedback, forwarding, letters, status_codes, triage, voices
from concerns.models import COMMENT_LIMIT, Concern, ConcernEvent, ConcernNote, Feedback, Letter, Reporter, Voice
from concerns.resident import LANGUAGES, standing_of
from concerns.views.status import CHANGES_AN_HOUR, OPENED
from quartier.workdays import add_workdays
from tests import make
from tests.concerns import loop
from tests.concerns.leaks import SECRETS, leaked

pytestmark = pytest.mark.django_db
FORM, PAGE, SAY, LEAVE = (
    reverse(f"concerns:{name}") for name in ("status", "status_standing", "status_say", "status_leave")
)
WRONG = "0000-0000-0000"
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
PROMISED = date(2031, 5, 3)


def opened(reporter: Reporter, **headers) -> Client:
    """A browser in which the reporter's code was entered."""
    client = Client(headers=headers)
    assert client.post(FORM, {"code": status_codes.show(reporter=reporter)}).status_code == 303
    return client


def page(reporter: Reporter, language: str = "de") -> str:
    response = opened(reporter).get(PAGE, {"sprache": language})
    assert response.status_code == 200
    return response.content.decode()


def seen_by(reporter: Reporter, today: date | None = None) -> resident.Standing:
    with translation.override("de"):
        return standing_of(Reporter.objects.select_related("concern").get(pk=reporter.pk), today=today or make.today())


def judge(client: Client, reporter: Reporter, helped: str = "nein", **data):
    answer = resident.answer_of(loop.fresh(reporter.concern)).isoformat()
    return client.post(SAY, {"answer": answer, "helped": helped, **data})


# --- The way in -------------------------------------------------------------------------------------------------------


def test_the_code_opens_the_page_however_it_is_typed(mara):
    reporter = loop.log(mara).reporters.get()
    code = status_codes.show(reporter=reporter)
    for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')} "):
        client = Client()
        response = client.post(FORM, {"code": typed})
        assert (response.status_code, response.headers["Location"]) == (303, PAGE)
        assert client.get(PAGE).context["seen"].number == reporter.concern.number


def test_the_qr_code_leads_on_at_once_so_that_the_code_stays_in_no_address(mara):
    reporter = loop.log(mara).reporters.get()
    client, code = Client(), status_codes.show(reporter=reporter)
    response = client.get(reverse("concerns:status_code", args=[code]))
    assert (response.status_code, response.headers["Location"]) == (303, PAGE)
    assert code not in client.get(PAGE).content.decode()
    assert [value for value in client.session[OPENED].values() if code.replace("-", "") in str(value)] == []


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("", "Bitte geben Sie den Code ein."),
        ("7K3M-Q9XD", "Das ist kein ganzer Code. Ein Code hat 12 Zeichen."),
        ("x" * 61, "Das ist kein ganzer Code. Ein Code hat 12 Zeichen."),
        (WRONG, "Diesen Code kennen wir nicht, oder er gilt nicht mehr. Bitte prüfen Sie ihn."),
    ],
)
def test_a_wrong_code_is_told_beside_the_field_and_kept(typed, message):
    response = Client().post(FORM, {"code": typed})
    assert (response.status_code, response.context["form"].errors["code"]) == (422, [message])
    assert f'value="{typed}"' in response.content.decode()


def test_ended_erased_and_unknown_codes_look_the_same(mara, stadtbetrieb):
    ended = loop.closed(mara, stadtbetrieb).reporters.get()
    gone = make.concern(owner=mara).reporters.get()
    shown = [status_codes.show(reporter=one) for one in (ended, gone)]
    Concern.objects.filter(pk=ended.concern_id).update(closed_at=timezone.now() - timedelta(days=91))
    status_codes.revoke(reporter=gone)
    pages = {Client().post(FORM, {"code": code}).content.decode().replace(code, "") for code in (*shown, WRONG)}
    assert len({re.sub(r'name="csrfmiddlewaretoken" value="\w+"', "", text) for text in pages}) == 1
    assert {Client().get(reverse("concerns:status_code", args=[code])).status_code for code in (*shown, WRONG)} == {404}


def test_nothing_is_cached_indexed_or_told_to_others(mara, stadtbetrieb):
    reporter = loop.closed(mara, stadtbetrieb).reporters.get()
    client, code = opened(reporter), status_codes.show(reporter=reporter)
    answers = [
        client.get(FORM), client.post(FORM, {"code": WRONG}), client.get(reverse("concerns:status_code", args=[code])),
        client.get(PAGE), judge(client, reporter), client.post(LEAVE), Client().get(PAGE),
    ]  # fmt: skip
    for answer in answers:
        assert {name: answer.headers[name] for name in HEADERS} == HEADERS
    assert '<meta name="robots" content="noindex, nofollow">' in client.get(FORM).content.decode()


def test_closing_the_page_and_an_hour_end_it(mara):
    client = opened(loop.log(mara).reporters.get())
    assert client.post(LEAVE).headers["Location"] == FORM
    assert (client.get(PAGE).status_code, client.get(PAGE).headers["Location"]) == (303, FORM)
    client = opened(loop.log(mara).reporters.get())
    session = client.session
    session[OPENED] = {**session[OPENED], "until": timezone.now().timestamp() - 1}
    session.save()
    assert client.get(PAGE).headers["Location"] == FORM


def test_what_was_typed_when_the_hour_ended_can_be_copied(mara, stadtbetrieb):
    reporter = loop.closed(mara, stadtbetrieb).reporters.get()
    response = Client().post(SAY, {"helped": "nein", "answer": "x", "comment": "Immer <noch> da"})
    assert (response.status_code, response.context["typed"]) == (409, "Immer <noch> da")
    assert "Immer &lt;noch&gt; da" in response.content.decode()
    assert Voice.objects.filter(reporter=reporter).count() == 0


# --- Guessing ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def brake(settings):
    settings.STATUS_TRIES, settings.STATUS_TRIES_OVERALL, settings.STATUS_TRIES_SECONDS = 3, 5, 86_400


def guess(address: str = "192.0.2.7", code: str = WRONG, **headers) -> int:
    return Client(REMOTE_ADDR=address).post(FORM, {"code": code}, headers=headers).status_code


def test_whoever_guesses_has_to_wait_and_nobody_else(brake, mara):
    code = status_codes.show(reporter=loop.log(mara).reporters.get())
    assert [guess() for _ in range(4)] == [422, 422, 422, 429]
    assert (guess(code=code), guess("192.0.2.8", code)) == (429, 303)
    response = Client(REMOTE_ADDR="192.0.2.7").post(FORM, {"code": WRONG}, query_params={"sprache": "ru"})
    minutes = -(-int(response.headers["Retry-After"]) // 60)
    assert 0 < minutes <= 24 * 60
    assert '<html lang="ru" dir="ltr">' in response.content.decode()
    assert f"через {minutes} минут" in response.content.decode()
    assert Client(REMOTE_ADDR="192.0.2.7").get(reverse("concerns:status_code", args=[code])).status_code == 429


def test_many_who_guess_together_stop_at_the_brake_for_all(brake):
    assert [guess(f"198.51.100.{n}") for n in range(6)] == [422] * 5 + [429]


def test_right_codes_and_half_typed_ones_use_up_nothing(brake, mara):
    code = status_codes.show(reporter=loop.log(mara).reporters.get())
    assert [guess(code=code) for _ in range(8)] == [303] * 8
    assert [guess(code="7K3M") for _ in range(8)] == [422] * 8
    assert [guess() for _ in range(3)] == [422] * 3


def test_an_opened_page_stays_open_while_others_guess(brake, mara):
    client = opened(loop.log(mara).reporters.get())
    for number in range(6):
        guess(f"198.51.100.{number}")
    assert client.get(PAGE).status_code == 200


def test_clients_cannot_choose_their_address(brake, settings):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 0
    made_up = [guess(**{"X-Forwarded-For": f"203.0.113.{n}"}) for n in range(4)]
    assert made_up == [422, 422, 422, 429]
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert guess("10.0.0.1", **{"X-Forwarded-For": "192.0.2.7"}) == 429
    assert guess("10.0.0.1", **{"X-Forwarded-For": "192.0.2.7, 203.0.113.9"}) == 422


def test_one_customer_with_a_whole_ipv6_network_is_one_address(brake):
    assert [guess(f"2001:db8:1:{n}f::1") for n in range(4)] == [422, 422, 422, 429]
    assert (guess("2001:db8:1:1ff::1"), guess("fe80::1%eth0")) == (422, 422)


def test_ipv4_addresses_written_as_ipv6_are_many(brake):
    assert [guess("::ffff:192.0.2.7") for _ in range(4)] == [422, 422, 422, 429]
    assert (guess("::ffff:192.0.2.8"), guess("192.0.2.7")) == (422, 429)


@pytest.mark.django_db(transaction=True)
def test_guesses_at_the_same_moment_are_all_counted(brake):
    start = Barrier(6)

    def try_it(_) -> int:
        start.wait()
        try:
            return guess()
        finally:
            connection.close()

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(try_it, range(6))) == [422] * 3 + [429] * 3


# --- What stands there ------------------------------------------------------------------------------------------------


def states(seen: resident.Standing) -> list[str]:
    return [station.state for station in seen.stations]


def test_the_way_of_a_concern_in_four_stations(mara, stadtbetrieb):
    concern = loop.log(mara)
    reporter, turns = concern.reporters.get(), []

    def look() -> list[str]:
        seen = seen_by(reporter)
        turns.append((seen.turn.text, seen.turn.names, seen.turn.until))
        return states(seen)

    assert look() == ["done", "now", "later", "later"]
    routing = loop.forward(concern, stadtbetrieb, by=mara, due_on=add_workdays(make.today(), 5))[0]
    assert look() == ["done", "done", "now", "later"]
    loop.reply(routing)
    assert look() == ["done", "done", "done", "now"]
    loop.tell(reporter, by=mara)
    assert look() == ["done"] * 4
    closing.close(concern=concern, by=mara, **loop.ANSWER)
    assert look() == ["done"] * 4
    days = (routing.due_on - make.today()).days
    with translation.override("de"):
        due = resident.day(routing.due_on)
    assert [text for text, _, _ in turns] == [
        "Jetzt sind wir dran: Das Quartiersmanagement sieht sich Ihr Anliegen an.",
        "Wir warten auf eine Antwort von:",
        "Jetzt sind wir dran: Die Antwort ist da. Wir geben sie an Sie weiter.",
        "Sie haben unsere Antwort. Wir schließen die Sache jetzt ab.",
        "Die Sache ist abgeschlossen. Im Moment muss niemand etwas tun.",
    ]
    assert turns[1][1:] == (("Aachener Stadtbetrieb",), f"Bis zum {due}. Das sind noch {days} Tage.")
    assert turns[3][2] == turns[4][2] == ""


def test_after_a_no_it_is_the_teams_turn_until_they_have_looked(mara, stadtbetrieb):
    reporter = loop.closed(mara, stadtbetrieb).reporters.get()
    voice = voices.say(reporter=reporter, answer_at=resident.answer_of(loop.fresh(reporter.concern)), helped=False)
    turn = seen_by(reporter).turn
    assert turn.text == "Jetzt sind wir dran: Das Quartiersmanagement sieht sich Ihr Anliegen an."
    with translation.override("de"):
        assert turn.until.startswith(f"Bis zum {resident.day(voice.due_on)}.")
    voices.settle(voice=voice, by=mara)
    assert seen_by(reporter).turn.text == "Die Sache ist abgeschlossen. Im Moment muss niemand etwas tun."


def test_own_work_pauses_questions_and_late_answers_are_told(mara, stadtbetrieb):
    own, parked, asked, late = (loop.log(mara) for _ in range(4))
    triage.take_on(concern=own, by=mara)
    triage.park(concern=parked, until=make.today() + timedelta(days=30), by=mara)
    department.ask(routing=loop.forward(asked, stadtbetrieb, by=mara)[0], text="Interne Frage?", by=None)
    routing = loop.forward(late, stadtbetrieb, by=mara)[0]
    seen = {name: seen_by(one.reporters.get()) for name, one in {"own": own, "parked": parked, "asked": asked}.items()}
    assert seen["own"].stations[1].text == "Wir kümmern uns selbst darum"
    assert seen["own"].turn.text == "Jetzt sind wir dran: Das Quartiersmanagement kümmert sich selbst darum."
    with translation.override("de"):
        day = resident.day(make.today() + timedelta(days=30))
        due = resident.day(routing.due_on)
    assert seen["parked"].turn.text == f"Im Moment ruht die Sache. Am {day} nehmen wir sie wieder auf."
    assert (seen["asked"].turn.names, seen["asked"].turn.until) == ((), "")
    overdue = seen_by(late.reporters.get(), today=routing.due_on + timedelta(days=1))
    assert overdue.turn.until == f"Das sollte bis zum {due} geschehen. Es dauert leider länger. Wir bleiben dran."
    last_day = seen_by(late.reporters.get(), today=routing.due_on)
    assert last_day.turn.until == f"Bis heute, {due}."


def test_a_promise_names_its_day(mara, stadtbetrieb):
    promised = {"outcome": "planned", "promised_on": PROMISED, "answer_text": "Im Frühjahr."}
    seen = seen_by(loop.closed(mara, stadtbetrieb, outcome=promised).reporters.get())
    assert seen.promised_on == "3. Mai 2031"
    assert seen.turn.text == (
        "Am 3. Mai 2031 fragen wir nach, ob es gemacht wurde. Dann sagen wir Ihnen wieder Bescheid."
    )


def test_the_answer_is_shown_once_the_person_was_told_and_in_the_words_they_were_told(mara, stadtbetrieb):
    person, other = loop.PERSON, loop.PERSON
    concern = loop.log(mara, reporters=[person, other])
    loop.reply(loop.forward(concern, stadtbetrieb, by=mara)[0], text="Rohe Antwort des Amtes.", remark="Nur für euch")
    told, waiting = concern.reporters.all()
    text = "Guten Tag Gerda Zorn,\n\nder Müll ist weg.\nEs bleibt sauber."
    feedback.record_feedback(reporter=told, kind="final", channel="phone", text=text, result="reached", by=mara)
    assert seen_by(told).answer.text == "der Müll ist weg.\nEs bleibt sauber."
    assert (seen_by(waiting).is_answered, seen_by(waiting).answer) == (False, None)
    for reporter in (told, waiting):
        shown = page(reporter)
        assert [
            secret for secret in ("Rohe Antwort", "Nur für euch", "Gerda", "Zorn", "555019") if secret in shown
        ] == []


def test_words_with_somebodys_name_give_way_to_the_words_for_all(mara, stadtbetrieb):
    concern = loop.log(mara, reporters=[loop.PERSON, loop.PERSON])
    loop.reply(loop.forward(concern, stadtbetrieb, by=mara)[0])
    for reporter in concern.reporters.all():
        text = "Wir haben mit Frau Zorn gesprochen: Es ist erledigt."
        feedback.record_feedback(reporter=reporter, kind="final", channel="phone", text=text, result="reached", by=mara)
    reporter = concern.reporters.first()
    assert (seen_by(reporter).is_answered, seen_by(reporter).answer) == (True, None)
    assert "weil Namen darin vorkommen" in page(reporter)
    closing.close(concern=concern, by=mara, **loop.ANSWER)
    assert seen_by(reporter).answer.text == loop.ANSWER["answer_text"]


def test_a_sentence_that_begins_with_a_greeting_is_no_greeting(mara, stadtbetrieb):
    """Without its first line the rest would stand there as if it were the answer."""
    concern = loop.log(mara)
    loop.reply(loop.forward(concern, stadtbetrieb, by=mara)[0])
    reporter = concern.reporters.get()
    text = "Guten Tag Frau Zorn, der Müll ist weg.\n\nHaben Sie Fragen? Dann melden Sie sich."
    feedback.record_feedback(reporter=reporter, kind="final", channel="phone", text=text, result="reached", by=mara)
    assert seen_by(reporter).answer is None
    closing.close(concern=concern, by=mara, **loop.ANSWER)
    assert seen_by(reporter).answer.text == loop.ANSWER["answer_text"]


def test_a_title_with_somebodys_name_gives_way_to_the_topic(mara):
    topic = make.topic(name="Lärm")
    concern = loop.log(mara, title="Streit mit Familie Zorn im Haus", topic=topic)
    reporter = concern.reporters.get()
    assert (seen_by(reporter).title, seen_by(reporter).topic) == ("", "Lärm")
    html = page(reporter)
    assert "Zorn" not in html
    assert '<dd lang="de" dir="ltr">Lärm</dd>' in html


def test_the_name_of_a_group_hides_no_answer(mara, stadtbetrieb):
    group = loop.intake.ReporterData(kind="group", name="Initiative Spielplatz", consent_store=True, channel="email")
    concern = loop.answered(mara, stadtbetrieb, reporters=[group])
    text = "Der Spielplatz bekommt neuen Sand."
    feedback.record_feedback(
        reporter=concern.reporters.get(), kind="final", channel="phone", text=text, result="reached", by=mara
    )
    assert seen_by(concern.reporters.get()).answer.text == text


def test_interim_words_until_the_answer_is_there(mara, stadtbetrieb):
    concern = loop.log(mara)
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    department.give_interim_notice(
        routing=routing, text="Interne Zwischenworte", new_due_on=make.today() + timedelta(days=40), by=None
    )
    reporter = concern.reporters.get()
    assert seen_by(reporter).interim == []
    assert "Interne Zwischenworte" not in page(reporter)
    feedback.record_feedback(
        reporter=reporter, kind="interim", channel="phone", text="Es dauert noch.", result="reached", by=mara
    )
    assert [words.text for words in seen_by(reporter).interim] == ["Es dauert noch."]
    loop.reply(routing)
    loop.tell(reporter, by=mara)
    assert (seen_by(reporter).interim, seen_by(reporter).answer.text) == ([], "Erledigt.")


def test_a_message_that_did_not_arrive_is_not_shown(mara, stadtbetrieb):
    reporter = loop.answered(mara, stadtbetrieb).reporters.get()
    loop.tell(reporter, by=mara, result="not_reached")
    assert (seen_by(reporter).is_answered, seen_by(reporter).answer) == (False, None)


def test_anonymous_people_read_the_answer_when_all_is_closed(mara, stadtbetrieb):
    nobody = loop.intake.ReporterData(kind="anonymous", channel="notice")
    concern = loop.answered(mara, stadtbetrieb, reporters=[nobody])
    reporter = concern.reporters.get()
    feedback.waive(reporter=reporter, reason="anonymous", note="Kein Weg.", by=mara)
    assert (seen_by(reporter).is_answered, seen_by(reporter).asked) == (False, None)
    assert seen_by(reporter).stations[3].text == "Die Antwort kommt auf diese Seite"
    closing.close(concern=concern, by=mara, **loop.ANSWER)
    seen = seen_by(reporter)
    assert (seen.answer.text, seen.stations[3].text) == ("Der Müll ist abgeholt.", "Die Antwort steht auf dieser Seite")
    assert seen.asked == loop.fresh(concern).feedback_due_at


def test_bundled_people_see_their_own_number_and_the_leads_answer(mara, stadtbetrieb):
    lead, other = loop.log(mara, title="Führendes Anliegen"), loop.log(mara, title="Eigenes Anliegen")
    bundling.bundle(concern=other, lead=lead, by=mara)
    loop.forward(lead, stadtbetrieb, by=mara)
    reporter = other.reporters.get()
    seen = seen_by(reporter)
    assert (seen.number, seen.title, seen.turn.names) == (other.number, "Eigenes Anliegen", ("Aachener Stadtbetrieb",))
    assert [secret for secret in (lead.number, "Führendes Anliegen") if secret in page(reporter)] == []


def test_a_sensitive_concern_says_only_that_somebody_cares(mara, stadtbetrieb):
    concern = loop.closed(mara, stadtbetrieb, title="Streit mit dem Nachbarn")
    reporter = concern.reporters.get()
    code = status_codes.show(reporter=reporter)
    Concern.objects.filter(pk=concern.pk).update(is_sensitive=True)
    client = Client()
    client.post(FORM, {"code": code})
    shown = client.get(PAGE).content.decode()
    assert "Zu Ihrem Schutz steht hier nicht mehr." in shown
    hidden = ("Streit", concern.topic.name, "Stadtbetrieb", "abgeholt", "Erledigt", "geholfen", "Antwort")
    assert [secret for secret in hidden if secret in shown] == []


def test_nothing_of_the_team_of_departments_or_of_other_people_leaks(mara, enno, stadtbetrieb, umwelt):
    me = {"name": "Ich Selbst", "phone": "0241 111111"}
    others = [{field: SECRETS[field] for field in ("name", "phone", "email", "address")}]
    concern = make.concern(
        district=mara.memberships.get().district, owner=mara, reporters=[me, *others], text=SECRETS["own_text"],
        place="Hinter Haus 7",
    )  # fmt: skip
    ConcernNote.objects.create(concern=concern, text=SECRETS["note"], by=mara)
    lead, second = loop.forward(concern, stadtbetrieb, umwelt, by=mara)
    forwarding.remark(routing=second, text=SECRETS["other_message"], by=mara)
    department.ask(routing=lead, text=SECRETS["other_text"], by=enno)
    reporter = concern.reporters.get(name="Ich Selbst")
    secrets = [*SECRETS.values(), "Ich Selbst", "0241 111111", "Mara", "Lindt", "Enno", "Kraus", "Interner Hinweis",
               "Bitte abholen", "E 18", "FB 36", concern.topic.parent.name]  # fmt: skip

    def look() -> None:
        for language in LANGUAGES:
            shown = page(reporter, language)
            assert [secret for secret in secrets if secret in shown] == []
            assert leaked(shown) == []

    look()
    for routing in (lead, second):
        loop.reply(loop.fresh(routing), by=enno, text=SECRETS["answer"], remark="Interner Hinweis")
    look()
    for one in concern.reporters.all():
        loop.tell(one, by=mara)
    look()
    closing.close(concern=concern, by=mara, **loop.ANSWER)
    look()


# --- Languages --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_speaks_the_language(language, mara, stadtbetrieb):
    reporter = loop.closed(mara, stadtbetrieb).reporters.get()
    way = "rtl" if language == "ar" else "ltr"
    client = opened(reporter)
    pages = [client.get(url, {"sprache": language}).content.decode() for url in (FORM, PAGE)]
    german = ("Anliegen", "Antwort", "Quittung", "geholfen", "erledigt", "Fragen?", "Gemeldet")
    for shown in pages:
        assert f'<html lang="{language}" dir="{way}">' in shown
        assert shown.count('aria-current="true"') == 1
        assert f'href="?sprache={language}" lang="{language}" dir="{way}"' in shown
        if language != "de":
            mine = re.sub(r'<(\w+)[^>]*lang="de"[^>]*>.*?</\1>', "", shown, flags=re.DOTALL)
            assert [word for word in german if word in mine] == []
    own = [f'action="{url}?sprache={language}"' in pages[1] for url in (SAY, LEAVE)]
    assert own == [True, True]


def test_dates_are_written_as_readers_write_them(mara, stadtbetrieb):
    promised = {"outcome": "planned", "promised_on": PROMISED, "answer_text": "Im Frühjahr."}
    client = opened(loop.closed(mara, stadtbetrieb, outcome=promised).reporters.get())
    days = {code: client.get(PAGE, {"sprache": code}).context["seen"].promised_on for code in LANGUAGES}
    assert days == {
        "de": "3. Mai 2031", "en": "3 May 2031", "tr": "3 Mayıs 2031", "ar": "3 مايو، 2031", "uk": "3 травня 2031 р.",
        "ru": "3 мая 2031 г.", "fr": "3 mai 2031",
    }  # fmt: skip


def test_the_plural_is_right_in_every_language(mara, stadtbetrieb):
    concern = loop.log(mara)
    routing = loop.forward(concern, stadtbetrieb, by=mara)[0]
    reporter = Reporter.objects.select_related("concern").get(concern=concern)

    def last_words(language: str, days: int) -> str:
        with translation.override(language):
            until = standing_of(reporter, today=routing.due_on - timedelta(days=days)).turn.until
        return until.rstrip(".").split(str(days))[-1].strip() if language != "ar" else until.rstrip(".").split(". ")[-1]

    assert [last_words("de", days) for days in (1, 2)] == ["Tag", "Tage"]
    assert [last_words("ru", days) for days in (1, 2, 5, 21)] == ["день", "дня", "дней", "день"]
    assert [last_words("uk", days) for days in (1, 3, 11, 22)] == ["день", "дні", "днів", "дні"]
    assert [last_words("ar", days) for days in (1, 2, 5, 11)] == [
        "تبقّى يوم واحد", "تبقّى يومان", "تبقّت 5 أيام", "تبقّى 11 يومًا",
    ]  # fmt: skip
    assert [last_words("fr", days) for days in (1, 2)] == ["jour", "jours"]


def test_the_reporters_language_comes_before_the_browsers_and_the_choice_before_both(mara):
    person = loop.intake.ReporterData(name="Amal", language="ar", channel="phone", phone="0241 1", consent_store=True)
    reporter = loop.log(mara, reporters=[person]).reporters.get()

    def language_of(response) -> str:
        return re.search(r'<html lang="(\w+)"', response.content.decode())[1]

    client = opened(reporter, **{"Accept-Language": "fr-CH, tr;q=0.8"})
    assert language_of(client.get(FORM)) == "fr"
    assert language_of(client.get(PAGE)) == "ar"
    assert language_of(client.get(PAGE, {"sprache": "uk"})) == "uk"
    assert language_of(client.get(PAGE, {"sprache": "xx"})) == "ar"
    unasked = loop.log(mara).reporters.get()
    for asked, given in (("ar-SY, de;q=0.5", "ar"), ("de-DE, en", "de"), ("es", "de")):
        client = opened(unasked, **{"Accept-Language": asked})
        assert [language_of(client.get(url)) for url in (FORM, PAGE)] == [given, given]
    for asked, given in (("", "de"), ("es, pl", "de"), ("es, RU;q=0.3", "ru"), ("de;q=0.1, en", "en"), (";;,=", "de")):
        assert language_of(Client(headers={"Accept-Language": asked}).get(FORM)) == given


def test_a_chosen_language_goes_along(mara):
    code = status_codes.show(reporter=loop.log(mara).reporters.get())
    response = Client().post(f"{FORM}?sprache=tr", {"code": code})
    assert response.headers["Location"] == f"{PAGE}?sprache=tr"
    assert Client().get(f"{PAGE}?sprache=tr").headers["Location"] == f"{FORM}?sprache=tr"


@pytest.mark.parametrize(
    ("text", "noted", "written_in"),
    [
        ("تم إصلاح المصباح.", "ar", "ar"), ("Die Lampe ist repariert.", "ar", "de"), ("Лампу починили.", "ru", "ru"),
        ("Lamba onarıldı.", "tr", "tr"), ("Die Lampe ist repariert und wir danken.", "tr", "de"), ("Done.", "en", "en"),
        ("La lampe est réparée.", "fr", "fr"), ("Wat?", "other", "other"), ("Erledigt.", "de", "de"),
    ],
)  # fmt: skip
def test_the_language_of_an_answer_is_the_one_it_is_written_in(text, noted, written_in):
    assert resident.language_of(text, noted) == written_in


def test_an_answer_keeps_its_own_language_and_direction(mara, stadtbetrieb):
    person = loop.intake.ReporterData(name="Amal", language="ar", channel="phone", phone="0241 1", consent_store=True)
    reporter = loop.answered(mara, stadtbetrieb, reporters=[person]).reporters.get()
    text = "تم إصلاح المصباح."
    feedback.record_feedback(
        reporter=reporter, kind="final", channel="phone", text=text, result="reached", language="ar", by=mara
    )
    assert f'<div class="text quote" lang="ar" dir="rtl">{text}</div>' in page(reporter, "de")


def test_a_letter_in_two_languages_is_shown_in_both(mara, stadtbetrieb):
    person = loop.intake.ReporterData(
        name="Amal", language="ar", channel="letter", address="Weg 1\n52062 Aachen", consent_store=True
    )
    reporter = loop.answered(mara, stadtbetrieb, reporters=[person]).reporters.get()
    draft = letters.Draft(reporter=reporter, text="Guten Tag Amal,\n\nes ist gemacht.", second_text="تم الأمر.")
    batch = letters.make_batch(drafts=[draft], by=mara)
    letters.note_print(batch=batch, version=batch.version, by=mara)
    letters.mark_sent(batch=batch, letters=batch.letters.all(), version=batch.version, by=mara)
    assert Letter.objects.get().state == "sent"
    answer = seen_by(reporter).answer
    assert (answer.text, answer.language, answer.second_text, answer.second_language) == (
        "es ist gemacht.", "de", "تم الأمر.", "ar",
    )  # fmt: skip
    shown = page(reporter, "ar")
    assert '<div class="text quote" lang="de" dir="ltr">es ist gemacht.</div>' in shown
    assert '<div class="text quote" lang="ar" dir="rtl">تم الأمر.</div>' in shown


# --- Has it helped? ---------------------------------------------------------------------------------------------------


@pytest.fixture
def told(mara, stadtbetrieb):
    """Somebody whose concern went all the way."""
    return loop.closed(mara, stadtbetrieb).reporters.get()


def test_nobody_is_asked_before_the_answer(mara, stadtbetrieb):
    reporter = loop.answered(mara, stadtbetrieb).reporters.get()
    client = opened(reporter)
    assert "Hat Ihnen das geholfen?" not in client.get(PAGE).content.decode()
    response = judge(client, reporter, "ja")
    assert (response.status_code, response.context["conflict"]) == (409, "OtherAnswer")
    assert Voice.objects.count() == 0


def test_yes_with_one_click_is_the_reaction_to_the_feedback(told):
    client = opened(told)
    response = judge(client, told, "ja")
    assert (response.status_code, response.headers["Location"]) == (303, f"{PAGE}#stimme")
    voice = Voice.objects.get()
    assert (voice.helped, voice.comment, voice.due_on, voice.feedback) == (True, "", None, told.feedbacks.get())
    assert told.feedbacks.get().reaction == Feedback.Reaction.SATISFIED
    assert "Danke! Sie haben gesagt: Ja, das hat geholfen." in client.get(PAGE).content.decode()


def test_no_with_a_comment_comes_back_with_a_date(told):
    client = opened(told)
    judge(client, told, "nein", comment="Nach zwei\r\nWochen\x00 lag\u202e wieder <b>alles</b> da. ")
    voice = Voice.objects.get()
    assert (voice.helped, voice.comment) == (False, "Nach zwei\nWochen lag wieder <b>alles</b> da.")
    assert voice.due_on == add_workdays(make.today(), 5)
    assert told.feedbacks.get().reaction == Feedback.Reaction.UNSATISFIED
    assert escape(voice.comment) in client.get(PAGE).content.decode()
    event = ConcernEvent.objects.get(kind="voice")
    assert (event.by, event.reporter, event.new, event.data) == (None, told, "not_helped", {})


def test_a_no_needs_no_comment(told):
    judge(opened(told), told)
    assert (Voice.objects.get().helped, Voice.objects.get().comment) == (False, "")


def test_a_comment_has_an_end_and_nothing_typed_is_lost(told):
    client, text = opened(told), "ä" * (COMMENT_LIMIT + 1)
    response = judge(client, told, "nein", comment=text)
    assert response.status_code == 422
    assert "Es passen höchstens 1000 Zeichen hinein." in response.content.decode()
    assert text in response.content.decode()
    assert Voice.objects.count() == 0
    assert judge(client, told, "nein", comment=text[1:]).status_code == 303


@pytest.mark.parametrize(
    "data", [{"helped": ""}, {"helped": "vielleicht"}, {"answer": ""}, {"answer": "gestern"}, {"answer": "' OR 1=1"}]
)
def test_made_up_answers_change_nothing(told, data):
    response = judge(opened(told), told, **{"helped": "ja", **data})
    assert (response.status_code, Voice.objects.count()) == (422, 0)


def test_people_may_change_their_mind_until_the_team_has_acted(told, mara):
    client = opened(told)
    for helped, comment in (("nein", "Erst so."), ("nein", "Dann so."), ("ja", "x"), ("nein", "Doch nicht.")):
        assert judge(client, told, helped, comment=comment).status_code == 303
    voice = Voice.objects.get()
    assert (voice.helped, voice.comment) == (False, "Doch nicht.")
    voices.settle(voice=voice, by=mara)
    response = judge(client, told, "ja", comment="")
    assert (response.status_code, response.context["conflict"]) == (409, "AlreadySettled")
    assert "hat sich schon darum gekümmert" in response.content.decode()
    assert (loop.fresh(voice).comment, told.feedbacks.get().reaction) == ("Doch nicht.", "unsatisfied")
    assert "gelesen und sich darum gekümmert" in client.get(PAGE).content.decode()


def test_the_same_answer_twice_is_one(told):
    client = opened(told)
    for _ in range(2):
        assert judge(client, told, "ja").status_code == 303
    assert (Voice.objects.count(), ConcernEvent.objects.filter(kind="voice").count()) == (1, 1)


def test_nobody_fills_the_history_by_changing_their_mind_without_end(told):
    client = opened(told)
    answers = [judge(client, told, helped, comment="Noch da").status_code for helped in ("ja", "nein") * 7]
    assert answers == [303] * CHANGES_AN_HOUR + [429] * 2
    assert ConcernEvent.objects.filter(kind="voice").count() == CHANGES_AN_HOUR
    html = judge(client, told, "nein", comment="Was ich noch sagen wollte").content.decode()
    assert "Bitte warten Sie ein wenig." in html
    assert "Was ich noch sagen wollte</textarea>" in html


def test_an_old_page_cannot_judge_a_new_answer(told, mara):
    client, old = opened(told), resident.answer_of(loop.fresh(told.concern)).isoformat()
    closing.reopen(concern=told.concern, reason="new_report", by=mara)
    response = client.post(SAY, {"answer": old, "helped": "nein", "comment": "Noch da."})
    assert (response.status_code, Voice.objects.count()) == (409, 0)
    assert "Noch da." in response.content.decode()
    assert "Wir haben Ihr Anliegen noch einmal aufgenommen." in response.content.decode()
    triage.record_answer(concern=told.concern, by=mara, outcome="informed", answer_text="Neu.")
    loop.tell(loop.fresh(told), by=mara)
    assert client.post(SAY, {"answer": old, "helped": "nein"}).status_code == 409
    assert judge(client, told, "ja").status_code == 303
    assert Voice.objects.get().feedback == told.feedbacks.last()


def test_a_second_tab_with_somebody_elses_code_judges_nothing_by_mistake(told, mara, stadtbetrieb):
    client, first = opened(told), resident.answer_of(loop.fresh(told.concern)).isoformat()
    other = loop.closed(mara, stadtbetrieb).reporters.get()
    client.post(FORM, {"code": status_codes.show(reporter=other)})
    assert client.post(SAY, {"answer": first, "helped": "ja"}).status_code == 409
    assert Voice.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once():
    district = make.district()
    manager = make.user(role="manager", district=district)
    told = loop.closed(manager, make.department()).reporters.get()
    clients, start = [opened(told) for _ in range(4)], Barrier(4)
    answer = resident.answer_of(loop.fresh(told.concern)).isoformat()

    def click(number: int) -> int:
        start.wait()
        try:
            return clients[number].post(SAY, {"answer": answer, "helped": "nein", "comment": "Noch da."}).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(click, range(4))) == [303] * 4
    assert (Voice.objects.count(), ConcernEvent.objects.filter(kind="voice").count()) == (1, 1)


# --- Size -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["de", "ar", "ru"])
def test_a_page_with_all_that_it_loads_is_small(language, told):
    make.office(name="Stadtteilbüro Nord", hours_note="Mo 10–12 Uhr")
    client = opened(told)
    loaded = sum(Path(finders.find(name)).stat().st_size for name in ("css/resident.css", "img/icon.svg"))
    for url in (FORM, PAGE):
        content = client.get(url, {"sprache": language}).content
        linked = re.findall(rb'(?:href|src)="([^"]+\.(?:css|svg|js|woff2|png))', content)
        static = django_settings.STATIC_URL.encode()
        assert sorted(linked) == [static + b"css/resident.css", static + b"img/icon.svg"]
        assert b"<script" not in content
        assert b"style=" not in content
        assert len(content) + loaded < 30_000


def test_the_page_asks_the_database_a_fixed_number_of_questions(told, mara, django_assert_max_num_queries):
    client = opened(told)
    client.get(PAGE)
    with django_assert_max_num_queries(14):
        client.get(PAGE)
