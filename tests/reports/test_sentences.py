"""What the sentences of an evaluation say, in the words of the tables they sum up."""

import pytest

from reports.sentences import named, with_sentences
from reports.tables import Cell, Chapter, Column, Figures, Row, Table


def said(chapter: str = "outcomes", **tables: dict[str, int]) -> tuple[str, ...]:
    """The sentences of a chapter; `tables` by code, with the count of every line."""
    made = tuple(
        Table(
            code, code, "", (Column("now", "Anliegen"),),
            tuple(Row(name, (Cell(n),), name) for name, n in lines.items()),
            Row("Insgesamt", (Cell(sum(lines.values())),), "total"),
        )
        for code, lines in tables.items()
    )  # fmt: skip
    figures = Figures("Ost", "Jahr 2025", "", (), "heute", (Chapter(chapter, "", made),))
    return with_sentences(figures).chapters[0].sentences


@pytest.mark.parametrize(
    ("fulfilled", "declined", "words"),
    [
        (98, 26, "wurde 98 entsprochen, 26 nicht entsprochen."),
        (1, 0, "wurde einem entsprochen, keinem nicht entsprochen."),
        (0, 1, "wurde keinem entsprochen, einem nicht entsprochen."),
    ],
)
def test_outcomes_are_called_as_in_their_table(fulfilled, declined, words):
    (found,) = said(outcomes={"fulfilled": fulfilled, "declined": declined, "partly": 4})
    assert found == f"Von {fulfilled + declined + 4}\u00a0abgeschlossenen Anliegen {words}"


@pytest.mark.parametrize(
    ("kept", "still_open", "words"),
    [
        (11, 17, "sind 11 eingehalten, 17 noch offen."),
        (1, 1, "ist eine eingehalten, eine noch offen."),
        (0, 0, "sind keine eingehalten."),
    ],
)
def test_promises_that_are_not_due_yet_do_not_look_broken(kept, still_open, words):
    (found,) = said(promises={"promise_kept": kept, "promise_broken": 10, "promise_open": still_open})
    assert found == f"Von {kept + still_open + 10}\u00a0Zusagen {words}"


@pytest.mark.parametrize(
    ("without", "sentence"),
    [
        (2, "Ohne Anliegen: Quartier 1 und Quartier 2."),
        (12, "Ohne Anliegen: " + ", ".join(f"Quartier {n}" for n in range(1, 12)) + " und Quartier 12."),
        (13, "Aus 13 Quartieren kam kein Anliegen; welche es sind, steht in der Tabelle."),
    ],
)
def test_many_districts_without_a_concern_are_counted_not_named(without, sentence):
    found = said("districts", districts={**{f"Quartier {n}": 0 for n in range(1, without + 1)}, "Ost": 4})
    assert sentence in found


def test_a_report_names_the_districts_without_a_text_until_they_would_fill_pages():
    assert named([f"Quartier {n}" for n in range(1, 4)]) == "Quartier 1, Quartier 2 und Quartier 3"
    assert named([f"Quartier {n}" for n in range(390)]) == "390 Quartiere"
