"""Scenarios 12 and 13 in a real browser, each person in a session of their own: from the draft to the settlement."""

from datetime import date
from decimal import Decimal

import pytest
from django.urls import reverse
from playwright.sync_api import Locator, Page, expect

from districts.roles import Role
from projects.actions import applications
from projects.models import FundApplication
from tests import make, make_bodies, make_funds
from tests.browser.conftest import follow
from tests.pdf import text as pdf_text

pytestmark = pytest.mark.django_db(transaction=True)
REASON = "Ein sehr ähnliches Fest gibt es im Quartier schon."


@pytest.fixture
def fund(ost, silke):
    body = make_bodies.body(name="Stadtteilkonferenz Ost", districts=[ost], quorum=50)
    rules = {"confirm": True, "max_amount": 1000}
    return make_funds.fund(
        districts=[ost], by=silke, body=body, name="Stadtteilfonds Ost", rules=rules, remedy="Klage binnen Monatsfrist."
    )


@pytest.fixture
def writer(ost, fund):
    """A member of the body who writes its minutes."""
    person = make.user(role=Role.ASSISTANT, district=ost, name="Selin Protokoll")
    make_bodies.member(body=fund.body, user=person)
    return person


def main(page: Page):
    return page.get_by_role("main")


def fill_in(page: Page, *, cost, requested, own) -> None:
    page.get_by_label("Wofür").first.fill("Bühne und Material")
    page.get_by_label("Betrag (€)", exact=True).first.fill(cost)
    page.get_by_label("Beantragter Betrag").fill(requested)
    page.get_by_label("Eigenanteil in Geld").fill(own)
    page.get_by_label("Eigenanteil in Geld").press("Tab")


def check(page: Page, overall: str, reason: str = "") -> None:
    """Go through the checklist without objections."""
    for label, answer in (("Aufgabe der Stadt", "nein"), ("Nutzen für alle", "ja"), ("Beteiligung", "2")):
        page.get_by_role("group", name=label).get_by_label(answer, exact=True).check()
    page.get_by_label(overall, exact=True).check()
    page.get_by_label("Begründung, Auflagen oder was noch fehlt").fill(reason)
    page.get_by_role("button", name="Prüfung speichern").click()


def vote(page: Page, title: str, result: str, *, yes: int, no: int, reason: str = "", biased: str = "") -> None:
    follow(page.get_by_role("link").filter(has_text=f"Abstimmung festhalten: {title}"))
    if biased:  # known from the application, and ticked already
        expect(page.get_by_label(biased)).to_be_checked()
    page.get_by_label(result, exact=True).check()
    for label, votes in (("Ja", yes), ("Nein", no), ("Enthaltung", 0)):
        page.get_by_label(label, exact=True).fill(str(votes))
    page.get_by_label("Begründung").fill(reason)
    follow(page.get_by_role("button", name="Festhalten"))


