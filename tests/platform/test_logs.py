"""The log keeps what happened and loses who it happened to."""

import logging

import pytest
from django.db import IntegrityError

from districts.models import User
from quartier.logs import ScrubbingFormatter

FORMATTER = ScrubbingFormatter("{levelname} {message}", style="{")


def line(message: str, *, error: BaseException | None = None) -> str:
    info = (type(error), error, error.__traceback__) if error else None
    return FORMATTER.format(logging.LogRecord("x", logging.ERROR, __file__, 1, message, (), info))


@pytest.mark.parametrize(
    ("message", "kept"),
    [
        ("Mail to gerda.muster@web.example refused", "ERROR Mail to (address) refused"),
        ("Reached at 0241 432-1234 today", "ERROR Reached at (number) today"),
        ("Reached at +49 241 4321234", "ERROR Reached at (number)"),
        ("Not Found: /anliegen/?q=Gerda+Muster&status=new", "ERROR Not Found: /anliegen/?(left out)"),
        ("Not Found: /antwort/WzEsMV0:1xV3oO:1M7jac/", "ERROR Not Found: /antwort/(secret)/"),
        ("Gone: /konto/password/reset/key/2-abc-def/", "ERROR Gone: /konto/password/reset/key/(secret)/"),
        ("Not Found: /status/7K3M-Q9XD-2HBT/", "ERROR Not Found: /status/(secret)/"),
        ("Not Found: /status/7k3mq9xd2hbt/", "ERROR Not Found: /status/(secret)/"),
        ("Forbidden (CSRF): /status/stand/antwort/", "ERROR Forbidden (CSRF): /status/stand/antwort/"),
        ("Wrong code 7K3M-Q9XD-2HBT typed", "ERROR Wrong code (code) typed"),
        ("Not Found: /statu/7k3m-q9xd-2hbt/", "ERROR Not Found: /statu/(code)/"),
        ("Concern 2026-00123 on 2026-11-22 took 0.25 s", "ERROR Concern 2026-00123 on 2026-11-22 took 0.25 s"),
        ("Starting job mail[17](feedback_id=4711)", "ERROR Starting job mail[17](feedback_id=4711)"),
    ],
)
def test_addresses_numbers_and_searches_are_blotted_out(message, kept):
    assert line(message) == kept


@pytest.mark.django_db
def test_a_traceback_does_not_tell_the_values_of_the_row():
    person = {"email": "gerda.muster@web.example", "name": "Gerda Muster"}
    User.objects.create_user(**person)
    try:
        User.objects.create_user(**person)
    except IntegrityError as error:
        text = line("Failed", error=error)
    assert "IntegrityError" in text
    assert "DETAIL: (left out)" in text
    assert "gerda" not in text.lower()


def test_every_logger_uses_the_scrubbing_formatter(settings):
    assert {name: handler["formatter"] for name, handler in settings.LOGGING["handlers"].items()} == {"stderr": "line"}
    assert settings.LOGGING["formatters"]["line"]["()"] == "quartier.logs.ScrubbingFormatter"
