"""Time the pages over real HTTP: `python -m bench.pages [rounds]`.

A gunicorn process answers one client that keeps its connection and its session, as a browser does. Every round asks for
every page once, the empty page among them, so that whatever else the machine does falls on all of them alike.
"""

import http.client
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # also started as a file

import django

django.setup()

from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402
from django.utils import timezone  # noqa: E402

from bench.addresses import Page, pages  # noqa: E402
from bench.count import HEADER  # noqa: E402
from districts.models import User  # noqa: E402

PORT, ROUNDS, WARM_UP = 8195, 30, 3


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
    server = subprocess.Popen([*command, "--threads", "2", "--keep-alive", "600", "--log-level", "warning"])
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


def processor_ms(server: subprocess.Popen) -> dict[int, float]:
    """Milliseconds that the server and its database sessions have had a processor so far, by process.

    Unlike the time on the clock, other load does not stretch it. As Linux counts it; the database on this machine.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        sessions = [pid for (pid,) in cursor.fetchall()]
    workers = Path(f"/proc/{server.pid}/task/{server.pid}/children").read_text().split()
    return {
        int(pid): sum(int(one.read_text().split()[0]) for one in Path(f"/proc/{pid}/task").glob("*/schedstat")) / 1e6
        for pid in (*workers, *sessions)
    }


def bare(sql: str) -> float:
    """Milliseconds of a statement without Django's models."""
    started = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(sql)
        if cursor.description:
            cursor.fetchall()
    return (time.perf_counter() - started) * 1000


def measure(rounds: int, server: subprocess.Popen, wanted: tuple[str, ...] = ()) -> list[Page]:
    """Every page (or those whose names hold a wanted word) once a round; the first rounds only warm the caches."""
    first, *others = pages()
    measured = [first, *(one for one in others if not wanted or any(word in one.name for word in wanted))]
    browsers = {email: Browser(email) for email in {page.who for page in measured}}
    for number in range(WARM_UP + rounds):
        for page in measured:
            # What takes a second is not asked thirty times.
            if len(page.times) >= 5 and page.median > 1000:
                continue
            if page.before:
                bare(page.before)
            before = processor_ms(server)
            elapsed = browsers[page.who].get(page)
            spent = sum(now - before.get(pid, 0) for pid, now in processor_ms(server).items())
            sql_elapsed = bare(page.sql) if page.sql else 0
            if number >= WARM_UP:
                page.times.append(elapsed)
                page.sql_times.append(sql_elapsed)
                page.processor_times.append(spent)
    return measured


def main(rounds: int, *wanted: str) -> None:
    """Print the table of docs/performance.md."""
    server = serve()
    try:
        measured = measure(rounds, server, wanted)
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
    print("| Page | median ms | p95 ms | processor ms | queries | × empty page | × processor | bare SQL ms |")
    print("|---|--:|--:|--:|--:|--:|--:|--:|")
    for page in measured:
        ratio = page.processor / measured[0].processor
        mark = " **!**" if page.limit and ratio > page.limit else ""
        sql = f"{statistics.median(page.sql_times):.1f}" if page.sql else "–"
        print(
            f"| {page.name} | {page.median:.1f} | {page.p95:.1f} | {page.processor:.1f} | {page.queries}"
            f" | {page.median / empty:.1f} | {ratio:.1f}{mark} | {sql} |"
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ROUNDS, *sys.argv[2:])
