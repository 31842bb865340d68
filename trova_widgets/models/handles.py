"""What one does alike with the things of a table: rename, copy, compare, annotate, and delete when one has agreed."""

from collections.abc import Collection
from typing import Literal

from traitlets import Dict, Int, Unicode

from trova_widgets.models.application import ApplicationModel
from trova_widgets.models.changing import changing
from trova_widgets.models.task import TaskModel
from trova_widgets.store import KINDS, Kind
from trova_widgets.workspace.comparing import Comparison
from trova_widgets.workspace.deleting import Deletion

#: What one is asked about in a dialog.
QUESTIONS = ("rename", "copy", "annotate", "delete", "compare")


class HandlesModel(TaskModel):
    """The state and the actions of the dialogs about networks, data sets or experiments.

    Parameters
    ----------
    application : ApplicationModel
        What all pages share.
    kind : {"network", "dataset", "experiment"}
        What they are.

    Attributes
    ----------
    title : str
        What they are called.
    asking : str
        The dialog that is open, one of `QUESTIONS`; nothing where none is.
    thing : str
        The name of what it is about.
    new_name, remark : str, seed : int
        What is answered.
    words : str
        What would go with what is to be deleted; nothing as long as that is being looked up.
    compared : dict
        ``names``, and ``rows`` of ``property``, ``values`` and ``differs``.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> from trova_widgets import Workspace
    >>> with TemporaryDirectory() as folder, Workspace.create(f"{folder}/study") as workspace:
    ...     network = workspace.create_network("base")
    ...     model = HandlesModel(ApplicationModel(workspace), "network")
    ...     model.ask("delete", "base")
    ...     print(model.words)
    ...     model.delete()
    ...     len(workspace.networks())
    The network base goes, and nothing else with it. It cannot be taken back.
    0
    """

    title = Unicode("")
    asking = Unicode("")
    thing = Unicode("")
    new_name = Unicode("")
    remark = Unicode("")
    seed = Int(1)
    words = Unicode("")
    compared = Dict()

    def __init__(self, application: ApplicationModel, kind: Kind) -> None:
        self._kind: Kind = kind
        self._deletion: Deletion | None = None
        super().__init__(application)
        self.title = KINDS[kind]
        application.observe(lambda _: self.close(), "page")

    def ask(self, question: Literal["rename", "copy", "annotate", "delete"], name: str) -> None:
        """Open a dialog about something."""
        if question not in QUESTIONS:
            return
        self._deletion = None
        self.problem, self.words, self.remark = "", "", ""
        self.thing, self.new_name, self.asking = name, name, question
        if question == "copy":
            self.do("", self._names, lambda names: self.set_trait("new_name", free_name(name, names)))
        if question == "delete":
            self.do("Looking what goes with it", lambda: self.workspace.deletion(self._kind, name), self._say_what_goes)

    def compare(self, names: list[str]) -> None:
        """Show several things side by side, or what one is."""
        self.thing, self.compared, self.asking = names[0] if len(names) == 1 else "", {}, "compare"
        self.do("Comparing", lambda: self.workspace.compare(self._kind, *names), self._show)

    @changing
    def rename(self) -> None:
        """Give it the new name."""
        name, new = self.thing, self.new_name.strip()
        self.do(
            f"Renaming {name}",
            lambda: self.workspace.rename(self._kind, name, new),
            lambda _: self._done(f"{name} is called {new} now.", {name: new}),
        )

    @changing
    def copy(self) -> None:
        """Draw a data set anew, with another seed, or copy a network or an experiment as it is."""
        name, new = self.thing, self.new_name.strip()
        changes = {"seed": self.seed} if self._kind == "dataset" else {}
        self.do(
            f"Copying {name}",
            lambda: self.workspace.copy(self._kind, name, new, **changes),
            lambda _: self._done(f"{new} is a copy of {name}."),
        )

    @changing
    def annotate(self) -> None:
        """Leave the remark beside it."""
        name, remark = self.thing, self.remark
        self.do(
            f"Keeping the remark on {name}",
            lambda: self.workspace.annotate(name, remark),
            lambda _: self._done("The remark is kept."),
        )

    @changing
    def delete(self) -> None:
        """Delete it with what goes with it, as was said."""
        deletion, name = self._deletion, self.thing
        if deletion is None or deletion.name != name:
            return
        self.do(
            f"Deleting {name}",
            lambda: self.workspace.delete(deletion),
            lambda _: self._done(f"{name} is deleted.", {name: ""}),
        )

    def close(self) -> None:
        """Close the dialog."""
        self.asking, self.problem, self._deletion = "", "", None

    def _say_what_goes(self, deletion: Deletion) -> None:
        # meanwhile somebody may have asked for something else
        if (self.asking, self.thing) == ("delete", deletion.name):
            self._deletion, self.words = deletion, str(deletion)

    def _show(self, compared: Comparison) -> None:
        differing = set(compared.differing.index)
        self.compared = {
            "names": [str(name) for name in compared.table.columns],
            "rows": [
                {"property": str(name), "values": [str(value) for value in row], "differs": name in differing}
                for name, row in zip(compared.table.index, compared.table.to_numpy(), strict=True)
            ],
        }

    def _done(self, sentence: str, moved: dict[str, str] | None = None) -> None:
        """Close the dialog, and let the address go along with a name."""
        self.close()
        application = self.application
        if application.subject in (moved or {}):
            application.open(application.page, (moved or {})[application.subject])
        application.notify(sentence)
        application.refresh()

    def _names(self) -> set[str]:
        workspace = self.workspace
        listed = {"network": workspace.networks, "dataset": workspace.datasets, "experiment": workspace.experiments}
        return set(listed[self._kind]()["name"])


def free_name(name: str, taken: Collection[str]) -> str:
    """Return a name for a copy: that of the original with the next number that is free.

    Examples
    --------
    >>> free_name("base", {"base"}), free_name("base-2", {"base", "base-2", "base-3"})
    ('base-2', 'base-4')
    """
    stem, dash, number = name.rpartition("-")
    if not (dash and number.isdecimal()):
        stem, number = name, "1"
    count = int(number) + 1
    while f"{stem}-{count}" in taken:
        count += 1
    return f"{stem}-{count}"
