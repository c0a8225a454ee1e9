# Why two people were paired, and why a mentee was not. Reasons of a pair are those of match.ftl.

pair-speak = Both speak { LANGUAGES($languages) }.
pair-english-assumed = No language of both is on file; everyone is taken to understand English.
pair-language-unknown = Whether they have a language in common is not known.
pair-clocks-same = Their clocks are the same.
pair-clocks-apart = Their clocks are up to { $hours ->
    [1] 1 hour
   *[other] { $hours } hours
 } apart.
pair-clocks-unknown = The time zone of one of them is not known.

unassigned-nobody = No mentor offers { LIST($wishes, style: "or") } or a skill next to it.
unassigned-peers = No mentor teaches { LIST($wishes, style: "or") }.
unassigned-full = No mentor with { LIST($wishes, style: "or") } has a place left; { $mentors } would fit.
unassigned-ruled-out = No mentor with { LIST($wishes, style: "or") } may be paired: { LIST($rules, style: "unit") }.

## Items of the lists above

wish = { $skill }
wish-above-level = { $skill } above level { $level }
wish-above-own = { $skill } above the mentee's own level
wishes-more = { $count } more

ruled-out-country = { $mentors } × not open in the mentee's country
ruled-out-language = { $mentors } × in a language the mentee is not known to speak
ruled-out-common-language = { $mentors } × no common language
ruled-out-not-own = { $mentors } × the offer is the mentee's own
ruled-out-reporting-line = { $mentors } × one reports to the other
ruled-out-time-zone = { $mentors } × clocks too far apart
ruled-out-refused = { $mentors } × ruled out by a person, or paired before
