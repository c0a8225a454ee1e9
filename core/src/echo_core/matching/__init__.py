"""Who fits what, and why: hard gates, an additive score, its order and its reasons. Functions of arrays.

A person's claims become tables (`build_profile`), opportunities become matrices (`build_block`), and a score is a
sum of named contributions (`Scorer`) that an `Explainer` puts into words. Gates stand apart: no score opens one.
"""

from echo_core.matching.arrays import IMPORTANCES, STANCES, ClaimIndex, Claims, Needs, SkillSet
from echo_core.matching.block import LEVELS, OpportunityBlock, OpportunityFacts, build_block
from echo_core.matching.features import Growth
from echo_core.matching.gates import RULES, GateFacts, GatePerson, Verdict, eligible, verdicts
from echo_core.matching.profile import PersonFacts, Profile, build_profile
from echo_core.matching.rank import Retrieval, in_order, mixed
from echo_core.matching.reasons import Breakdown, Contribution, Explainer, Missing
from echo_core.matching.scorer import Scorer, Scores
from echo_core.matching.space import SkillSpace, build_space
from echo_core.matching.weights import FEATURES, KINDS, Weights, WeightsError, default_weights, read_weights

__all__ = [
    "FEATURES",
    "IMPORTANCES",
    "KINDS",
    "LEVELS",
    "RULES",
    "STANCES",
    "Breakdown",
    "ClaimIndex",
    "Claims",
    "Contribution",
    "Explainer",
    "GateFacts",
    "GatePerson",
    "Growth",
    "Missing",
    "Needs",
    "OpportunityBlock",
    "OpportunityFacts",
    "PersonFacts",
    "Profile",
    "Retrieval",
    "Scorer",
    "Scores",
    "SkillSet",
    "SkillSpace",
    "Verdict",
    "Weights",
    "WeightsError",
    "build_block",
    "build_profile",
    "build_space",
    "default_weights",
    "eligible",
    "in_order",
    "mixed",
    "read_weights",
    "verdicts",
]
