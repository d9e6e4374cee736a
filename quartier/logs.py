"""Log lines without personal data: the formatter every handler uses."""

import logging
import re

_MAIL_ADDRESS = re.compile(r"[^\s@<>\"'(=]+@[^\s@<>\"')]+\.\w+")
_PHONE = re.compile(r"(?<![\w.:/#-])(?:\+|00?)[1-9]\d{1,5}[\s/-]?\d[\d\s/-]{3,}\d")
_QUERY = re.compile(r"\?[^\s\"']*=[^\s\"']*")
_SECRET_PATH = re.compile(r"(/antwort/|/password/reset/key/|/status/(?!(?:stand|ende)/))[^/\s\"']+")
_STATUS_CODE = re.compile(r"(?<![\w-])[0-9A-HJKMNP-TV-Z]{4}(?:-[0-9A-HJKMNP-TV-Z]{4}){2}(?![\w-])", re.IGNORECASE)
_DATABASE_DETAIL = re.compile(r"^(DETAIL|CONTEXT|HINT): .*$", re.MULTILINE)


class ScrubbingFormatter(logging.Formatter):
    """Formats a record, traceback included, and then blots out what may tell who somebody is.

    PostgreSQL repeats the values of a failing row in its DETAIL lines, addresses and numbers turn up in messages of
    exceptions, and query strings hold what people searched for. Paths with a secret in them open what they name.
    """

    def format(self, record: logging.LogRecord) -> str:
        """The finished text, scrubbed."""
        text = _DATABASE_DETAIL.sub(r"\1: (left out)", super().format(record))
        text = _SECRET_PATH.sub(r"\1(secret)", _QUERY.sub("?(left out)", text))
        text = _STATUS_CODE.sub("(code)", text)
        text = _MAIL_ADDRESS.sub("(address)", text)
        return _PHONE.sub("(number)", text)
