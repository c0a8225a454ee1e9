# Which role a title means, and why a role is near another.

role-by-id = asked for by its id
role-same-name = same name as “{ $role }”
role-like = like “{ $role }” ({ NUMBER($likeness, minimumFractionDigits: 2) })

related-alike = alike in { $evidence ->
    [skill_words] skills named alike
    [activity_words] activities named alike
    [skill_levels] levels of skills
    [knowledge_levels] levels of knowledge
    [tasks] descriptions and tasks
    [titles] titles in use
    [interests] kind of work
    [skill_vectors] skills of like meaning
    [task_vectors] tasks of like meaning
   *[other] { $evidence }
 }
related-preparation = { $levels ->
    [0] same level of preparation
   *[other] level gap { $levels }
 }
related-shared = { $count ->
    [one] { $count } shared skill
   *[other] { $count } shared skills
 }: { named-skills }
related-shared-rare = { $count ->
    [one] { $count } shared rare skill
   *[other] { $count } shared rare skills
 }: { named-skills }
related-above = { $count } through { named-skills }
named-skills = { QUOTED($skills) }{ $more ->
    [0] { "" }
   *[other] , …
 }
