"""Whether what draws the page still lives, and what failed behind it."""

from importlib.metadata import version

from ipywidgets.widgets.widget import _instances
from traitlets import Int, Unicode

from trova_widgets.models.failures import FailuresModel
from trova_widgets.widgets.view import View


class Pulse(View[FailuresModel]):
    """A heartbeat through the kernel, and the list of failures.

    The browser knocks every few seconds, and the kernel answers with the same number: late, where it is busy, never,
    where it has ended. The server is asked as well, for it knows why. Where the way to it was cut, it is made anew.

    Parameters
    ----------
    model : FailuresModel
        What failed.
    """

    template_file = (__file__, "pulse.vue")

    answered = Int(0).tag(sync=True)
    version = Unicode("").tag(sync=True)

    def __init__(self, model: FailuresModel) -> None:
        super().__init__(model, version=version("trova-widgets"))

    def vue_knock(self, number: int) -> None:
        """Answer."""
        self.answered = number

    def vue_resume(self, number: int) -> None:
        """Answer a page that was cut off: it may have missed something, so everything is told again."""
        for widget in list(_instances.values()):
            if widget.comm is not None:
                widget.send_state()
        self.answered = number

    def vue_clear(self, _: object = None) -> None:
        """Forget the failures."""
        self.model.clear()
