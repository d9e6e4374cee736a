"""Needs and theme reports with a real browser: from the list of concerns to the department's answer, axe."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

from projects.models import ConcernNews, Need, ThemeReport
from tests import make, make_needs
from tests.browser.conftest import axe, has_sideways_scroll

pytestmark = pytest.mark.django_db(transaction=True)


def url(name, *args):
    return reverse(f"projects:{name}", args=args)


def test_from_the_list_of_concerns_to_the_answer_that_is_owed(visit, mara, enno, ost, stadtbetrieb):
    for n in range(3):
        make.concern(district=ost, owner=mara, title=f"Laterne {n} defekt")
    page = visit(mara, reverse("concerns:list"))
    page.get_by_label("Alle dieser Seite").check()
    page.get_by_role("button", name="Zum Thema …").click()
    page.get_by_role("button", name="Neues Thema eintragen").click()
    page.get_by_label("Titel").fill("Dunkle Wege am Abend")
    page.get_by_label("Problemlage").fill("Wege sind schlecht beleuchtet.")
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", name="Anliegen dahinter: 3")).to_be_visible()
    page.get_by_role("link", name="An die Verwaltung melden").click()
    page.get_by_label("Anlass").fill("Es wird Herbst.")
    page.get_by_label("Worum wir bitten").fill("Bitte prüfen.")
    page.get_by_role("button", name="Entwurf speichern").click()
    page.get_by_role("link", name="Empfänger eintragen").click()
    page.get_by_label("Fachbereich oder externe Stelle").select_option(str(stadtbetrieb.pk))
    page.get_by_role("button", name="Speichern").click()
    page.get_by_role("link", name="Prüfen und senden").click()
    page.get_by_role("button", name="Jetzt senden").click()
    expect(page.locator(".q-chip", has_text="gesendet").first).to_be_visible()

    desk = visit(enno, reverse("concerns:inbox"))
    desk.get_by_role("link", name="Dunkle Wege am Abend").click()
    desk.get_by_label("Nicht entsprochen").check()
    desk.get_by_label("Grund").select_option("funds")
    desk.locator("#reply_text").fill("Dafür reicht das Geld nicht.")
    desk.get_by_role("button", name="Antwort senden").click()
    desk.wait_for_url("**/eingang/themenmeldungen/")
    assert (ThemeReport.objects.get().status, ConcernNews.objects.count(), Need.objects.get().status) == (
        "answered", 3, "reported",
    )  # fmt: skip
    page.goto(reverse("concerns:basket"))
    page.get_by_role("link", name="Neues zu Themen").click()
    expect(page.get_by_text("Dafür reicht das Geld nicht.").first).to_be_visible()


def test_full_pages_have_no_violations_wide_and_on_a_phone(visit, mara, enno, ost, stadtbetrieb):
    long = "Versorgungslückenschließungskonzept für Ein-Personen-Haushalte in der gesamten Siedlung"
    need = make_needs.need(title=long, problem=f"{'Wort ' * 60}{'x' * 90}", districts=[ost], keeper=mara)
    concern = make.concern(district=ost, owner=mara)
    make_needs.link(need, concern, by=mara)
    make_needs.evidence(need=need, by=mara, link="https://example.org/" + "a" * 90)
    late = make_needs.late(make_needs.sent(by=mara, department=stadtbetrieb, needs=[need], district=ost))
    of_manager = [
        f"{url('needs')}?q=xyz", url("needs"), url("need", need.pk), url("need_status", need.pk),
        url("concern_needs", concern.number), late.report.get_absolute_url(), f"{url('theme_reports')}?status=faellig",
    ]  # fmt: skip
    faults = {}
    for person, paths in ((mara, of_manager), (enno, [reverse("concerns:inbox"), late.get_absolute_url()])):
        for width, scheme in ((1280, "light"), (390, "dark")):
            page = visit(person, width=width, color_scheme=scheme, reduced_motion="reduce")
            page.set_viewport_size({"width": width, "height": 6000})
            for path in paths:
                page.goto(path)
                if found := axe(page) + ["scrolls sideways"] * has_sideways_scroll(page):
                    faults[width, path] = found
    assert faults == {}
