"""Time the pages over real HTTP: `python -m bench.pages [rounds]`.

A gunicorn process answers one client that keeps its connection and its session, as a browser does. Every round asks for
every page once, the empty page among them, so that whatever else the machine does falls on all of them alike.
"""

import base64
import http.client
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # also started as a file

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.urls import reverse  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.city import MANAGER, PLANNER, STAFF  # noqa: E402
from bench.count import HEADER  # noqa: E402
from bench.texts import FREQUENT, MEDIUM, RARE  # noqa: E402
from concerns.models import Concern, Routing  # noqa: E402
from districts.models import User  # noqa: E402

PORT, ROUNDS, WARM_UP, LIMIT = 8195, 30, 3, 12
EMPTY = "/bench/leer/"
_ROWS = (
    "SELECT c.*, t.name, d.short_name, u.name FROM concerns_concern c JOIN concerns_topic t ON t.id = c.topic_id"
    " LEFT JOIN districts_district d ON d.id = c.district_id LEFT JOIN districts_user u ON u.id = c.owner_id"
)
_NEWEST = " ORDER BY c.received_on DESC, c.id DESC LIMIT 51"


@dataclass
class Page:
    """One measured address, who asks for it, and the SQL that gives the same answer."""

    name: str
    path: str
    who: str = MANAGER
    sql: str = ""
    limited: bool = True
    times: list[float] = field(default_factory=list)
    sql_times: list[float] = field(default_factory=list)
    queries: str = ""

    @property
    def median(self) -> float:
        return statistics.median(self.times)

    @property
    def p95(self) -> float:
        return sorted(self.times)[int(len(self.times) * 0.95) - 1]


def pages() -> list[Page]:
    """What is measured; the limit holds for all but the comparisons with Django's admin."""
    listing, search = reverse("concerns:list"), f"{_ROWS} WHERE c.search @@ plainto_tsquery('public.quartier', '%s')"
    today = timezone.localdate()
    old = today - timedelta(days=5 * 365)
    deep = Concern.objects.filter(received_on=old).order_by("-pk").first()
    position = base64.urlsafe_b64encode(json.dumps([old.isoformat(), deep.pk]).encode()).decode().rstrip("=")
    manager = User.objects.get(email=MANAGER)
    district = min(manager.rights.team_district_ids)
    concern = Concern.objects.filter(district=district, status="feedback_due", lead=None).order_by("-pk").first()
    topic = concern.topic_id
    department = min(User.objects.get(email=STAFF).rights.department_ids)
    ticket = Routing.objects.filter(department=department, status="accepted").order_by("-pk").first()
    filtered = f"district={district}&topic={topic}&status=open"
    return [
        Page("Empty page, signed in", EMPTY, sql="SELECT 1"),
        Page("List, first page", listing, sql=_ROWS + _NEWEST),
        Page(
            "List, five years back",
            f"{listing}?nach={position}",
            sql=f"{_ROWS} WHERE (c.received_on, c.id) < ('{old}', {deep.pk}){_NEWEST}",
        ),
        Page(
            "List, district + topic + open",
            f"{listing}?{filtered}",
            sql=f"{_ROWS} WHERE c.district_id = {district} AND c.topic_id = {topic} AND c.status <> 'closed'{_NEWEST}",
        ),
        Page("List by due date", f"{listing}?sort=frist", sql=f"{_ROWS} ORDER BY c.due_key, c.id LIMIT 51"),
        Page(
            "List, overdue anywhere, longest waiting",
            f"{listing}?overdue=any&sort=wartezeit",
            sql=f"{_ROWS} WHERE c.id IN (SELECT concern_id FROM concerns_routing WHERE status IN ('sent', 'accepted')"
            f" AND due_on < '{today}') ORDER BY c.waiting_key, c.id LIMIT 51",
        ),
        Page(
            "List, closed in one month of long ago",
            f"{listing}?closed_from={old}&closed_to={old + timedelta(days=30)}",
            sql=f"{_ROWS} WHERE c.closed_at >= '{old}' AND c.closed_at < '{old + timedelta(days=31)}'"
            f" AND c.received_on < '{old + timedelta(days=31)}'{_NEWEST}",
        ),
        Page("List, planning", listing, PLANNER, sql=_ROWS + _NEWEST),
        Page("Search, rare word", f"{listing}?q={RARE}", sql=search % RARE + _NEWEST),
        Page("Search, medium word", f"{listing}?q={MEDIUM}", sql=search % MEDIUM + _NEWEST),
        Page("Search, frequent word", f"{listing}?q=M%C3%BCll", sql=search % FREQUENT + _NEWEST),
        Page("Search, part of words", f"{listing}?q=platz", sql=search % "platz" + _NEWEST),
        Page("Search, typing error", f"{listing}?q=Zebrasteifen", sql=search % RARE + _NEWEST),
        Page("Search, two words", f"{listing}?q=M%C3%BCll+{MEDIUM}", sql=search % f"{FREQUENT} {MEDIUM}" + _NEWEST),
        Page(
            "Work basket",
            reverse("concerns:basket"),
            sql=f"{_ROWS} WHERE c.needs_triage AND c.lead_id IS NULL AND c.district_id = {district}"
            " ORDER BY c.due_on, c.id LIMIT 51",
        ),
        Page("Feedback worklist", reverse("concerns:worklist")),
        Page(
            "Concern",
            reverse("concerns:detail", args=[concern.number]),
            sql=f"SELECT * FROM concerns_concern WHERE number = '{concern.number}'",
        ),
        Page("Department: empty page", EMPTY, STAFF, sql="SELECT 1"),
        Page(
            "Department: inbox",
            reverse("concerns:inbox"),
            STAFF,
            sql="SELECT r.*, c.* FROM concerns_routing r JOIN concerns_concern c ON c.id = r.concern_id WHERE"
            f" r.department_id = {department} AND r.status IN ('sent', 'accepted', 'query')"
            " ORDER BY r.due_on, r.id LIMIT 51",
        ),
        Page("Department: ticket", reverse("concerns:ticket", args=[ticket.pk]), STAFF),
        Page("Django admin: list", "/bench/admin/concerns/concern/", limited=False),
        Page("Django admin: search, rare word", f"/bench/admin/concerns/concern/?q={RARE}", limited=False),
    ]


