"""How far a long task has come, what went wrong with it, and what it did in the end."""

from traitlets import Unicode

from trova_widgets.models.task import TaskModel
from trova_widgets.widgets.view import Part, View


class TaskStatus(View[TaskModel]):
    """The status of a task, nothing as long as there is nothing to say.

    Parameters
    ----------
    model : TaskModel
        The task; one that has a ``report`` shows it when it is done.
    """

    template_file = (__file__, "task_status.vue")

    report = Unicode("").tag(sync=True)

    def __init__(self, model: TaskModel) -> None:
        super().__init__(Part(model, ("busy", "progress", "problem", "report")))