def test_scenario_12(visit, asli, mara, silke, fund, writer):
    kita = make.actor(name="Kita Sonnenwinkel", districts=list(fund.districts.all()), is_public=True)
    biased = make_bodies.member(body=fund.body, actor=kita)
    others = [make_bodies.member(body=fund.body, name=name) for name in ("Ute Fink", "Rolf Berg")]
    field = make.action_field(name="Nachbarschaft")
    other = make_funds.checked(
        fund=fund, by=asli, checker=mara, title="Lesenacht", applicant=make.actor(name="Leseladen", is_public=True)
    )
    session = make_bodies.session(body=fund.body, on=make.today())

    # The assistant enters a draft: too much money, and too little of their own.
    drafting = visit(asli, reverse("projects:application_new", args=[fund.pk]))
    drafting.get_by_label("Einrichtung", exact=True).fill("Kita Sonnenwinkel")
    drafting.get_by_label("Titel des Projekts").fill("Nachbarschaftsfest")
    drafting.get_by_label("Was ist geplant?").fill("Ein Fest auf dem Platz.")
    drafting.get_by_label("Was hat das Quartier davon?").fill("Man lernt sich kennen.")
    drafting.get_by_label("Quartier", exact=True).select_option(label="Aachen-Ost")
    drafting.get_by_label("Handlungsfeld").select_option(str(field.pk))
    drafting.get_by_label("Beginn").fill(f"{make_funds.BEGINS:%Y-%m-%d}")
    drafting.get_by_label("Ende", exact=True).fill(f"{make_funds.ENDS:%Y-%m-%d}")
    fill_in(drafting, cost="1500", requested="1480", own="20")
    totals = drafting.locator("#totals")
    expect(totals).to_contain_text("Beantragt sind 1.480,00 €, möglich sind höchstens 1.000,00 € je Projekt.")
    expect(totals).to_contain_text("20,00 € = 1,3 % der Kosten von 1.500,00 €; nötig sind 10 %.")
    follow(drafting.get_by_role("button", name="Speichern", exact=True).last)
    found = FundApplication.objects.get(title="Nachbarschaftsfest")

    # The manager cannot let it pass and sends it back.
    keeping = visit(mara, found.get_absolute_url())
    follow(keeping.get_by_role("link", name="Einreichen"))
    follow(keeping.get_by_role("button", name="Einreichen"))
    follow(keeping.get_by_role("button", name="Prüfung beginnen"))
    check(keeping, "förderfähig mit Auflagen", "Weniger.")
    expect(main(keeping)).to_contain_text("So ist der Antrag nicht förderfähig")
    check(keeping, "nachzubessern", "Höchstens 1.000 €, und der Eigenanteil steigt auf 10 %.")
    expect(main(keeping)).to_contain_text("Der Eigenanteil", ignore_case=True)
    expect(keeping.locator(".q-main, main").get_by_text("nachzubessern").first).to_be_visible()

    # The assistant puts it right, the manager finds nothing against it.
    drafting.goto(found.get_absolute_url())
    expect(main(drafting)).to_contain_text("Höchstens 1.000 €")
    follow(drafting.get_by_role("link", name="Bearbeiten"))
    fill_in(drafting, cost="500", requested="450", own="50")
    expect(totals).to_contain_text("50,00 € = 10 %")
    follow(drafting.get_by_role("button", name="Speichern", exact=True).last)
    keeping.goto(found.get_absolute_url())
    follow(keeping.get_by_role("link", name="Einreichen"))
    follow(keeping.get_by_role("button", name="Einreichen"))
    follow(keeping.get_by_role("button", name="Prüfung beginnen"))
    check(keeping, "förderfähig")
    expect(main(keeping)).to_contain_text("als Nächstes: Stadtteilkonferenz Ost")

    # Both applications come onto the agenda; a member of the body takes the minutes.
    keeping.goto(session.get_absolute_url())
    follow(keeping.get_by_role("button", name="Alle übernehmen"))
    writing = visit(writer, session.get_absolute_url())
    follow(writing.get_by_role("button", name="Sitzung beginnen"))
    follow(writing.get_by_role("link", name="Anwesenheit festhalten"))
    for one in (biased, *others, fund.body.members.get(user=writer)):
        writing.get_by_role("group", name=one.label).get_by_label("anwesend", exact=True).check()
    follow(writing.get_by_role("button", name="Speichern"))
    vote(writing, "Nachbarschaftsfest", "abgelehnt", yes=1, no=2, reason=REASON, biased="Kita Sonnenwinkel")
    expect(main(writing)).to_contain_text("Befangen und ohne Stimme: Kita Sonnenwinkel")
    vote(writing, "Lesenacht", "bewilligt", yes=3, no=1)
    follow(writing.get_by_role("link", name="Protokoll schreiben"))
    for one in writing.get_by_label("Protokoll", exact=True).all():
        one.fill("Besprochen.")
    follow(writing.get_by_role("button", name="Protokoll speichern"))

    # Approved minutes decide. The refusal is told with its reason, and no money has moved.
    keeping.goto(reverse("projects:minutes_approve", args=[session.pk]))
    follow(keeping.get_by_role("button", name="Genehmigen"))
    found.refresh_from_db()
    assert (found.status, make_funds.money(fund).balance, found.entries.count()) == ("refused", 550, 0)
    letter = keeping.request.get(reverse("reports:fund_notice", args=[found.pk]))
    words = " ".join(pdf_text(letter.body()).split())
    for said in (REASON, "Stadtteilkonferenz Ost", "Quartiersmanagement", "Sind Sie nicht einverstanden?"):
        assert said in words
    assert "Rechtsbehelf" not in words  # the body has decided, not the city
    tell(keeping, found)
    expect(main(keeping)).to_contain_text("abgelehnt und mitgeteilt")

    # The other one goes to the Sozialplanung, whose tile leads to exactly it.
    planning = visit(silke, reverse("concerns:coordination"))
    follow(planning.get_by_role("link", name="Fondsanträge: zweite Prüfung"))
    expect(planning.locator("tbody tr")).to_have_count(1)
    follow(planning.get_by_role("link", name=other.number))
    follow(planning.get_by_role("link", name="Zweite Prüfung"))
    planning.get_by_label("bewilligen", exact=True).check()
    follow(planning.get_by_role("button", name="Entscheiden"))
    expect(main(planning)).to_contain_text("Bescheid noch nicht zugestellt")
    letter = planning.request.get(reverse("reports:fund_notice", args=[other.pk]))
    words = " ".join(pdf_text(letter.body()).split())
    for said in (f"{silke.name} Sozialplanung", "450,00 €", "Klage binnen Monatsfrist."):
        assert said in words

    # Told, paid (once wrongly), proved, given back, settled.
    tell(keeping, other)
    pay(keeping, "45")
    follow(keeping.get_by_role("link").filter(has_text="Stornieren: ausgezahlt, 45,00 €"))
    keeping.get_by_label("Grund").fill("Komma vergessen")
    follow(keeping.get_by_role("button", name="Stornieren"))
    expect(main(keeping)).to_contain_text("Komma vergessen")
    pay(keeping, "450")
    follow(keeping.get_by_role("link", name="Nachweis prüfen"))
    keeping.get_by_label("Summe der Belege").fill("480")
    keeping.get_by_label("Kurzer Bericht").fill("Viele Kinder waren da.")
    follow(keeping.get_by_role("button", name="Speichern"))
    expect(main(keeping)).to_contain_text("davon offen 20,00 €")
    follow(keeping.get_by_role("link", name="Rückzahlung eintragen"))
    follow(keeping.get_by_role("button", name="Speichern"))
    expect(main(keeping)).to_contain_text("Alles erledigt: abgerechnet.")
    year = make_funds.money(fund)
    assert (year.paid, year.returned, year.granted, year.balance) == (450, 20, 0, 570)

    # Everybody can read it.
    public = visit(None, reverse("projects:fund_public", args=[fund.pk]))
    row = public.get_by_role("row", name="Lesenacht")
    expect(row).to_contain_text("Leseladen")
    expect(row).to_contain_text("450,00 €")
    expect(main(public)).to_contain_text("Ein Antrag wurde abgelehnt.")
    expect(main(public)).not_to_contain_text("Nachbarschaftsfest")


