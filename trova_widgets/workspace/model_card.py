"""A model card: what a trained network is, what it learnt from, how good it is and what it is not for, as text."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from trova_widgets.reports import Report
from trova_widgets.workspace import documents

# what Markdown would take for marks of its own
_MARKS = str.maketrans({mark: f"\\{mark}" for mark in "\\|<*`["})


@dataclass(frozen=True, kw_only=True)
class CardPart:
    """A part of a model card.

    Attributes
    ----------
    title : str
    sentences : tuple of str
        Plain text.
    command : tuple of str
        Lines that a person types; none, if there is nothing to type.
    titles : tuple of str
        Of the table's columns; none, if there is no table.
    rows : tuple of tuple of str
    words : int
        How many of the columns hold words; the others hold numbers.
    """

    title: str
    sentences: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()
    words: int = 1

    @property
    def markdown(self) -> str:
        """The part as Markdown, with a table as GitHub and model hubs read it."""
        blocks = [f"## {self.title}"]
        if self.sentences:
            blocks.append("\n".join(f"- {each.translate(_MARKS)}" for each in self.sentences))
        if self.command:
            blocks.append("\n".join(["```bash", *self.command, "```"]))
        if self.rows:
            lines = [self.titles, ["---"] * len(self.titles), *self.rows]
            blocks.append("\n".join(f"| {' | '.join(cell.translate(_MARKS) for cell in line)} |" for line in lines))
        return "\n\n".join(blocks)

    @property
    def html(self) -> str:
        """The part as HTML."""
        said = "".join(f"<li>{escape(each)}</li>" for each in self.sentences)
        typed = f"<pre>{escape(chr(10).join(self.command))}</pre>" if self.command else ""
        rows = documents.table(self.titles, self.rows, words=self.words) if self.rows else ""
        return f"<h3>{escape(self.title)}</h3>{f'<ul>{said}</ul>' if said else ''}{typed}{rows}"


@dataclass(frozen=True, kw_only=True, repr=False)
class ModelCard(Report):
    """What is to be known of a trained network before anybody uses it (Mitchell et al., 2019).

    References
    ----------
    Mitchell et al. (2019), Model cards for model reporting, doi 10.1145/3287560.3287596.

    Attributes
    ----------
    experiment : str
        Whose best cell it is.
    about : tuple of CardPart
        What it is, what it is for, what it learnt from, how it was chosen, by what it is known again.
    measured : tuple of CardPart
        How good it is.
    """

    experiment: str
    about: tuple[CardPart, ...]
    measured: tuple[CardPart, ...]

    def __str__(self) -> str:
        parts = [*self.about[:-1], *self.measured, self.about[-1]]
        return "\n\n".join(
            [
                f"# Model card: {self.experiment}",
                "As Mitchell et al. (2019, doi 10.1145/3287560.3287596) propose; every fact is from the workspace in "
                "which the network was trained.",
                *(part.markdown for part in parts),
            ]
        )


def card_section(about: Sequence[CardPart]) -> str:
    """Return the facts of a card as a section of an evaluation's page, which says itself how good it is.

    Examples
    --------
    >>> card_section([]), card_section([CardPart(title="Data", sentences=("Of <A>.",))]).count("&lt;A&gt;")
    ('', 1)
    """
    if not about:
        return ""
    said = (
        "What is to be known before it is used, as Mitchell et al. (2019, doi 10.1145/3287560.3287596) propose; how "
        "good it is stands above. As Markdown: trova card"
    )
    return (
        f'<section><h2>Model card</h2><p class="small soft">{escape(said)}</p>'
        f"{''.join(part.html for part in about)}</section>"
    )
