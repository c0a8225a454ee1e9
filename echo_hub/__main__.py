"""`python -m echo_hub` is `echo-hub`."""

import sys

from echo_hub.cli import main

sys.exit(main())
