# Sentences that an older release stored as text, without saying which they were.

as-shown = { $text }
