"""Follow-ups as approved minutes tell them: what stood there on the day of approval, whatever becomes of them (Z19)."""

from dataclasses import asdict, dataclass
from datetime import date

from projects.models import FollowUp, Session


@dataclass(frozen=True)
class Told:
    """A follow-up in minutes."""

    item_id: int | None
    task: str
    responsible: str
    due_on: date
    is_open: bool
    state: str
    put_off: int = 0  # how often; minutes that were approved before this was counted say nothing of it

    @property
    def words(self) -> str:
        """How it stood: its day while it waited, what became of it otherwise."""
        if not self.is_open:
            return self.state
        return ", ".join(filter(None, (self.state, f"bis {self.due_on:%d.%m.%Y}", self.times)))

    @property
    def times(self) -> str:
        """How often it was put off, in words; empty for never."""
        return {0: "", 1: "einmal verschoben"}.get(self.put_off, f"{self.put_off}-mal verschoben")


def told_of(follow_up: FollowUp) -> Told:
    """A follow-up as it stands now."""
    return Told(
        follow_up.item_id,
        follow_up.task,
        follow_up.responsible,
        follow_up.due_on,
        follow_up.is_open,
        follow_up.get_status_display(),
        len(follow_up.postponements.all()),
    )


def now(session: Session) -> dict[str, list[Told]]:
    """The follow-ups that a session speaks about, and those given in it."""
    carried = session.body.follow_ups.open_on(session.on)
    given = FollowUp.objects.filter(item__session=session)
    return {
        "carried": [told_of(one) for one in carried.prefetch_related("postponements")],
        "given": [told_of(one) for one in given.prefetch_related("postponements")],
    }


def packed(told: dict[str, list[Told]]) -> dict:
    """The same for storing."""
    return {name: [asdict(one) | {"due_on": one.due_on.isoformat()} for one in rows] for name, rows in told.items()}


def in_minutes(session: Session) -> dict[str, list[Told]]:
    """What the minutes say: as it was when they were approved, until then as it is."""
    if session.follow_ups_then is None:
        return now(session)
    return {
        name: [Told(**{**one, "due_on": date.fromisoformat(one["due_on"])}) for one in rows]
        for name, rows in session.follow_ups_then.items()
    }
