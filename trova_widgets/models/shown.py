"""A model whose changes reach a browser together."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from typing import Any

from traitlets import HasTraits


class ShownModel(HasTraits):
    """A model that views show: what changes together is sent together.

    Where several traits are set while notifications are held, each view would send a message for each of them, and a
    browser draw anew with each message.
    """

    #: What every view holds its messages back with.
    _holding: tuple[Callable[[], AbstractContextManager[Any]], ...] = ()

    def shown_by(self, hold: Callable[[], AbstractContextManager[Any]], *, last: bool = False) -> None:
        """Have a view hold its messages back while notifications are held.

        Parameters
        ----------
        hold : callable
            Makes a context; the view sends at its end, for instance ``Widget.hold_sync``.
        last : bool
            Whether it sends after all others, which are drawn sooner.
        """
        # the first context ends last
        self._holding = (hold, *self._holding) if last else (*self._holding, hold)

    @contextmanager
    def hold_trait_notifications(self) -> Iterator[None]:
        """Hold notifications, and what views send because of them."""
        with ExitStack() as views:
            for hold in self._holding:
                views.enter_context(hold())
            with super().hold_trait_notifications():
                yield
