# Why nothing is matched for a person. To somebody else nothing says whether it was the person's own word.

unranked-opted-out = You have opted out of matching, so nothing is ordered by how it fits you: everybody sees the same order.
unranked-switched-off = { $scope ->
    [country] Matching is switched off in { TERRITORY($value) }
    [unit] Matching is switched off for { $value }
   *[everybody] Matching is switched off for everybody
 }, so nothing is ordered by how it fits you: everybody sees the same order.
unranked-for-other = Matching is off for this person, so nothing is ordered by how it fits them: everybody sees the same order.

# Why an opportunity is not there for a person, or is not matched.

kind-switched-off = Opportunities of this kind are switched off here; HR operations decide that.
