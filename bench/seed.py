"""Fill the benchmark's database: `python -m bench.seed 1000000`.

Constraints and indexes that slow the loading down are taken away first and put back afterwards; putting a foreign key
or an index back checks every row, and the rules held by triggers are checked with queries at the end.
"""

import multiprocessing
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))  # also started as a file

import django

django.setup()

import psycopg  # noqa: E402
from django.apps import apps  # noqa: E402
from django.conf import settings  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.db import connection, connections  # noqa: E402
from django.utils import timezone  # noqa: E402
from psycopg import sql  # noqa: E402

from bench import bodies, directory, funds, needs, offers, plans, projects  # noqa: E402
from bench import city as city_module  # noqa: E402
from bench.rows import COLUMNS, Generator  # noqa: E402
from districts.models import User  # noqa: E402
from reports.models import KeptSum  # noqa: E402
from reports.sums import count_anew, count_everything  # noqa: E402

BATCH = 4000
WORKERS = 2
TABLES = [*COLUMNS, "concerns_searchword"]
SESSION = "SET synchronous_commit = off; SET maintenance_work_mem = '1GB'; SET client_min_messages = warning"
BROKEN = {
    "closed concerns without a reporter": """
        SELECT count(*) FROM concerns_concern c WHERE status = 'closed'
        AND NOT EXISTS (SELECT FROM concerns_reporter r WHERE r.concern_id = c.id)""",
    "open duties on closed concerns (I1)": """
        SELECT count(*) FROM concerns_reporter r JOIN concerns_concern c ON c.id = r.concern_id
        WHERE c.status = 'closed' AND r.feedback_state IN ('open', 'interim')""",
    "reporters told without a feedback (I1)": """
        SELECT count(*) FROM concerns_reporter r WHERE feedback_state = 'done' AND NOT EXISTS (
        SELECT FROM concerns_feedback f WHERE f.reporter_id = r.id
        AND f.kind IN ('final', 'collective') AND f.result IN ('reached', 'sent', 'displayed'))""",
    "constraints not validated": "SELECT count(*) FROM pg_constraint WHERE NOT convalidated",
}


def connect(**other) -> psycopg.Connection:
    """A connection of its own to the benchmark's database."""
    parameters = {**connection.get_connection_params(), **other}
    for name in ("cursor_factory", "context", "prepare_threshold"):
        parameters.pop(name, None)
    opened = psycopg.connect(**parameters, autocommit=True)
    opened.execute(SESSION)
    return opened


def create_database() -> None:
    """Drop and create the database that bench.settings names."""
    name = sql.Identifier(settings.DATABASES["default"]["NAME"])
    with connect(dbname="postgres") as database:
        database.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
        database.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8'").format(name))


def load(worker: int, city, total: int, today) -> None:
    """Write every batch that falls to this worker."""
    generator = Generator(city, total, today, seed=worker)
    with connect() as database:
        for first in range(1 + worker * BATCH, total + 1, WORKERS * BATCH):
            lines = generator.batch(first, min(first + BATCH, total + 1))
            with database.transaction():
                for table, columns in COLUMNS.items():
                    copy_sql = f"COPY {table} ({', '.join(columns.split())}) FROM STDIN"
                    with database.cursor() as cursor, cursor.copy(copy_sql) as copy:
                        copy.write("".join(lines[table]))


def strip(database) -> list[list[str]]:
    """Take foreign keys, unique keys and indexes away; returns the statements that restore them, in two steps."""
    names = ", ".join(f"'{table}'::regclass" for table in TABLES)
    constraints = database.execute(
        "SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid), contype FROM pg_constraint"
        f" WHERE conrelid IN ({names}) AND contype IN ('f', 'u') ORDER BY contype"
    ).fetchall()
    for table, name, _, _ in constraints:
        database.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
    indexes = database.execute(
        f"SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN ({names})"
        " AND NOT indisprimary"
    ).fetchall()
    for name, _ in indexes:
        database.execute(f"DROP INDEX {name}")
    for table in TABLES:
        database.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    add = {"u": [], "f": []}
    for table, name, definition, kind in constraints:
        add[kind].append(f'ALTER TABLE {table} ADD CONSTRAINT "{name}" {definition}')
    return [[definition for _, definition in indexes] + add["u"], add["f"]]


