"""What the demo city has of figures and papers: indicators, evaluation reports, department mirrors, sheets.

Each part is loaded beside a demo city that is there, once: a city that was loaded before there was such a part gets it.
"""

from collections.abc import Iterator
from datetime import datetime

from . import indicators, mirrors, sheets, written

PARTS = {
    "values of indicators": indicators,
    "evaluation reports": written,
    "department mirrors": mirrors,
    "sheets for the public": sheets,
}


def load_missing(*, now: datetime) -> Iterator[str]:
    """Load what is not there yet; says how much of what, part by part."""
    for what, part in PARTS.items():
        if not part.is_loaded():
            yield f"{part.load(now=now)} {what} loaded."
