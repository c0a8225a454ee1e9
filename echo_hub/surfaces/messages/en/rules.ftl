# What each rule says of a person and an opportunity: whole sentences. $who as in match.ftl.

gate-person-active = { $who ->
    [you] You are with the company.
   *[they] Is with the company.
 }
gate-person-on-leave = { $who ->
    [you] You are on leave and may still look.
   *[they] Is on leave and may still look.
 }
gate-person-left = { $who ->
    [you] You have left the company.
   *[they] Has left.
 }
gate-person-future = { $who ->
    [you] You have not started yet.
   *[they] Has not started yet.
 }
gate-open = Is open.
gate-closed = Is no longer open.
gate-seats-unlimited = States no limit of places.
gate-seats-free = { $free } of { $seats } places are free.
gate-seats-taken = Has { $taken } of at most { $seats } { $of ->
    [mentees] mentees
   *[people] people
 }.
gate-country-any = Is open in every country.
gate-country-unknown = Is open in { TERRITORIES($countries) }; { whose } country is not known, so it is shown.
gate-country-move = Is in { TERRITORIES($countries) }, for anybody who would move; { you-are } in { TERRITORY($country) }.
gate-country = Is open in { TERRITORIES($countries) }; { you-are } in { TERRITORY($country) }.
gate-language-any = Asks for no particular language.
gate-language-unknown = Is in { LANGUAGES($languages, style: "or") }; { whose } languages are not known, so it is shown.
gate-language-assumed = Is in { LANGUAGES($languages, style: "or") }; everyone is taken to understand English.
gate-language = Is in { LANGUAGES($languages, style: "or") }; { you-speak } { LANGUAGES($spoken) }.
gate-own = Is { whose } own.
gate-owner-other = Is someone else's.
gate-owner-nobody = Has no owner on file.
gate-line-irrelevant = Reporting lines matter for mentoring only.
gate-line-unknown = Whether the two report to one another is not known: the other side is not on file as a person.
gate-line-own = Is with oneself, and nobody reports to themselves.
gate-line-apart = Neither reports to the other, as far as managers are on file.
gate-line-reports = One reports to the other, directly or through managers.
gate-zone-any = May be in any time zone.
gate-zone-unknown = The time zone of one side is not known, so it is shown.
gate-zone-apart = The clocks are { $hours ->
    [1] 1 hour
   *[other] { $hours } hours
 } apart; mentoring reaches across { $most }.
gate-owner-not-needed = Needs no particular person to be there.
gate-owner-unknown = Whether the other side is with the company is not known: it is not on file as a person.
gate-owner-there = The other side is with the company.
gate-owner-gone = The other side is not with the company now.
gate-not-done = No completion of it is on file.
gate-done = Was completed already.
