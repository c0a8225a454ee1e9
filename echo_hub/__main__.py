"""`python -m echo_hub` is `echo-hub`."""

import sys

from echo_hub.surfaces.cli import main

sys.exit(main())
