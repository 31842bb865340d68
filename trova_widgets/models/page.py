"""What the models of pages have in common: they read again when the store has changed, and say what went wrong."""

from contextlib import suppress
from typing import Any, ClassVar

from traitlets import Bool, TraitError

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.background import InOrderQueue
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
    #: Traits that a person comes back to when the page is loaded again.
    remembered: ClassVar[tuple[str, ...]] = ()

    def __init__(self, application: ApplicationModel) -> None:
        super().__init__(application)
        self._outdated = False
        self._reading = InOrderQueue()
        application.observe(lambda _: self._changed(), "revision")
        application.observe(lambda _: self._shown(), "page")
        application.observe(lambda _: self._recall(), "recalls")
        if self.remembered:
            self.observe(lambda _: self._keep(), list(self.remembered))
        self.refresh()
        self._recall()

    def recall(self, kept: dict[str, Any]) -> None:
        """Come back to what was open when the browser left: the traits of `remembered`, as far as they fit."""
        for name in self.remembered:
            if name in kept:
                with suppress(TraitError):
                    self.set_trait(name, kept[name])

    def refresh(self) -> None:
        """Read the workspace again."""
        raise NotImplementedError

    def _keep(self) -> None:
        kept = {name: getattr(self, name) for name in self.remembered}
        self.application.memory = {**self.application.memory, self.slug: kept}

    def _recall(self) -> None:
        if kept := self.application.recalled.get(self.slug):
            self.recall(kept)

    def _changed(self) -> None:
        # a page that nobody looks at reads again when it is opened
        self._outdated = True
        self._shown()

    def _shown(self) -> None:
        if self._outdated and self.application.page == self.slug:
            self._outdated = False
            self.refresh()