class Browser:
    """One person's browser: a session and a connection that stay."""

    def __init__(self, email: str):
        client = Client()
        client.force_login(User.objects.get(email=email))
        self.headers = {"Cookie": f"sessionid={client.cookies['sessionid'].value}", "Host": "localhost"}
        self.connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)

    def get(self, page: Page) -> float:
        """Milliseconds until the last byte of a page is there."""
        started = time.perf_counter()
        self.connection.request("GET", page.path, headers=self.headers)
        response = self.connection.getresponse()
        response.read()
        elapsed = (time.perf_counter() - started) * 1000
        if response.status != 200:
            raise SystemExit(f"{page.name}: {response.status} {page.path}")
        page.queries = response.headers[HEADER]
        return elapsed


def serve() -> subprocess.Popen:
    """Start the server and wait until it answers."""
    command = [sys.executable, "-m", "gunicorn", "bench.wsgi", "--bind", f"127.0.0.1:{PORT}", "--workers", "1"]
    server = subprocess.Popen([*command, "--threads", "2", "--keep-alive", "75", "--log-level", "warning"])
    for _ in range(100):
        time.sleep(0.2)
        try:
            probe = http.client.HTTPConnection("127.0.0.1", PORT, timeout=5)
            probe.request("GET", "/healthz", headers={"Host": "localhost"})
            probe.getresponse().read()
        except OSError:
            continue
        return server
    server.terminate()
    raise SystemExit("The server does not answer.")


def bare(sql: str) -> float:
    """Milliseconds of a query without Django's models."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql)
        cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def measure(rounds: int) -> list[Page]:
    """Every page once a round; the first rounds only warm the caches."""
    measured = pages()
    browsers = {email: Browser(email) for email in {page.who for page in measured}}
    for number in range(WARM_UP + rounds):
        for page in measured:
            # What takes a second is not asked thirty times.
            if len(page.times) >= 5 and page.median > 1000:
                continue
            elapsed = browsers[page.who].get(page)
            sql_elapsed = bare(page.sql) if page.sql else 0
            if number >= WARM_UP:
                page.times.append(elapsed)
                page.sql_times.append(sql_elapsed)
    return measured


def main(rounds: int) -> None:
    """Print the table of docs/performance.md."""
    server = serve()
    try:
        measured = measure(rounds)
    finally:
        server.terminate()
        server.wait()
    empty = measured[0].median
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), (SELECT count(*) FROM concerns_concern)")
        version, total = cursor.fetchone()
    print(
        f"{timezone.localdate()}, {total} concerns, {rounds} rounds, {os.cpu_count()} cores, load"
        f" {os.getloadavg()[0]:.1f}, PostgreSQL {version}, Python {platform.python_version()},"
        f" Django {django.__version__}\n"
    )
    print("| Page | median ms | p95 ms | queries | × empty page | bare SQL ms |\n|---|--:|--:|--:|--:|--:|")
    for page in measured:
        ratio = page.median / empty
        mark = " **!**" if page.limited and ratio > LIMIT else ""
        sql = f"{statistics.median(page.sql_times):.1f}" if page.sql else "–"
        print(f"| {page.name} | {page.median:.1f} | {page.p95:.1f} | {page.queries} | {ratio:.1f}{mark} | {sql} |")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS)
