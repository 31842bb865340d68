"""The gate as a process: ``python -m trova_widgets.pages.gate``, as `trova_widgets.pages.server` starts it."""

import sys


def main() -> None:
    """Show the pages until the process is asked to end."""
    # what Jupyter checks its own events with builds a grammar of addresses in all scripts, where it finds one; no event
    # has such an address, and the grammar takes longer than all else of the server until it answers
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    from trova_widgets.pages.gate.application import Gate

    del sys.modules["rfc3987_syntax"]
    Gate.launch_instance()


if __name__ == "__main__":
    main()
