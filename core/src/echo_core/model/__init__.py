"""The records that cross every seam of Echo Hub: frozen, validated, free of any vendor's words."""

from echo_core.model.learning import LearningRecord
from echo_core.model.opportunity import Job, LearningPath, Mentorship, Opportunity, OpportunityKind, Project
from echo_core.model.organisation import HiringTeamMember, OrgUnit, Place, Requisition
from echo_core.model.person import Language, Person, Preferences
from echo_core.model.record import Excluded, PersonRef, Record, Value
from echo_core.model.skill import Requirement, SkillAssertion, SkillClaim

ENTITIES: dict[str, type[Record]] = {
    entity.entity: entity
    for entity in (
        Person,
        OrgUnit,
        Place,
        Requisition,
        HiringTeamMember,
        Job,
        Project,
        Mentorship,
        LearningPath,
        LearningRecord,
        SkillAssertion,
    )
}
"""Every entity a connector may yield, by the name stored beside its rows."""

__all__ = [
    "ENTITIES",
    "Excluded",
    "HiringTeamMember",
    "Job",
    "Language",
    "LearningPath",
    "LearningRecord",
    "Mentorship",
    "Opportunity",
    "OpportunityKind",
    "OrgUnit",
    "Person",
    "PersonRef",
    "Place",
    "Preferences",
    "Project",
    "Record",
    "Requirement",
    "Requisition",
    "SkillAssertion",
    "SkillClaim",
    "Value",
]
