# Why an opportunity fits a person: one sentence per reason and per gap, without a full stop.
#
# $who is whom the sentence speaks to: "you" the person it is about, "named" somebody else who knows the person as
# $name, "they" somebody else. A level of 0 was stated by nobody. No sentence says more of a person than what somebody
# said or a system recorded; nobody is "he" or "she".

## Pieces that several sentences share. They are sentences of their own, so that a language may word each as it needs.

your = { $who ->
    [you] your
   *[they] the
 }
whose = { $who ->
    [you] your
    [named] { $name }'s
   *[they] the person's
 }
you-are = { $who ->
    [you] you are
    [named] { $name } is
   *[they] the person is
 }
you-speak = { $who ->
    [you] you speak
    [named] { $name } speaks
   *[they] the person speaks
 }
you = { $who ->
    [you] you
    [named] { $name }
   *[they] the person
 }
you-have = { $who ->
    [you] You have
   *[they] Has
 }
at-level = { $level ->
    [0] (level not stated)
   *[other] at level { $level }
 }
the-opportunity = { $noun ->
    [job] the job
    [project] the project
    [mentor] the mentor
    [mentee] the mentee
    [path] the path
    [course] the course
    [certification] the certification
   *[other] it
 }
asks = { the-opportunity } { $importance ->
    [essential] asks for
   *[desired] would like
 }
asks-level = { asks } { $asked ->
    [0] it
   *[other] { $asked }
 }
asks-it = { asks } it{ $asked ->
    [0] { "" }
   *[other] { " " }at level { $asked }
 }
beside = { $relation ->
    [narrower] , a narrower skill than { $near }
    [broader] , the broader field of { $near }
    [related] , related to { $near }
   *[same] { "" }
 }

## Reasons

reason-has = { you-have } { $skill } { at-level }, { asks-level }
reason-near = { you-have } { $near } { at-level }, { $relation ->
    [narrower] a narrower skill than { $skill }
    [broader] the broader field of { $skill }
   *[related] related to { $skill }
 }, which { asks }
reason-assumed = { $skill } is assumed from { your } title { $title } (confidence { NUMBER($confidence, minimumFractionDigits: 1) }), not stated
reason-confirmed = { $more ->
    [0] { LIST($skills) }
   *[other] { LIST($skills, style: "unit") } and { $more } more
 } { $count ->
    [1] is
   *[other] are
 } confirmed by more than a self-assessment
reason-unconfirmed = What is on file about the skills it needs weighs no more than a self-assessment, which counts a little
reason-uses-wished = Uses { $skill }{ beside }, which is on { your } wish list to use
reason-practises-wished = Is a chance to practise { $skill }{ beside }, which is on { your } wish list to learn
reason-asks-help = Asks for help with { $skill }{ beside }, which is on { your } wish list to teach
reason-teaches-wished = Teaches { $skill }{ beside }, which is on { your } wish list to learn
reason-step-up = Is a step up in { $skill }{ $level ->
    [0] { "" }
   *[other] { " " }from level { $level }
 }{ $asked ->
    [0] { "" }
   *[other] { " " }to { $level ->
        [0] level { $asked }
       *[other] { $asked }
     }
 }, towards what is on { your } wish list to learn
reason-taught-missing = Teaches { $skill }, not on { your } profile yet; { similar-roles } for it
reason-taught-higher = Teaches { $skill }, { $level ->
    [0] which has no stated level on { your } profile
   *[other] which is at level { $level } on { your } profile
 }; { similar-roles } for it
similar-roles = { $roles ->
    [one] a similar role asks
   *[other] { $roles } similar roles ask
 }
reason-place-remote = Can be done remotely
reason-place-same-country = Is in the same country ({ TERRITORY($country) })
reason-place-anywhere = Is open to any place
reason-place-preferred = Is in a country on { your } wish list ({ TERRITORY($country) })
reason-place-remote-unwished = Is remote, which is not what { you } asked for
reason-place-on-site-unwished = Is not offered as remote, which is what { you } asked for
reason-place-unknown = Where { you-are } is not known, so place counts in part
reason-language-spoken = Is in { LANGUAGE($language) }, which { you-speak }
reason-language-any = Asks for no particular language
reason-language-assumed = Is in English, which everyone is taken to understand
reason-language-unknown = Which languages { you-speak } is not known, so it counts in part
reason-hours-unstated = Does not say how many hours a week it takes
reason-hours-own-pace = Can be done at { $who ->
    [you] your
   *[they] one's
 } own pace
reason-hours = { takes-hours }
reason-hours-fit = { takes-hours }, of the { $wanted } { you } gave
reason-hours-beyond = { takes-hours }, more than the { $wanted } { you } gave
takes-hours = Takes { $hours ->
    [1] 1 hour
   *[other] { $hours } hours
 } a week
reason-start-unstated = Does not say when it starts
reason-start = Starts on { DAY($day) }, when { you-are } free
reason-crowded = About { $people ->
    [one] { $people } other person fits
   *[other] { $people } other people fit
 }, { $free ->
    [0] no place is left
    [one] 1 place is left
   *[other] { $free } places are left
 }
reason-avoids = Involves { $skill }, which is on { your } list of skills to avoid
reason-own-wishes = Place, hours, start and { whose } own preferences together; the details stay with the person

## Gaps: what is asked for and not, or not in full, on the profile

gap-missing = { $skill } is not on { your } profile, { asks-it }
gap-near = { $skill } is not on { your } profile, { asks-it }; { $near } counts in part
gap-assumed = { $skill } is not on { your } profile, only assumed from { your } title { $title }; { asks-it }
gap-below = { $skill } is at level { $level }, { asks-level }
gap-level-unstated = { $skill } has no stated level, { asks-level }

## What an opportunity asks for, read on its own page

need-essential = { need-who } asks for { $skill }{ need-level }{ need-origin }
need-desired = { need-who } would like { $skill }{ need-level }{ need-origin }
need-who = { $noun ->
    [job] The job
    [project] The project
    [mentor] The mentor
    [mentee] The mentee
    [path] The path
    [course] The course
    [certification] The certification
   *[other] It
 }
need-level = { $asked ->
    [0] { "" }
   *[other] { " " }at level { $asked }
 }
need-origin = { $origin ->
    [stated] { "" }
   *[text] { " " }(found in the text)
 }
confirmation = confirmed by { $name }, { DAY($day) }

## What a skill more would change

raise-in-list = { raise }, and its place in your list { $rank_after } instead of { $rank_before }
raise-same-rank = { raise }; its place in your list would stay { $rank_after }
raise-enters = { raise }, and it would enter your list at place { $rank_after }
raise-unlisted = { raise }; it would still not be in your list
raise = With { $skill } at level { $level }{ $has_level ->
    [0] { "" }
   *[other] { " " }instead of { $has_level }
 } your match would be { $digits ->
    [0] { NUMBER($after, maximumFractionDigits: 0) } instead of { NUMBER($before, maximumFractionDigits: 0) }
   *[other] { NUMBER($after, minimumFractionDigits: 1) } instead of { NUMBER($before, minimumFractionDigits: 1) }
 }
