"""What an operator does to a hub rather than with it: back it up, restore it, upgrade it, find out what is wrong."""
