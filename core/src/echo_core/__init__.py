"""What an Echo Hub plug-in author needs: records, the connector contract, the skills graph, the matcher.

Rooms, lowest first: `model`, `text`, `connectors`, then `http` and `skills`, then `matching`, then `testing`.
A room imports only downward; import-linter keeps it so.
Importing this package imports none of them.
"""
