"""Where people meet the hub: thin renderings of one view model."""