def tell(page: Page, found: FundApplication) -> None:
    page.goto(found.get_absolute_url())
    follow(page.get_by_role("link", name="Bescheid zugestellt …"))
    page.get_by_label("mit der Post").check()
    follow(page.get_by_role("button", name="Speichern"))


def pay(page: Page, amount: str) -> None:
    follow(page.get_by_role("link", name="Auszahlung eintragen"))
    page.get_by_label("Betrag (€)").fill(amount)
    follow(page.get_by_role("button", name="Speichern"))


def test_scenario_13(visit, asli, mara, silke, ost, fund):
    """The same application to two funds: one takes it, the other does not, side by side."""
    rules = {"max_amount": 10_000, "own_share": 20, "volunteer_rate": 0, "residents": "no"}
    large = make_funds.fund(districts=[ost], by=silke, budget=5000, name="Verfügungsfonds Ost", rules=rules)
    asked = {"applicant_kind": "residents", "group_name": "Nachbarschaft Elsassplatz", "title": "Hofbeete"}
    asked |= {"own_money": Decimal(0), "volunteer_hours": Decimal(10), "requested": Decimal(500)}
    partner = make.actor(name="Kita Sonnenwinkel", is_public=True)
    pages = {}
    for one in (fund, large):
        found = make_funds.application(fund=one, by=asli, partner=partner, **asked)
        applications.submit(application=found, received_on=make.today(), by=asli)
        pages[one] = visit(mara, found.get_absolute_url(), width=640)
        follow(pages[one].get_by_role("button", name="Prüfung beginnen"))
    small, big = (pages[one].locator(".f-results") for one in (fund, large))
    # an hour of volunteers counts 10 € here and nothing there; residents may ask here with a partner, there not at all
    expect(small).to_contain_text("100,00 € = 16,6 % der Kosten von 600,00 € (davon 100,00 € für Ehrenamt)")
    expect(big).to_contain_text("0,00 € = 0 % der Kosten von 500,00 € (Ehrenamt zählt nicht); nötig sind 20 %.")
    expect(small.get_by_text("nicht erfüllt")).to_have_count(0)
    expect(big.get_by_text("nicht erfüllt")).to_have_count(2)
    for one, answer in ((fund, "als Nächstes: Stadtteilkonferenz Ost"), (large, "So ist der Antrag nicht förderfähig")):
        check(pages[one], "förderfähig")
        expect(main(pages[one])).to_contain_text(answer)


