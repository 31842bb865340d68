"""What can be done with a workspace, task by task; `study.Workspace` is all of them together."""
