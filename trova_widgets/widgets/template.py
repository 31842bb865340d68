"""A Vue template that a browser can send events to, and nothing else."""

import logging
from pathlib import Path
from typing import Any

from ipyvuetify.VuetifyTemplate import VuetifyTemplate

from trova_widgets.widgets.compiled.template import compiled_template

_log = logging.getLogger(__name__)


class Template(VuetifyTemplate):
    """What all templates of Trova are.

    ipyvue answers more messages than ours need: one of them imports any module and calls what it finds there, others
    call any method of the widget or set any attribute of any widget. Whoever can open the page can send them. Here a
    message is the name of a handler (``vue_...``) that the class has, with its data, or it is not heard.

    Parameters
    ----------
    **traits
        What the template shows.
    """

    #: The module that the template stands beside, and the template's name.
    template_file: tuple[str, str] | None = None

    def __init__(self, **traits: Any) -> None:
        beside, name = self.template_file or ("", "")
        template = compiled_template(Path(beside).with_name(name)) if name else None
        if template is not None:
            traits["template"] = template
            # ipyvue would send what this was compiled of
            self.template_file = None
        super().__init__(**traits)

    def _handle_event(self, _: Any, content: dict[str, Any], buffers: list[memoryview]) -> None:
        event = content.get("event")
        handler = getattr(type(self), f"vue_{event}", None) if isinstance(event, str) else None
        if handler is None:
            _log.info("a message to %s that no page sends was not heard", type(self).__name__)
            return
        data = content.get("data", {})
        try:
            if buffers:
                handler(self, data, buffers)
            else:
                handler(self, data)
        except Exception:
            # ipywidgets sends what goes wrong to a cell that no page has: nobody would ever know
            _log.exception("%s did not do what %s asks for", type(self).__name__, event)
            raise
