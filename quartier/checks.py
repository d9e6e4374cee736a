"""Deploy checks of our own: what `manage.py check --deploy` says about this installation beyond Django's checks."""

from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Warning
from django.db import DatabaseError, connection
from django.http.request import validate_host

OLDEST_POSTGRESQL = 15_00_00
EXTENSIONS = {"pg_trgm", "unaccent"}


def database(app_configs, **kwargs) -> list:
    """The server is new enough and can hold the extensions."""
    try:
        with connection.cursor() as cursor:
            version = connection.pg_version
            cursor.execute("SELECT name FROM pg_available_extensions")
            missing = sorted(EXTENSIONS - {name for (name,) in cursor.fetchall()})
    except DatabaseError as error:
        return [Error(f"The database cannot be reached: {str(error).splitlines()[0]}", id="quartier.E001")]
    found = []
    if version < OLDEST_POSTGRESQL:
        found.append(Error(f"PostgreSQL 15 or newer is needed, this is {version // 10000}.", id="quartier.E002"))
    if missing:
        found.append(
            Error(
                f"The server lacks the extensions {', '.join(missing)}.",
                hint="Debian has them in the package postgresql-contrib.",
                id="quartier.E003",
            )
        )
    return found


def addresses(app_configs, **kwargs) -> list:
    """Links in mails lead to a host that is answered."""
    host = urlsplit(settings.PUBLIC_URL).hostname or ""
    if validate_host(host, settings.ALLOWED_HOSTS):
        return []
    return [Error(f"The host of PUBLIC_URL, {host}, is not in ALLOWED_HOSTS.", id="quartier.E004")]


def folders(app_configs, **kwargs) -> list:
    """Uploads have a place, and it is not one that is served."""
    media, static = Path(settings.MEDIA_ROOT).resolve(), Path(settings.STATIC_ROOT).resolve()
    if media == static or media.is_relative_to(static) or static.is_relative_to(media):
        return [
            Error("MEDIA_ROOT and STATIC_ROOT must not lie in one another: uploads are private.", id="quartier.E005")
        ]
    return []


def static_files(app_configs, **kwargs) -> list:
    """`collectstatic` has been run where hashed names are served."""
    if not settings.STATIC_HASHED or (Path(settings.STATIC_ROOT) / "staticfiles.json").is_file():
        return []
    return [
        Warning(
            "There are no static files in STATIC_ROOT.",
            hint="Run manage.py vendor_assets and manage.py collectstatic.",
            id="quartier.W001",
        )
    ]


DEPLOY_CHECKS = (database, addresses, folders, static_files)
