"""A person's word about their own skills: "not me", or the level they have."""

from __future__ import annotations

from echo_hub.services.deciding import Deciding
from echo_hub.services.errors import ChoiceError
from echo_hub.services.people import person_row, person_view
from echo_hub.services.views import PersonView
from echo_hub.snapshot.skill_graph.decisions import Corrections
from echo_hub.snapshot.snapshot import Snapshot
from echo_hub.store.corrections import CORRECTIONS, CorrectionChoice
from echo_hub.store.database import Database

STANCES = ("has", "wants_to_use", "wants_to_learn", "avoids")


def person_now(snapshot: Snapshot, database: Database, person: str) -> PersonView:
    """A person with what they have said of their skills up to this moment, which the snapshot may not know yet.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
    """
    row = person_row(snapshot, person)
    people = (snapshot.people[row],)
    fresh = Corrections(
        CORRECTIONS.standing(database), people, snapshot.directory, snapshot.taxonomy, snapshot.names.meaning
    )
    return person_view(snapshot, row, fresh)


def correction(
    snapshot: Snapshot, person: str, skill: str, *, stance: str = "has", level: int | None = None, note: str = ""
) -> CorrectionChoice:
    """What is to be stored when a person corrects a skill; without a level they say that it is not theirs.

    Args:
        skill: the id or name of a skill, or a name on the profile that the graph does not know.

    Raises:
        UnknownPersonError, AmbiguousPersonError: `person` does not name one person.
        UnknownSkillError: nothing on the profile or in the graph is called that.
        ChoiceError: nobody says they have the skill; or a level that cannot be.
    """
    row = person_row(snapshot, person)
    if stance not in STANCES:
        raise ChoiceError(f"{stance!r} cannot be corrected; valid: {', '.join(STANCES)}.")
    if level is not None and not 1 <= level <= 5:
        raise ChoiceError(f"There is no level {level}; levels run from 1 (aware) to 5 (expert).")
    if level is not None and stance != "has":
        raise ChoiceError("Only a skill that somebody has can have a level.")
    who = snapshot.people[row]
    wanted = (skill.strip(), skill.strip().casefold())
    covered = ("has", "teaches") if stance == "has" else (stance,)
    claims = [claim for claim in snapshot.claims_of(row) if claim.stance in covered]
    named = ((claim, {claim.skill_id, claim.label.casefold(), claim.name.casefold()}) for claim in claims)
    meant = next((claim for claim, names in named if not names.isdisjoint(wanted)), None)
    if meant is not None:
        skill_id, label = meant.skill_id, meant.label
    else:
        chosen = Deciding(snapshot).skill(skill)
        skill_id, label = chosen.id, chosen.label
    behind = [
        claim for claim in claims if claim.skill_id == skill_id and (skill_id is not None or claim.label == label)
    ]
    if not behind and level is None:
        raise ChoiceError(f"Nobody says that {who.fact.name} {_SAYS[stance]} {label}.")
    return CorrectionChoice(
        person_id=who.id,
        employee_id=who.fact.employee_id,
        skill_id=skill_id,
        standing_id=None if skill_id is None else snapshot.taxonomy.standing_for(skill_id),
        skill=label,
        names=tuple(sorted({claim.name for claim in behind})),
        stance=stance,
        level=level,
        note=note,
    )


_SAYS = {"has": "has", "wants_to_use": "wants to use", "wants_to_learn": "wants to learn", "avoids": "avoids"}
