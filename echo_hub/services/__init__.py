"""What people can do: see their list, search everything, read the reasons."""
