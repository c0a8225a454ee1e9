"""The sync kernel: reads streams page by page and owns every piece of state, so that connectors own none."""
