# Why a stored opportunity is not listed, by the rule that hides it.

hidden-not-open = The source says it is paused, filled or closed.
hidden-requisition-missing = The requisition behind the post is not on file: confidential, excluded or removed.
hidden-requisition-draft = The requisition behind the post is a draft.
hidden-requisition-closed = The requisition behind the post is closed.
hidden-ended = Its last day is over.
hidden-retired = The learning platform has retired it.
hidden-content-kind = A single video, book or article is content, not an opportunity; paths and courses are listed.
hidden-mentor-left = The mentor is not with the company any more.
hidden-one-post-per-requisition = Another post of the same requisition is listed; an internal one comes first.
hidden-unreadable = Cannot be read as it is stored; see what the hub keeps aside (echo-hub health).