def defaults(database, action: str) -> None:
    """Let the database fill (`SET`) the columns that `bench.rows` does not name, or stop doing so (`DROP`)."""
    for model in apps.get_app_config("concerns").get_models():
        table = model._meta.db_table
        named = COLUMNS.get(table, "").split()
        for field in model._meta.concrete_fields if named else ():
            if field.column in named or field.generated or field.null or field.primary_key:
                continue
            value = sql.Literal(field.get_db_prep_save(field.get_default(), connection)).as_string(database)
            value = value if action == "SET" else ""
            database.execute(f'ALTER TABLE {table} ALTER COLUMN "{field.column}" {action} DEFAULT {value}')


def run(statements: list[str]) -> None:
    """Run statements one after the other on a connection of their own."""
    with connect() as database:
        for statement in statements:
            database.execute(statement)


def restore(steps: list[list[str]]) -> None:
    """Put indexes back (two connections at once, the largest first), then the foreign keys, vocabulary, sequences."""
    first, foreign_keys = steps
    first.sort(key=lambda statement: ("USING gin" not in statement, "concernevent" not in statement))
    vocabulary = (
        "INSERT INTO concerns_searchword (word, uses) SELECT word, count(*)"
        " FROM concerns_concern, unnest(tsvector_to_array(search)) AS word"
        " WHERE word ~ '[[:alpha:]]{3}' AND length(word) <= 255 GROUP BY word"
    )
    per_table: dict[str, list[str]] = {}
    for statement in first:
        table = (
            statement.split(" ON ")[1].split()[0].removeprefix("public.")
            if " ON " in statement
            else statement.split()[2]
        )
        per_table.setdefault(table, []).append(statement)
    concern = per_table.pop("concerns_concern")
    words = [vocabulary, *per_table.pop("concerns_searchword")]
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(run, [concern, [*words, *(one for group in per_table.values() for one in group)]]))
    # Without statistics the checks of the keys and rules would be planned for empty tables.
    run([f"ANALYZE {', '.join(TABLES)}", *foreign_keys])
    with connect() as database:
        for table in TABLES:
            database.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        for table in COLUMNS:
            database.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        database.execute(
            "INSERT INTO concerns_numbercounter SELECT left(number, 4)::int, max(substr(number, 6)::int)"
            " FROM concerns_concern GROUP BY 1"
        )


def check() -> None:
    """End with an error when a rule that triggers hold is broken."""
    with connect() as database:
        for what, query in BROKEN.items():
            if broken := database.execute(query).fetchone()[0]:
                raise SystemExit(f"{broken} {what}")


def count_sums() -> None:
    """Count the sums of the evaluation, as the worker does after a large import (the triggers were off)."""
    count_everything()
    run(["ANALYZE reports_change"])
    started = time.monotonic()
    count_anew(at_most=None)
    print(f"Sums of the evaluation counted in {time.monotonic() - started:.0f} s: {KeptSum.objects.count()} rows")


def main(total: int) -> None:
    """Make the benchmark's database anew, fill it, say how long it took."""
    create_database()
    call_command("migrate", verbosity=0)
    call_command("createcachetable", verbosity=0)
    city, today = city_module.build(), timezone.localdate()
    directory.build(city, today)
    offers.build(city, today)
    projects.build(city, today)
    plans.build(city.districts, User.objects.get(email=city_module.PLANNER), today)
    funds.build(city, today)
    bodies.build()
    connections.close_all()
    started = time.monotonic()
    with connect() as database:
        defaults(database, "SET")
        steps = strip(database)
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=load, args=(n, city, total, today)) for n in range(WORKERS)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    loaded = time.monotonic()
    with connect() as database:
        defaults(database, "DROP")
    restore(steps)
    if any(worker.exitcode for worker in workers):
        raise SystemExit("Loading failed.")
    check()
    seconds = time.monotonic() - started
    print(
        f"{total} concerns: loaded in {loaded - started:.0f} s,"
        f" indexed and checked in {started + seconds - loaded:.0f} s"
    )
    print(f"{total / seconds:.0f} concerns a second")
    count_sums()
    needs.build()
    with connect() as database:
        database.execute("VACUUM (ANALYZE)")
        for table in TABLES:
            print(f"{table}: {database.execute(f'SELECT count(*) FROM {table}').fetchone()[0]}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100_000)
