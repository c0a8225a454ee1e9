"""Quality of linking, spotting and matching against answer keys: one command per task, see `__main__`."""
