# Alerts: what broke and what recovered, for whoever runs the hub.

alert-test = A test: messages of this hub come through
alert-failed-opened = { $connection }: a sync failed
alert-failed-closed = { $connection }: syncs work again
alert-held-opened = { $connection }: removals wait for a decision
alert-held-closed = { $connection }: no removal waits any more
alert-throttled-opened = { $connection }: the source makes syncs wait again and again
alert-throttled-closed = { $connection }: the source does not make syncs wait any more
alert-stale-opened = { $connection }: data is out of date
alert-stale-closed = { $connection }: data is up to date again
alert-emptier-opened = { $connection }: a field is filled less often than before
alert-emptier-closed = { $connection }: a field is filled as before

alert-stream = { $whole ->
    [0] { $stream }
   *[other] The connection
 }
alert-failed = { alert-stream }: { $message } ({ $code }, run { $run })
alert-held = { alert-stream }: { $would_remove } of { $live } records would go; confirm or refuse hold { $hold }.
alert-throttled = { alert-stream }: the last { $runs } runs were made to wait, { $minutes } minutes in all; see the connection’s limits.
alert-stale = { alert-stream }: { $never ->
    [0] not completed since { DAY($since) }, for more than { $missed } moments of its schedule.
   *[other] never completed in more than { $missed } moments of its schedule.
 }
alert-emptier = { alert-stream }: { $field } is filled in { $percent } % of the records, and was in { $before } %.
alert-over = { alert-stream }: over. It began on { DAY($day) } (alert { $id }).
