# Why a name is taken to mean a skill, or is not. Said of names and texts, never of people. Parts of sentences that
# follow a skill or a name: without a capital and without a full stop.

link-external-id = carries the id of “{ $skill }”
link-name = same name as “{ $skill }”{ apart-from }
link-alias = same as the alias “{ $alias }” of “{ $skill }”{ apart-from }
apart-from = { $apart ->
    [wording] { " " }apart from plural, brackets, blanks or words such as “skills”
    [version] { " " }without the version
   *[nothing] { "" }
 }
link-several = several skills go by this name: { QUOTED($skills) }
link-in-context = { $reason }; of several of this name, the one that goes with “{ $beside }”
link-spelling = spelled like { spelled-name }
link-nearest = nearest is { spelled-name }, { $doubt }
spelled-name = “{ $name }”{ $named ->
    [alias] { " " }of “{ $skill }”
   *[itself] { "" }
 } ({ NUMBER($likeness, minimumFractionDigits: 2) })
link-doubt-below = below { NUMBER($threshold, minimumFractionDigits: 2) }
link-doubt-short = too short to tell by spelling
link-doubt-word = a word differs
link-doubt-numbers = the numbers differ
link-doubt-close = as close to “{ $skill }”
link-unlike = nothing in the taxonomy is spelled like it
link-too-long = is too long for a name
link-no-letters = has no letter or digit to go by
link-failed = cannot be looked up ({ $error })
link-plugin = a plug-in knows this name
link-with-content = linked when its content was read

link-decided = { decided }
link-rejected = no skill, { decided }
link-gone = was “{ $skill }”, { decided }; that skill is no longer in the taxonomy
decided = decided by { $by } on { DAY($day) }

## Why words of a text are taken to name a skill

spot-name = names “{ $skill }”{ in-its-context }{ to-confirm }
spot-alias = alias “{ $alias }” of “{ $skill }”{ in-its-context }{ to-confirm }
in-its-context = { $context ->
    [beside] , beside “{ $beside }”
    [sentence] , used as a skill in its sentence
   *[certain] { "" }
 }
to-confirm = { $sure ->
    [no] , to be confirmed
   *[yes] { "" }
 }
suggest-meaning = “{ $words }” is close in meaning to “{ $skill }”, to be confirmed
suggest-wording = “{ $words }” is worded like “{ $skill }”, to be confirmed
