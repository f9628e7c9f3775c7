"""Run the command as ``python -m survey.cli``."""

import sys

from survey.cli import main

sys.exit(main())