def reach(target: Locator) -> None:
    """Go to something with the tab key alone."""
    for _ in range(160):
        if target.evaluate("element => element === document.activeElement"):
            return
        target.page.keyboard.press("Tab")
    raise AssertionError(f"The tab key does not reach {target}")


def write(target: Locator, words: str) -> None:
    reach(target)
    target.page.keyboard.press("Control+A")
    target.page.keyboard.type(words)


def write_day(target: Locator, day: date) -> None:
    """Type a day in the order of the browser's own language, whatever that is."""
    for order in ("%d%m%Y", "%m%d%Y"):
        reach(target)
        target.page.keyboard.type(day.strftime(order))
        if target.input_value() == day.isoformat():
            return
        while target.evaluate("element => element === document.activeElement"):
            target.page.keyboard.press("Shift+Tab")
    raise AssertionError(target.input_value())


def choose(group: Locator, label: str) -> None:
    """Take one of several with the arrow keys, as they stand."""
    reach(group.get_by_role("radio").first)
    group.page.keyboard.press("Space")
    for _ in range(6):
        if group.get_by_label(label, exact=True).is_checked():
            return
        group.page.keyboard.press("ArrowDown")
    raise AssertionError(label)


def press(target: Locator) -> None:
    reach(target)
    with target.page.expect_navigation():
        target.page.keyboard.press("Enter")


def test_from_the_new_application_to_the_decision_by_keyboard_alone(visit, asli, mara, fund, writer):
    make.actor(name="Kita Sonnenwinkel", districts=list(fund.districts.all()))
    make.action_field(name="Nachbarschaft")
    session = make_bodies.session(body=fund.body, on=make.today())

    page = visit(asli, fund.get_absolute_url())
    press(page.get_by_role("link", name="Neuer Antrag"))
    write(page.get_by_label("Einrichtung", exact=True), "Kita Sonnenwinkel")
    write(page.get_by_label("Titel des Projekts"), "Lesenacht")
    write(page.get_by_label("Was ist geplant?"), "Wir lesen vor.")
    write(page.get_by_label("Was hat das Quartier davon?"), "Man lernt sich kennen.")
    for label, option in (("Quartier", "Aachen-Ost"), ("Handlungsfeld", "Nachbarschaft")):
        reach(page.get_by_label(label, exact=True))
        page.keyboard.type(option)
    for label, day in (("Beginn", make_funds.BEGINS), ("Ende", make_funds.ENDS)):
        write_day(page.get_by_label(label, exact=True), day)
    write(page.get_by_label("Wofür").first, "Bücher")
    write(page.get_by_label("Betrag (€)", exact=True).first, "500")
    write(page.get_by_label("Eigenanteil in Geld"), "50")
    write(page.get_by_label("Beantragter Betrag"), "450")
    press(page.get_by_role("button", name="Speichern", exact=True).last)
    found = FundApplication.objects.get()
    assert (found.district.name, found.action_field.name) == ("Aachen-Ost", "Nachbarschaft")
    assert (found.starts_on, found.ends_on, found.requested) == (make_funds.BEGINS, make_funds.ENDS, 450)

    page = visit(mara, found.get_absolute_url())
    for name in ("Einreichen", "Einreichen", "Prüfung beginnen"):
        press(page.locator(".kern-btn").filter(has_text=name).last)
    for label, answer in (("Aufgabe der Stadt", "nein"), ("Nutzen für alle", "ja"), ("Beteiligung", "2")):
        choose(page.get_by_role("group", name=label), answer)
    choose(page.get_by_role("group", name="Ergebnis"), "förderfähig")
    press(page.get_by_role("button", name="Prüfung speichern"))
    expect(main(page)).to_contain_text("als Nächstes: Stadtteilkonferenz Ost")

    page.goto(session.get_absolute_url())
    press(page.get_by_role("button", name="Alle übernehmen"))
    press(page.get_by_role("button", name="Sitzung beginnen"))
    press(page.get_by_role("link", name="Anwesenheit festhalten"))
    choose(page.get_by_role("group", name=writer.name), "anwesend")
    press(page.get_by_role("button", name="Speichern"))
    press(page.get_by_role("link").filter(has_text="Abstimmung festhalten: Lesenacht"))
    choose(page.get_by_role("group", name="Ergebnis"), "bewilligt")
    for label, votes in (("Ja", "1"), ("Nein", "0"), ("Enthaltung", "0")):
        write(page.get_by_label(label, exact=True), votes)
    press(page.get_by_role("button", name="Festhalten"))
    expect(main(page)).to_contain_text("Bewilligt: 450,00 €; 1 ja, 0 nein, 0 enthalten")
