"""Which records stand in a cell of the confusion matrix, and the ways to each of them."""

from trova_widgets.models.results import ResultsModel
from trova_widgets.widgets.view import Part, View


class TakenRecords(View[ResultsModel]):
    """The records that were taken for a class, the surest first.

    Each leads to its seismogram, to its fingerprint, and to the combinations that tell it wrong.

    Parameters
    ----------
    model : ResultsModel
        It knows them.
    """

    template_file = (__file__, "taken_records.vue")

    def __init__(self, model: ResultsModel) -> None:
        super().__init__(Part(model, ("taken", "confused", "missed", "listed")))

    def vue_go(self, place: list[str]) -> None:
        """Go to another page, and there to a record."""
        self.model.application.open(*place)

    def vue_all_mistakes(self, _: object = None) -> None:
        """List all mistakes again."""
        self.model.confused = []

    def vue_miss(self, record_id: str) -> None:
        """Bring the combinations to the foreground that tell a record wrong."""
        self.model.miss(record_id)
