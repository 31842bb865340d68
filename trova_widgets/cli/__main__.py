"""``python -m trova_widgets.cli`` is the command ``trova``."""

import sys

from trova_widgets.cli import main

sys.exit(main())
