"""What an Echo Hub plug-in author needs: records, the connector contract, the skills graph, the matcher.

Rooms, lowest first: `echo_core.model`, then `echo_core.connect` and `echo_core.skills`, then
`echo_core.matching`, then `echo_core.testing`. A room imports only downward; a test keeps it so.
Importing this package imports none of them.
"""
