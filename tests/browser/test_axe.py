"""Every page of the project, as the people who use it see it: zero axe violations, nothing wider than the window.

The pages come from the table of rights (tests/access.py), so a new page is looked at without a line here. Errors of
scripts and breaches of the Content-Security-Policy fail through the `problems` fixture.
"""

import re
from datetime import timedelta

import pytest
from django.urls import get_resolver, reverse

from concerns.actions import bundling, department, triage
from concerns.models import Concern
from tests import make
from tests.access import ANONYMOUS, PEOPLE, TABLE
from tests.access_world import make_world, url_of
from tests.browser.conftest import axe, has_sideways_scroll, is_too_wide
from tests.concerns import loop

# Addresses that answer 200 with something else than a page; besides those that name a file, like `liste.pdf`.
NO_PAGES = {
    *("projects:pr_image", "concerns:photo", "concerns:held_photo", "healthz", "web:session"),
    *("districts:actor_export", "districts:actor_alike", "districts:actor_options", "districts:offer_export"),
    *("projects:event_photo", "projects:body_alike", "projects:document"),
    *("reports:routing_sheet", "reports:report_file", "reports:indicator_export"),
}
NAMES_A_FILE = re.compile(r"\.(pdf|csv|xlsx|zip|ics)$")
# Who looks at a page that several people may open: the one who works with it most.
ORDER = ["mara", "silke", "enno", "asli", "tara", "rita", ANONYMOUS]
# So high that the bar with the buttons stands at the end of its form and covers nothing.
PHONE = {"width": 390, "height": 6000}
# So few pages a test that all processes have their share.
PORTION = 20
NARROWER = [{"width": 640, "height": 900}, {"width": 980, "height": 900}, {"width": 320, "height": 640}]


def pages_of(person):
    """Names of the pages that this person is the first in ORDER to be allowed on."""
    return [name for name in _pages() if _viewer(TABLE[name]) == person]


def batched(names, size):
    return [names[start : start + size] for start in range(0, len(names), size)]


def _pages():
    routes = dict(_routes(get_resolver()))
    return [
        name
        for name, row in TABLE.items()
        if row.ok == 200 and name not in NO_PAGES and not NAMES_A_FILE.search(routes.get(name, ""))
    ]


