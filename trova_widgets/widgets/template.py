"""A Vue template that a browser can send events to, and nothing else."""

import logging
from typing import Any

from ipyvuetify.VuetifyTemplate import VuetifyTemplate

_log = logging.getLogger(__name__)


class Template(VuetifyTemplate):
    """What all templates of Trova are.

    ipyvue answers more messages than ours need: one of them imports any module and calls what it finds there, others
    call any method of the widget or set any attribute of any widget. Whoever can open the page can send them. Here a
    message is the name of a handler (``vue_...``) that the class has, with its data, or it is not heard.
    """

    def _handle_event(self, _: Any, content: dict[str, Any], buffers: list[memoryview]) -> None:
        event = content.get("event")
        handler = getattr(type(self), f"vue_{event}", None) if isinstance(event, str) else None
        if handler is None:
            _log.info("a message to %s that no page sends was not heard", type(self).__name__)
            return
        data = content.get("data", {})
        if buffers:
            handler(self, data, buffers)
        else:
            handler(self, data)
