"""The database of the tests: migrated once for all processes, emptied quickly between tests."""

import hashlib
from functools import cache
from time import sleep

from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

_TEMPLATE = "quartier_template_"
# What migrating wrote and no test changes.
_STAYS = ("django_migrations", "django_content_type", "auth_permission")


# --- Migrated once ----------------------------------------------------------------------------------------------------


def template() -> str:
    """Name of a database that is migrated and empty; made by the first process that asks, until a migration changes.

    PostgreSQL copies it for every process in a moment, while a hundred migrations take most of half a minute.
    """
    name = _TEMPLATE + _state_of_migrations()
    with connection._nodb_cursor() as cursor:
        # Kept until the cursor's connection ends: the other processes wait here.
        cursor.execute("SELECT pg_advisory_lock(hashtext(%s))", [_TEMPLATE])
        cursor.execute("SELECT datname FROM pg_database WHERE datname LIKE %s", [f"{_TEMPLATE}%"])
        found = [found for (found,) in cursor.fetchall()]
        if name not in found:
            for old in found:
                cursor.execute(f'DROP DATABASE "{old}"')
            cursor.execute(f'CREATE DATABASE "{_TEMPLATE}new"')
            _migrate(f"{_TEMPLATE}new")
            cursor.execute(f'ALTER DATABASE "{_TEMPLATE}new" RENAME TO "{name}"')
    return name


def _state_of_migrations() -> str:
    """One value for all that decides what migrating writes."""
    locks = [settings.BASE_DIR / "requirements-dev.lock", settings.BASE_DIR / "quartier" / "settings.py"]
    ours = settings.BASE_DIR.glob("*/migrations/*.py")
    sources = b"".join(path.read_bytes() for path in (*locks, *sorted(ours)))
    return hashlib.sha256(sources + " ".join(sorted(apps.app_configs)).encode()).hexdigest()[:16]


def _migrate(name: str) -> None:
    usual = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0, interactive=False)
        call_command("createcachetable", verbosity=0)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = usual


# --- Emptied quickly --------------------------------------------------------------------------------------------------


def empty() -> None:
    """Delete every row of every table, those of the queue and the cache included.

    What Django's `flush` does after a test whose transactions were real, in milliseconds: `flush` empties all of more
    than a hundred tables, then writes the content types and permissions of every model anew. Here these stay, and only
    tables that hold a row are touched.
    """
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        cursor.execute(_which_hold_rows())
        full = [name for (name,) in cursor.fetchall()]
        if not full:
            return
        if _may_switch_triggers_off():
            # Foreign keys and the triggers that forbid deleting are triggers too; the order does not matter then.
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("; ".join(f'DELETE FROM "{name}"' for name in full))
        else:
            names = ", ".join(f'"{name}"' for name in full)
            cursor.execute(f"TRUNCATE {names} CASCADE")


@cache
def _which_hold_rows() -> str:
    """The query that names the tables that are not empty."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY tablename")
        names = [name for (name,) in cursor.fetchall() if name not in _STAYS]
    return " UNION ALL ".join(f"SELECT '{name}' WHERE EXISTS (SELECT FROM \"{name}\")" for name in names)


@cache
def _may_switch_triggers_off() -> bool:
    with connection.cursor() as cursor:
        return cursor.execute("SELECT rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()[0]


# --- Two connections --------------------------------------------------------------------------------------------------


def wait_for_a_lock() -> None:
    """Until another connection to this database waits for what this one holds (half a minute at most)."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(1500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")  # inside a transaction the first answer would stay
            if cursor.execute(waiting).fetchone()[0]:
                return
        sleep(0.02)
    raise AssertionError("nobody waits")