def _routes(resolver, space=""):
    """The name of every address with the last part of its route."""
    for one in resolver.url_patterns:
        if hasattr(one, "url_patterns"):
            yield from _routes(one, f"{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}", str(one.pattern)


def _viewer(row):
    if row.anonymous == 200:
        return ANONYMOUS
    return next(person for person in ORDER if row.expected(person) == 200)


@pytest.fixture
def world(request):
    names = (*PEOPLE, "ost", "preuswald", "stadtbetrieb", "umwelt")
    return make_world({name: request.getfixturevalue(name) for name in names})


@pytest.fixture
def faults(visit):
    """`faults(person, paths)`: what is wrong with pages, wide and dark, on a phone, at 400 % zoom; {} when nothing."""

    def look(user, paths, status=200):
        wide = visit(user, color_scheme="dark", reduced_motion="reduce")
        small = visit(user, reduced_motion="reduce")
        return {path: found for path in paths if (found := _faults(wide, small, path, status))}

    return look


def _faults(wide, small, path, status):
    found = []
    small.set_viewport_size(PHONE)
    for name, page in (("wide and dark", wide), ("phone", small)):
        answered = page.goto(path).status
        found += [f"{name}: {line}" for line in axe(page)]
        found += [f"{name}: scrolls sideways"] * has_sideways_scroll(page)
        found += [f"{name}: answers {answered}"] * (answered != status)
    for size in NARROWER:
        small.set_viewport_size(size)
        found += [f"{size['width']} px: scrolls sideways"] * is_too_wide(small)
    return found


def test_every_page_has_somebody_who_looks_at_it():
    looked_at = [name for _, names in portions() for name in names]
    assert sorted(looked_at) == sorted(_pages())


def portions():
    """(person, part of their pages), all pages of everybody."""
    return [(person, part) for person in ORDER for part in batched(pages_of(person), PORTION)]


@pytest.mark.parametrize(
    ("person", "names"), portions(), ids=lambda value: value if isinstance(value, str) else value[0]
)
def test_every_page(faults, request, world, person, names):
    user = None if person == ANONYMOUS else request.getfixturevalue(person)
    assert faults(user, [url_of(name, world) for name in names]) == {}


def test_pages_without_anybody_signed_in_and_pages_that_are_not_there(faults, mara):
    assert faults(None, [reverse("account_login")]) == {}
    assert faults(mara, ["/gibt-es-nicht/"], status=404) == {}


# --- The pages on which people spend their day, full of rows ----------------------------------------------------------


@pytest.fixture
def busy(mara, enno, stadtbetrieb, umwelt, ost):
    """Concerns in every state; `answered` has a thread, photos, a map, notes, a bundle and a mail that came back."""
    topic = make.topic(name="Wilder Müll", keywords="Müll")
    make.rule(topic=topic, department=stadtbetrieb)
    make.text_block(name="Erledigt", purpose="feedback", text="Guten Tag, es ist erledigt.")
    known = {"topic": topic, "district": ost}
    new, parked, own, returned, asked, late = (loop.log(mara, title=f"Müll am Weg {n}", **known) for n in range(6))
    triage.park(concern=parked, until=make.today() + timedelta(days=9), by=mara)
    triage.take_on(concern=own, due_on=None, by=mara)
    department.give_back(
        routing=loop.forward(returned, umwelt, by=mara)[0], reason="Nicht bei uns.", suggestion=stadtbetrieb, by=None
    )
    routing = loop.forward(asked, stadtbetrieb, by=mara)[0]
    department.accept(routing=routing, by=enno)
    department.ask(routing=loop.fresh(routing), text="Welche Hausnummer?", by=enno)
    late_routing = loop.forward(late, stadtbetrieb, umwelt, by=mara)[0]
    type(late_routing).objects.filter(pk=late_routing.pk).update(due_on=make.today() - timedelta(days=4), escalation=2)
    people = [loop.PERSON, loop.ReporterData(kind="anonymous", channel="notice")]
    done = loop.log(mara, title="Müll am Platz", reporters=people, lat=50.77, lon=6.11, urgency="danger", **known)
    bundling.bundle(concern=new, lead=done, by=mara)
    make.photo(concern=done, by=mara)
    triage.add_note(concern=loop.fresh(done), text="Eilt.", by=mara)
    loop.reply(loop.forward(loop.fresh(done), stadtbetrieb, by=mara)[0], result="declined", reason_category="funds")
    loop.tell(loop.fresh(done).reporters.first(), by=mara, result="not_reached")
    promised = loop.closed(
        mara,
        stadtbetrieb,
        outcome={"outcome": "planned", "answer_text": "Im Herbst.", "promised_on": make.today()},
        **known,
    )
    return {"answered": done, "asked": routing, "late": late_routing, "returned": returned, "promised": promised}


def concern_page(concern):
    return reverse("concerns:detail", args=[concern.number])


def test_the_manager_s_busy_pages(faults, mara, busy):
    basket = reverse("concerns:basket")
    lists = ["triage", "rueckfragen", "rueckmeldung", "ueberfaellig", "zusagen", "wiedervorlagen", "abschliessen"]
    reporter = busy["answered"].reporters.first()
    paths = [
        *(f"{basket}?liste={name}" for name in lists),
        *(concern_page(one) for one in Concern.objects.all()),
        f"{reverse('concerns:list')}?q=Müll&mine=on&sort=due",
        f"{reverse('concerns:worklist')}?weg=notice",
        reverse("concerns:feedback", args=[reporter.pk]),
        reverse("concerns:close", args=[busy["answered"].number]),
        reverse("concerns:forward", args=[busy["returned"].number]),
        reverse("concerns:settle_promise", args=[busy["promised"].number]),
    ]
    assert faults(mara, paths) == {}


def test_the_department_s_and_the_planners_busy_pages(faults, enno, silke, busy):
    tickets = [reverse("concerns:ticket", args=[busy[name].pk]) for name in ("asked", "late")]
    inbox = [f"{reverse('concerns:inbox')}?stand={stage}" for stage in ("open", "done")]
    assert faults(enno, [*tickets, *inbox]) == {}
    paths = [reverse("concerns:coordination"), concern_page(busy["answered"])]
    assert faults(silke, paths) == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_capture_with_everything_that_can_appear_on_it(visit, mara, busy, scheme):
    page = visit(mara, color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size(PHONE)
    page.goto(reverse("concerns:capture"))
    page.get_by_label("Was ist das Anliegen?").fill("Müll am Weg, Rückruf Gerda Zorn")
    page.get_by_label("Name", exact=True).fill("Gerda Zorn")
    page.get_by_role("button", name="Wilder Müll", exact=True).click()
    page.get_by_text("Ähnliche offene Anliegen").wait_for()
    page.get_by_role("button", name="Weitere Person").click()
    page.locator("legend", has_text="Person 2").wait_for()
    page.evaluate("document.querySelectorAll('details').forEach((part) => (part.open = true))")
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
    page.get_by_role("button", name="und weiterleiten").click()
    page.locator(".q-errors").wait_for()
    assert (axe(page), has_sideways_scroll(page)) == ([], False)
