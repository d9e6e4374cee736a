"""The settings as production reads them: in a process of its own, with nothing of ours in the environment."""

import json
import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.db import connection

from deploy.local import production

_SHOW = """
import json
from django.conf import settings
names = %r
print(json.dumps({name: getattr(settings, name, None) for name in names}))
"""


def start(program: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess:
    clean = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, *program],
        cwd=settings.BASE_DIR,
        env={**clean, "DJANGO_SETTINGS_MODULE": "quartier.settings", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def shown(environment: dict[str, str], *names: str) -> dict:
    done = start(["-c", _SHOW % (names,)], environment)
    assert done.stderr == ""
    return json.loads(done.stdout)


def city(**changes: str) -> dict[str, str]:
    """A city's environment; an empty value takes a variable away."""
    values = {**production("postgresql://quartier:geheim@db.example/quartier"), **changes}
    return {name: value for name, value in values.items() if value}


def test_whoever_gives_only_a_database_is_told_what_else_production_needs():
    done = start(["-c", "from django.conf import settings; settings.DEBUG"], {"DATABASE_URL": "postgresql://db/name"})
    assert done.returncode == 1
    assert done.stdout == ""
    missing = ["SECRET_KEY", "ALLOWED_HOSTS", "PUBLIC_URL", "DEFAULT_FROM_EMAIL", "EMAIL_URL"]
    assert done.stderr == "".join(f"Quartier does not start: {name} is missing.\n" for name in missing)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"SECRET_KEY": "kurz"}, "SECRET_KEY is too short: at least 50 characters are needed."),
        ({"PUBLIC_URL": "http://quartier.example.org"}, "PUBLIC_URL is not an address that starts with https://."),
        ({"DATABASE_URL": ""}, "DATABASE_URL is missing."),
        ({"DEBUG": "1"}, "DEBUG must not be set in production."),
        ({"OIDC_SERVER_URL": "https://id.example", "OIDC_CLIENT_ID": "q"}, "OIDC_CLIENT_SECRET is missing."),
        ({"QUARTIER_ENV": "prod"}, "QUARTIER_ENV is none of demo, production."),
    ],
)
def test_one_wrong_value_stops_the_start_with_one_line(changes, line):
    done = start(["manage.py", "migrate"], city(**changes))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"Quartier does not start: {line}\n"


def test_production_is_closed_and_encrypted():
    values = shown(
        city(SESSION_HOURS="8"),
        "DEBUG",
        "ALLOWED_HOSTS",
        "SESSION_COOKIE_SECURE",
        "SESSION_COOKIE_HTTPONLY",
        "SESSION_COOKIE_AGE",
        "CSRF_COOKIE_SECURE",
        "SECURE_SSL_REDIRECT",
        "SECURE_HSTS_SECONDS",
        "X_FRAME_OPTIONS",
        "ALLAUTH_TRUSTED_PROXY_COUNT",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN",
        "SOCIALACCOUNT_PROVIDERS",
        "EMAIL_HOST",
        "STATIC_HASHED",
    )
    assert values == {
        "DEBUG": False,
        "ALLOWED_HOSTS": ["quartier.example.org"],
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_AGE": 8 * 3600,
        "CSRF_COOKIE_SECURE": True,
        "SECURE_SSL_REDIRECT": True,
        "SECURE_HSTS_SECONDS": 365 * 24 * 3600,
        "X_FRAME_OPTIONS": "DENY",
        "ALLAUTH_TRUSTED_PROXY_COUNT": 1,
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
        "SOCIALACCOUNT_PROVIDERS": {},
        "EMAIL_HOST": "mail.example.org",
        "STATIC_HASHED": True,
    }


def test_the_citys_identity_provider_is_configured_by_four_values():
    values = shown(
        city(
            OIDC_SERVER_URL="https://id.example.org/realms/stadt",
            OIDC_CLIENT_ID="quartier",
            OIDC_CLIENT_SECRET="geheim",
            OIDC_NAME="Stadtkonto",
        ),
        "SOCIALACCOUNT_PROVIDERS",
    )
    [app] = values["SOCIALACCOUNT_PROVIDERS"]["openid_connect"]["APPS"]
    assert (app["name"], app["client_id"], app["secret"]) == ("Stadtkonto", "quartier", "geheim")
    assert app["settings"]["server_url"] == "https://id.example.org/realms/stadt"


@pytest.mark.django_db
def test_the_deploy_checks_find_nothing_in_a_citys_installation(tmp_path):
    environment = {**city(DATABASE_URL=_address()), "VAR_DIR": str(tmp_path)}
    warned = start(["manage.py", "check", "--deploy", "--fail-level=WARNING"], environment)
    assert warned.returncode == 1
    assert "(quartier.W001) There are no static files in STATIC_ROOT." in warned.stderr
    (tmp_path / "static").mkdir()
    (tmp_path / "static" / "staticfiles.json").write_text("{}")
    clean = start(["manage.py", "check", "--deploy", "--fail-level=WARNING"], environment)
    assert (clean.returncode, clean.stdout) == (0, "System check identified no issues (1 silenced).\n")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"ALLOWED_HOSTS": "other.example.org"}, "(quartier.E004) The host of PUBLIC_URL"),
        ({"MEDIA_ROOT": "/srv/x", "STATIC_ROOT": "/srv/x/static"}, "(quartier.E005) MEDIA_ROOT and STATIC_ROOT"),
        ({"DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}, "(quartier.E001) The database cannot be reached"),
    ],
)
@pytest.mark.django_db
def test_the_deploy_checks_find_what_is_wrong(changes, told, tmp_path):
    environment = {**city(DATABASE_URL=_address()), "VAR_DIR": str(tmp_path), **changes}
    done = start(["manage.py", "check", "--deploy"], environment)
    assert done.returncode == 1
    assert told in done.stderr


def _address() -> str:
    config = connection.settings_dict
    return f"postgresql://{config['USER']}@/{config['NAME']}?host={config['HOST']}&port={config['PORT']}"
