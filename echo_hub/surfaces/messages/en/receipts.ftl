# What was asked for when a receipt was kept, and what differs when it is run again.

asked-opportunity = { $opportunity }
asked-list = { LIST($parts, style: "unit") }
asked-words = “{ $words }”
asked-filter = { $field ->
    [kind] kind
    [country] country
    [remote] place of work
    [department] department
    [skill] skill
    [language] language
   *[hours_max] hours a week, at most
 } { LIST($values, style: "or") }
asked-from = { $first ->
    [1] from the top
   *[other] from { $first } on
 }

replay-total = The list had { $shown } entries; the replay has { $now }.
replay-weights = The new weights also change { LIST($tables, style: "unit") }; those were worked out from the whole company when this was shown, and stay as they were.
replay-release = It was shown by Echo Hub { $shown }; this is { $now }.
replay-scorer = It was scored by { $shown }, as it is here; the hub scores by { $now } now.
