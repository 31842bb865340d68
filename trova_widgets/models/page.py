"""What the models of pages have in common: they read again when the store has changed, and say what went wrong."""

from traitlets import Bool

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrder
from trova_widgets.models.task import TaskModel


class PageModel(TaskModel):
    """The state of one page, which is a task as well.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.

    Attributes
    ----------
    read : bool
        Whether the page has read the workspace once.
    """

    read = Bool(False)

    #: The page's name in the address.
    slug = ""

    def __init__(self, application: ApplicationModel) -> None:
        super().__init__(application)
        self._outdated = False
        self._reading = InOrder()
        application.observe(lambda _: self._changed(), "revision")
        application.observe(lambda _: self._shown(), "page")
        self.refresh()

    def refresh(self) -> None:
        """Read the workspace again."""
        raise NotImplementedError

    def _changed(self) -> None:
        # a page that nobody looks at reads again when it is opened
        self._outdated = True
        self._shown()

    def _shown(self) -> None:
        if self._outdated and self.application.page == self.slug:
            self._outdated = False
            self.refresh()
