"""What people and services may do: the only door between surfaces and everything below.

One module per subject. Every public function takes who acts first and the opened hub second, and asks
`echo_hub.services.access` exactly once; a test lists them and holds them against the table of rules.
"""
