"""iCalendar files (RFC 5545): days and times in UTC, escaped, folded; no repeating rules, every date by itself."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

LONGEST = 75  # octets of a line, without its end


@dataclass(frozen=True)
class Event:
    """Something on the calendar: `starts` and `ends` are both moments or both days (the last one included)."""

    uid: str
    starts: datetime | date
    ends: datetime | date
    summary: str
    location: str = ""
    description: str = ""


def calendar(*, name: str, url: str, events: Iterable[Event], stamp: datetime) -> bytes:
    """A calendar that programs subscribe to; `stamp` is when it was made. The same arguments give the same bytes."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Quartier//Stadtteilbüro//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"NAME:{escaped(name)}",
        f"X-WR-CALNAME:{escaped(name)}",
        f"URL:{url}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for event in events:
        lines += _event(event, stamp)
    lines.append("END:VCALENDAR")
    return b"".join(folded(line) for line in lines)


def _event(event: Event, stamp: datetime) -> list[str]:
    all_day = not isinstance(event.starts, datetime)
    lines = ["BEGIN:VEVENT", f"UID:{event.uid}", f"DTSTAMP:{_moment(stamp)}"]
    if all_day:
        # The end of an event is the first moment after it.
        lines += [f"DTSTART;VALUE=DATE:{event.starts:%Y%m%d}"]
        lines += [f"DTEND;VALUE=DATE:{event.ends + timedelta(days=1):%Y%m%d}"]
    else:
        lines += [f"DTSTART:{_moment(event.starts)}", f"DTEND:{_moment(event.ends)}"]
    texts = (("SUMMARY", event.summary), ("LOCATION", event.location), ("DESCRIPTION", event.description))
    lines += [f"{key}:{escaped(text)}" for key, text in texts if text]
    # Opening hours keep nobody busy who looks at them.
    return [*lines, "TRANSP:TRANSPARENT", "END:VEVENT"]


def _moment(value: datetime) -> str:
    return f"{value.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def escaped(text: str) -> str:
    """A value of type TEXT (RFC 5545, 3.3.11)."""
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def folded(line: str) -> bytes:
    """A content line with its end, divided so that no piece is longer than 75 octets and no character is cut (3.1)."""
    pieces, piece = [], b""
    for character in line:
        octets = character.encode()
        if len(piece) + len(octets) > LONGEST:
            pieces.append(piece)
            piece = b" "
        piece += octets
    return b"\r\n".join([*pieces, piece]) + b"\r\n"
