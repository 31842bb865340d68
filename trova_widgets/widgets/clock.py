"""The clock of blasting: what it says in a line, and its picture where that is wanted."""

from trova_widgets.models.clock import ClockModel
from trova_widgets.widgets.view import View


class ClockPanel(View[ClockModel]):
    """A line that opens into a picture, bound to its model.

    Parameters
    ----------
    model : ClockModel
        What is shown.
    """

    template_file = (__file__, "clock.vue")
