"""Who may do what: one table of intents, asked once by every service function."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from echo_core.connectors.errors import HubError
from echo_hub.services.actor import GIVEN, ROLES, Actor, Role


class ForbiddenError(HubError):
    """The actor may not do this. The message is a sentence for the actor, and says who may."""

    code: ClassVar[str] = "access.forbidden"
    who: ClassVar[str] = "the person who asked"


@dataclass(frozen=True, slots=True)
class Rule:
    """Which access roles an intent takes.

    `what` completes "You may not …"; in it `{person}` is whom the object belongs to. `general` counts where the object
    belongs to nobody, `own` where it belongs to the actor, `anyone` whoever it belongs to.
    """

    what: str
    general: frozenset[Role] = frozenset()
    own: frozenset[Role] = frozenset()
    anyone: frozenset[Role] = frozenset()

    @property
    def refused(self) -> str:
        """What somebody may not do: "see somebody else's list"."""
        return self.what.format(person="somebody else")

    @property
    def act(self) -> str:
        """What it is, for a table: "See a person's list"."""
        text = self.what.format(person="a person")
        return text[:1].upper() + text[1:]


@dataclass(frozen=True, slots=True)
class Permit:
    """The answer yes: this actor may carry out this intent on what belongs to `of` (None: to nobody)."""

    actor: Actor
    intent: str
    of: str | None


def _roles(*roles: Role) -> frozenset[Role]:
    return frozenset(roles)


_ALL = frozenset(ROLES)
_HR = _roles("hr_operations")
_STAFF = frozenset(GIVEN)
_ENGINES = _roles("hr_operations", "integration_engineer")
_READERS = _roles("hr_operations", "auditor")
_ME = _roles("employee")
_OWNERS = _roles("opportunity_owner", "hiring_manager", "mentor")

RULES: dict[str, Rule] = {
    "feed.read": Rule("see {person}'s list", own=_ME, anyone=_HR),
    "search.read": Rule("search with {person}'s match", general=_ALL, own=_ME, anyone=_HR),
    "explanation.read": Rule("see why something fits {person}", own=_ME, anyone=_HR),
    "opportunity.read": Rule("see opportunities", general=_ALL),
    "people.find": Rule("find colleagues", general=_ALL),
    "people.unmatched": Rule("see the accounts that fit nobody", general=_STAFF),
    "look.read": Rule("see who looked at {person}'s data", own=_ME),
    "profile.read": Rule("see {person}'s profile", own=_ME, anyone=_HR),
    "correction.make": Rule("correct {person}'s skills", own=_ME, anyone=_HR),
    "correction.undo": Rule("take {person}'s correction back", own=_ME, anyone=_HR),
    "occupation.read": Rule("see which roles are near another", general=_ALL),
    "candidates.read": Rule("see who fits this", general=_HR, own=_OWNERS, anyone=_HR),
    "requirements.read": Rule(
        "see how the skills of this were decided", general=_READERS, own=_OWNERS, anyone=_READERS
    ),
    "requirements.decide": Rule("decide about the skills of this", general=_HR, own=_OWNERS, anyone=_HR),
    "requirements.undo": Rule("take decisions about these skills back", general=_HR, own=_OWNERS, anyone=_HR),
    "queue.read": Rule("see the names that wait for a decision", general=_STAFF),
    "queue.decide": Rule("decide what names of skills mean", general=_HR),
    "queue.undo": Rule("take decisions about names of skills back", general=_HR),
    "mentoring.read": Rule("see mentoring rounds", general=_READERS),
    "mentoring.draft": Rule("draft a mentoring round", general=_HR),
    "mentoring.decide": Rule("decide about a mentoring round", general=_HR),
    "mentoring.pair": Rule("change a mentoring pair", general=_HR),
    "mentoring.capacity": Rule("decide how many places a mentor has", own=_roles("mentor"), anyone=_HR),
    "receipt.list": Rule("see receipts of {person}'s lists", general=_READERS, own=_ME, anyone=_READERS),
    "receipt.read": Rule("see the receipt of {person}'s list", own=_ME, anyone=_READERS),
    "receipt.keep": Rule("keep a receipt of {person}'s list", own=_ME, anyone=_HR),
    "receipt.prune": Rule("remove old receipts", general=_HR),
    "connection.read": Rule("see connections", general=_STAFF),
    "health.read": Rule("see how the hub is", general=_STAFF),
    "connection.title": Rule("see which systems there are", general=_ALL),
    "connection.check": Rule("try a connection", general=_ENGINES),
    "sync.run": Rule("start a sync", general=_ENGINES),
    "run.read": Rule("see runs", general=_STAFF),
    "run.cancel": Rule("cancel a run", general=_ENGINES),
    "hold.read": Rule("see removals on hold", general=_STAFF),
    "hold.decide": Rule("decide about removals on hold", general=_HR),
    "quarantine.read": Rule("see records in quarantine", general=_STAFF),
    "quarantine.value": Rule("see the values that put records into quarantine", general=_HR),
    "quarantine.replay": Rule("read records in quarantine again", general=_ENGINES),
    "schedule.read": Rule("see schedules", general=_STAFF),
    "schedule.set": Rule("change schedules", general=_ENGINES),
    "task.read": Rule("see tasks", general=_STAFF),
    "task.cancel": Rule("cancel a task", general=_ENGINES),
    "task.retry": Rule("try a task again", general=_ENGINES),
    "alert.read": Rule("see alerts", general=_STAFF),
    "alert.test": Rule("send a test of the alerts", general=_ENGINES),
    "alert.mute": Rule("mute a connection's alerts", general=_ENGINES),
    "taxonomy.read": Rule("read the skills graph", general=_ALL),
    "taxonomy.import": Rule("import a taxonomy", general=_ENGINES),
    "taxonomy.edit": Rule("edit the skills graph", general=_HR),
    "taxonomy.train": Rule("train vectors", general=_ENGINES),
    "event.read": Rule("read the timeline", general=_READERS),
    "rematch.write": Rule("match the whole company", general=_HR),
    "erasure.check": Rule("see what erasing somebody would remove", general=_HR),
    "erasure.run": Rule("erase somebody", general=_HR),
    "session.start": Rule("sign in as {person}", own=_ME),
    "session.list": Rule("see where {person} is signed in", own=_ME, anyone=_HR),
    "session.end": Rule("sign {person} out", own=_ME, anyone=_HR),
    "identity.unlink": Rule("forget which account is somebody's", anyone=_HR),
    "token.list": Rule("see service tokens", general=_STAFF),
    "token.make": Rule("make service tokens", general=_ENGINES),
    "token.revoke": Rule("revoke service tokens", general=_ENGINES),
    "access.read": Rule("see who may do what", general=_ALL),
    "notice.acknowledge": Rule("read the notice for {person}", own=_ME),
    "matching.read": Rule("see whether {person} is matched", own=_ME, anyone=_HR),
    "matching.choose": Rule("take {person} out of matching", own=_ME, anyone=_HR),
    "policy.read": Rule("see what is switched off", general=_READERS),
    "policy.set": Rule("switch matching or a kind off or on", general=_HR),
    "policy.undo": Rule("take a switch back", general=_HR),
}
"""Every intent there is. A test holds it against the service functions, one for one."""

SUBJECTS: dict[str, tuple[str, ...]] = {
    "Lists and search": ("feed", "search", "explanation", "opportunity", "occupation"),
    "People": ("people", "profile", "look", "correction"),
    "An opportunity, for its owner": ("candidates", "requirements"),
    "Mentoring": ("mentoring",),
    "Saying no": ("matching", "policy"),
    "Receipts": ("receipt",),
    "Signing in": ("notice", "access", "session", "identity", "token"),
    "Names of skills, and the skills graph": ("queue", "taxonomy"),
    "Connections and syncs": ("connection", "health", "sync", "run", "hold", "quarantine", "schedule", "task", "alert"),
    "The whole company": ("event", "rematch", "erasure"),
}
"""First parts of intents by what they are about, for reading."""

ROLE_WORDS: dict[Role, str] = {
    "employee": "the person it is about",
    "mentor": "the mentor",
    "opportunity_owner": "its owner",
    "hiring_manager": "the hiring manager",
    "people_manager": "the person's manager",
    "hr_operations": "HR operations",
    "integration_engineer": "an integration engineer",
    "auditor": "an auditor",
}
"""Access roles as they stand in a refusal."""

ROLE_SOURCES: dict[Role, str] = {
    "employee": "whoever is on file and with the company",
    "mentor": "who owns an offer of mentoring",
    "opportunity_owner": "who owns a project or a learning path",
    "hiring_manager": "who owns a job: the hiring managers of its team",
    "people_manager": "whom somebody reports to",
    "hr_operations": "given by the groups of the sign-in",
    "integration_engineer": "given by the groups of the sign-in",
    "auditor": "given by the groups of the sign-in",
}
"""Where each access role comes from."""


def allow(actor: Actor, intent: str, *, of: str | None = None, about: str | None = None) -> Permit:
    """Permission for one intent.

    Args:
        of: the public id of the person whom the object belongs to; "" for a person who must not be told apart from
            anybody else, None where it belongs to nobody.
        about: the public id of the opportunity that the object is or belongs to. A role for some countries or units
            counts where the person or the opportunity lies there; what belongs to neither takes a role for all.

    Raises:
        ForbiddenError: the table does not let the actor do this.
    """
    if actor.intents is not None and intent not in actor.intents:
        raise ForbiddenError(f"{actor.name} may not {RULES[intent].refused}: its token is limited to other things.")
    if not allows(actor, intent, of=of, about=about):
        raise ForbiddenError(_refusal(actor, RULES[intent], of))
    return Permit(actor, intent, of)


def allows(actor: Actor, intent: str, *, of: str | None = None, about: str | None = None) -> bool:
    """Whether `allow` would say yes, for what is shown: a link that leads to a refusal is not offered."""
    if actor.intents is not None and intent not in actor.intents:
        return False
    rule = RULES[intent]
    enough = rule.general if of is None else rule.anyone | (rule.own if of and of == actor.person else frozenset())
    if not actor.roles.isdisjoint(enough):
        return True
    places = [public_id for public_id in (of, about) if public_id]
    return any(scoped.role in enough and any(map(scoped.scope.holds, places)) for scoped in actor.scoped)


def _refusal(actor: Actor, rule: Rule, of: str | None) -> str:
    enough = rule.general if of is None else rule.anyone | rule.own
    words = [ROLE_WORDS[role] for role in ROLES if role in enough]
    may = ", ".join(words[:-1]) + (" or " if len(words) > 1 else "") + words[-1] if words else "nobody"
    only = "".join(f" You are {ROLE_WORDS[each.role]} for {each.scope.words} only." for each in actor.scoped)
    return f"You act as {actor.name} and may not {rule.refused}; {may} may.{only}"
