"""Reading the environment: right values arrive, missing and wrong ones are told by name and never repeated."""

from pathlib import Path

import pytest

from quartier.env import Env


def test_values_arrive_in_their_type():
    env = Env(
        {
            "NAME": " Quartier ",
            "ON": "yes",
            "OFF": "0",
            "HOURS": "8",
            "HOSTS": "a.example, b.example,",
            "FOLDER": "/srv/media",
            "SITE": "https://quartier.example.org/",
            "FROM": "Quartier <quartier@example.org>",
            "MODE": "demo",
        }
    )
    assert env.text("NAME") == "Quartier"
    assert (env.flag("ON"), env.flag("OFF"), env.flag("UNSET", True)) == (True, False, True)
    assert env.number("HOURS", 12) == 8
    assert env.words("HOSTS") == ["a.example", "b.example"]
    assert env.folder("FOLDER", Path("/")) == Path("/srv/media")
    assert env.url("SITE", root=True) == "https://quartier.example.org"
    assert env.address("FROM") == "Quartier <quartier@example.org>"
    assert env.choice("MODE", "production", ("demo", "production")) == "demo"
    assert env.problems == []


def test_unset_values_have_their_default():
    env = Env({"EMPTY": "  "})
    assert env.text("EMPTY", "default") == "default"
    assert env.number("EMPTY", 12) == 12
    assert env.words("EMPTY", ["x"]) == ["x"]
    assert env.url("EMPTY", "") == ""
    assert env.problems == []


@pytest.mark.parametrize(
    ("read", "value", "problem"),
    [
        (lambda env: env.text("X"), "", "X is missing."),
        (lambda env: env.text("X", at_least=50), "geheim", "X is too short: at least 50 characters are needed."),
        (lambda env: env.flag("X"), "perhaps", "X is neither 1 nor 0."),
        (lambda env: env.number("X", 1, maximum=5), "6", "X is not a whole number from 0 to 5."),
        (lambda env: env.number("X", 1), "-1", "X is not a whole number from 0 to 1000000000."),
        (lambda env: env.number("X", 1), "zwölf", "X is not a whole number from 0 to 1000000000."),
        (lambda env: env.choice("X", "a", ("a", "b")), "geheim", "X is none of a, b."),
        (lambda env: env.folder("X", Path("/")), "var/media", "X is not an absolute path."),
        (lambda env: env.url("X"), "http://geheim", "X is not an address that starts with https://."),
        (
            lambda env: env.url("X", root=True),
            "https://a.example/b",
            "X has a path; give the address of the site alone.",
        ),
        (lambda env: env.address("X"), "geheim", "X is not a mail address."),
        (
            lambda env: env.database("X"),
            "mysql://u:geheim@h/n",
            "X is not of the form postgresql://user:password@host:port/name.",
        ),
        (
            lambda env: env.database("X"),
            "postgresql://u:geheim@h",
            "X is not of the form postgresql://user:password@host:port/name.",
        ),
        (lambda env: env.database("X"), "postgresql://u:geheim@h:port/n", "X has a port that is not a number."),
        (lambda env: env.mail("X"), "mail.example.org", "X is not of the form smtp+tls://user:password@host:port."),
        (lambda env: env.mail("X"), "", "X is missing."),
    ],
)
def test_a_wrong_value_is_told_without_being_repeated(read, value, problem):
    env = Env({"X": value})
    read(env)
    assert env.problems == [problem]
    assert "geheim" not in problem


def test_all_problems_end_the_start_together():
    env = Env({"PORT": "x"})
    env.text("SECRET_KEY")
    env.number("PORT", 1, maximum=9)
    with pytest.raises(SystemExit) as end:
        env.finish()
    assert str(end.value) == (
        "Quartier does not start: SECRET_KEY is missing.\n"
        "Quartier does not start: PORT is not a whole number from 0 to 9."
    )


def test_a_database_address_becomes_connection_settings():
    env = Env(
        {
            "URL": "postgresql://quartier:p%40ss@db.example:5433/stadt?sslmode=verify-full",
            "SOCKET": "postgresql://postgres@/quartier?host=/run/postgresql&port=5434",
        }
    )
    assert env.database("URL") == {
        "HOST": "db.example",
        "PORT": "5433",
        "USER": "quartier",
        "PASSWORD": "p@ss",
        "NAME": "stadt",
        "OPTIONS": {"sslmode": "verify-full"},
    }
    assert env.database("SOCKET") == {
        "HOST": "/run/postgresql",
        "PORT": "5434",
        "USER": "postgres",
        "PASSWORD": "",
        "NAME": "quartier",
        "OPTIONS": {},
    }


@pytest.mark.parametrize(
    ("url", "port", "starttls", "tls"),
    [
        ("smtp://u:p%3A@mail.example", 25, False, False),
        ("smtp+tls://u:p%3A@mail.example", 587, True, False),
        ("smtps://u:p%3A@mail.example:4465", 4465, False, True),
    ],
)
def test_a_mail_address_becomes_mail_settings(url, port, starttls, tls):
    assert Env({"URL": url}).mail("URL") == {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": "mail.example",
        "EMAIL_PORT": port,
        "EMAIL_HOST_USER": "u",
        "EMAIL_HOST_PASSWORD": "p:",
        "EMAIL_USE_TLS": starttls,
        "EMAIL_USE_SSL": tls,
    }
