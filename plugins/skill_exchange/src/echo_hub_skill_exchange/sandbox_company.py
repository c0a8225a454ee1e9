"""The fictional company in Backstage's clothes: users, groups, annotated components, search documents, actions."""

from __future__ import annotations

import hashlib
import re
import unicodedata
import uuid
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from echo_core.testing.company import Colleague, Company, Gig, Mentor, SkillAtLevel
from echo_hub_skill_exchange.sandbox import BackstageSandbox
from echo_hub_skill_exchange.sandbox_actions import CATEGORIES, SandboxAction, skill_exchange_actions
from echo_hub_skill_exchange.sandbox_catalog import ref_of
from echo_hub_skill_exchange.sandbox_search import Document

PREFIX = "echo-hub.example"
GIG_TYPE = "skill-exchange"
CATALOG_TYPE = "software-catalog"
MAX_SKILLS = 60
EXPERTS_PER_SKILL = 15
EXPERT_LEVEL = 4
FIELD_MAP = {
    "description": "text",
    "opportunity": "gigType",
    "skills": "skills",
    "weekly-hours": "hoursPerWeek",
    "duration-weeks": "weeks",
    "start-date": "startDate",
    "seats": "seats",
    "contact": "owner",
    "location": "place.city",
    "countries": "place.country",
    "remote": "remote",
    "languages": "language",
}


def dressed(company: Company) -> BackstageSandbox:
    """The company's Backstage. Not everybody is in it; some have no address; one address is on two accounts."""
    wardrobe = _Wardrobe(company)
    entities = [*wardrobe.groups(), *wardrobe.users(), *wardrobe.components(), *wardrobe.services()]
    return BackstageSandbox(
        entities,
        documents=[*wardrobe.gig_documents(), *(_catalog_document(entity) for entity in entities)],
        actions={"skill-exchange": wardrobe.actions()},
        config={
            "app_url": f"https://backstage.{company.domain}",
            "annotation_prefix": PREFIX,
            "requests_per_s": 200,
            "sources": {"search": True, "actions": True},
            "search_types": [GIG_TYPE],
            "field_map": FIELD_MAP,
            "actions": {
                "skills": "skills",
                "experts_input": "skillIds",
                "experts": "experts",
                "expert": "entityRef",
                "expert_level": "level",
                "expert_teaches": "mentors",
            },
        },
    )


def slug(text: str, *, cap: int = 63) -> str:
    """A valid Backstage entity name: letters, digits and single dashes, at most 63."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:cap].strip("-") or "x"


class _Wardrobe:
    """The company's facts by the names Backstage uses."""

    def __init__(self, company: Company) -> None:
        self.company = company
        self.sites = {site.key: site for site in company.sites}
        self.groups_by_unit = {unit.key: f"group:default/{slug(unit.key)}" for unit in company.units}
        needed = {gig.owner for gig in company.gigs} | {mentor.colleague for mentor in company.mentors}
        # Every eleventh colleague is not in Backstage: no directory is complete.
        self.people = [
            person
            for index, person in enumerate(company.people)
            if person.number in needed or (person.status in {"active", "on_leave"} and index % 11 != 3)
        ]
        self.needed = needed
        self.refs = {person.number: f"user:default/{_user_name(person)}" for person in self.people}
        # Every eighth gig exists only inside the exchange and is seen through search alone.
        self.hidden = [gig for index, gig in enumerate(company.gigs) if index % 8 == 5]

    def groups(self) -> Iterator[dict[str, Any]]:
        members: defaultdict[str, list[str]] = defaultdict(list)
        for person in self.people:
            members[person.unit].append(self.refs[person.number])
        children: defaultdict[str | None, list[str]] = defaultdict(list)
        for unit in self.company.units:
            children[unit.parent].append(self.groups_by_unit[unit.key])
        for unit in self.company.units:
            parent = self.groups_by_unit.get(unit.parent or "")
            relations = [("hasMember", ref) for ref in members[unit.key]]
            relations += [("parentOf", ref) for ref in children[unit.key]]
            relations += [("childOf", parent)] if parent else []
            spec: dict[str, Any] = {"type": "team", "children": [], "profile": {"displayName": unit.name}}
            yield self._entity("Group", slug(unit.key), spec, relations)

    def users(self) -> Iterator[dict[str, Any]]:
        twin: Colleague | None = None
        for index, person in enumerate(self.people):
            needed = person.number in self.needed
            email = person.email if needed or index % 23 != 5 else None
            if email and not needed:
                twin = person
            yield self._user(person, email, number=index % 4 == 0 or (needed and not email), skilled=index % 3 == 1)
        if twin is not None:
            # A second account with the same address, as an administrator's own account often has.
            profile = {"displayName": f"{twin.name} (admin)", "email": twin.email}
            yield self._entity("User", f"{_user_name(twin)[:50]}-admin", {"profile": profile, "memberOf": []}, [])

    def _user(self, person: Colleague, email: str | None, *, number: bool, skilled: bool) -> dict[str, Any]:
        annotations: dict[str, str] = {}
        if number:
            annotations[f"{PREFIX}/employee-id"] = person.number
        if skilled and person.skills:
            annotations[f"{PREFIX}/skills"] = _skills(person.skills[:5])
        if person.wants:
            annotations[f"{PREFIX}/wants-to-learn"] = ", ".join(name for name in person.wants if _listable((name, 3)))
        annotations.update(_preferences(person))
        profile = {"displayName": person.name, **({"email": email} if email else {})}
        unit = self.groups_by_unit.get(person.unit)
        relations = [("memberOf", unit)] if unit else []
        spec = {"profile": profile, "memberOf": [slug(person.unit)]}
        return self._entity("User", _user_name(person), spec, relations, annotations=annotations)

    def components(self) -> Iterator[dict[str, Any]]:
        for index, gig in enumerate(self.company.gigs):
            if gig in self.hidden:
                continue
            annotations = self._gig_annotations(gig)
            if index == 3:
                annotations["start-date"] = "soon"  # somebody always writes this
            # A real service may ask for help without a second entity.
            type_ = "service" if index % 10 == 4 else "opportunity"
            yield self._component(
                f"{slug(gig.title, cap=40)}-{slug(gig.key, cap=20)}", gig.title, gig.text, annotations, gig.unit, type_
            )
        units = {person.number: person.unit for person in self.people}
        for mentor in self.company.mentors:
            name = f"mentor-{slug(mentor.key, cap=40)}"
            annotations = self._mentor_annotations(mentor)
            yield self._component(name, mentor.title, mentor.text, annotations, units[mentor.colleague], "opportunity")

    def services(self) -> Iterator[dict[str, Any]]:
        """Components that advertise nothing and must never be read as opportunities."""
        for unit in self.company.units[:6]:
            name = f"{slug(unit.key, cap=50)}-service"
            yield self._component(name, f"{unit.name} service", "A service like any other.", {}, unit.key, "service")

    def _gig_annotations(self, gig: Gig) -> dict[str, str]:
        site = self.sites[gig.site]
        annotations = {
            "opportunity": gig.kind,
            "status": "open",
            "start-date": gig.starts_on.isoformat(),
            "weekly-hours": str(gig.hours_per_week),
            "duration-weeks": str(gig.weeks),
            "location": site.city,
            "remote": str(gig.remote).lower(),
            "skills": _skills(gig.skills, desired_last=True),
            "languages": gig.language,
            "contact": self.refs[gig.owner],
        }
        if gig.kind != "hack":
            annotations["seats"] = str(gig.seats)
        if not gig.remote:
            annotations["countries"] = site.country
        return annotations

    def _mentor_annotations(self, mentor: Mentor) -> dict[str, str]:
        return {
            "opportunity": "mentorship",
            "status": "filled" if mentor.taken >= mentor.seats else "open",
            "skills": _skills(mentor.teaches),
            "languages": ", ".join(mentor.languages),
            "seats": str(mentor.seats),
            "seats-taken": str(mentor.taken),
            "weekly-hours": str(mentor.hours_per_week),
            "remote": "true",
            "contact": self.refs[mentor.colleague],
        }

    def _component(
        self, name: str, title: str, text: str, values: Mapping[str, str], unit: str, type_: str
    ) -> dict[str, Any]:
        owner = self.groups_by_unit.get(unit, "group:default/unknown")
        return self._entity(
            "Component",
            name,
            {"type": type_, "lifecycle": "production" if type_ == "service" else "experimental", "owner": owner},
            [("ownedBy", owner)],
            annotations={f"{PREFIX}/{key}": value for key, value in values.items() if value},
            more={"title": title, "description": text},
        )

    def _entity(
        self,
        kind: str,
        name: str,
        spec: Mapping[str, Any],
        relations: Sequence[tuple[str, str]],
        *,
        annotations: Mapping[str, str] | None = None,
        more: Mapping[str, Any] | None = None,
    ) -> dict[str, Any]:
        where = f"url:https://git.{self.company.domain}/org/catalog/catalog.yaml"
        located = {"backstage.io/managed-by-location": where, "backstage.io/managed-by-origin-location": where}
        ref = f"{kind.lower()}:default/{name}"
        metadata = {
            "annotations": {**located, **(annotations or {})},
            "name": name,
            "namespace": "default",
            **(more or {}),
            "uid": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.company.domain}/{ref}")),
        }
        etag = hashlib.sha256(repr((metadata, spec, relations)).encode()).hexdigest()[:40]
        return {
            "metadata": {**metadata, "etag": etag},
            "apiVersion": "backstage.io/v1alpha1",
            "kind": kind,
            "spec": dict(spec),
            "relations": [{"type": type_, "targetRef": target} for type_, target in relations],
        }

    def gig_documents(self) -> Iterator[Document]:
        for gig in self.hidden:
            site = self.sites[gig.site]
            document = {
                "title": gig.title,
                "text": gig.text,
                "location": f"/skill-exchange/gigs/{slug(gig.key)}",
                "gigType": gig.kind,
                "skills": [_one_skill(skill) for skill in gig.skills if _listable(skill)],
                "hoursPerWeek": gig.hours_per_week,
                "weeks": gig.weeks,
                "startDate": gig.starts_on.isoformat(),
                "seats": "unlimited" if gig.kind == "hack" else gig.seats,
                "owner": self.refs[gig.owner],
                "place": {"city": site.city, "country": "" if gig.remote else site.country},
                "remote": gig.remote,
                "language": gig.language,
            }
            yield Document(GIG_TYPE, document)

    def actions(self) -> tuple[SandboxAction, ...]:
        """Stand-ins for the two documented actions: their names and known inputs, an output of our own."""
        claimed: Counter[str] = Counter(name for person in self.people for name, _ in person.skills)
        names = [name for name, _ in sorted(claimed.items(), key=lambda item: (-item[1], item[0]))][:MAX_SKILLS]
        skills = [
            {"id": number, "name": name, "category": CATEGORIES[len(name) % len(CATEGORIES)]}
            for number, name in enumerate(names, start=1)
        ]
        mentors = {mentor.colleague for mentor in self.company.mentors}
        experts: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        ids = {str(skill["name"]): int(str(skill["id"])) for skill in skills}
        for person in self.people:
            for name, level in person.skills:
                expert = experts[ids.get(name, 0)]
                if name in ids and level >= EXPERT_LEVEL and len(expert) < EXPERTS_PER_SKILL:
                    ref = self.refs[person.number]
                    expert.append({"entityRef": ref, "level": level, "mentors": person.number in mentors})
        return skill_exchange_actions(skills, experts)


def _user_name(person: Colleague) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", person.login).strip("-._") or slug(person.number)


def _listable(skill: SkillAtLevel) -> bool:
    return not set(skill[0]) & set(",:?")


def _one_skill(skill: SkillAtLevel) -> str:
    return f"{skill[0]}:{skill[1]}"


def _skills(skills: Sequence[SkillAtLevel], *, desired_last: bool = False) -> str:
    named = [_one_skill(skill) for skill in skills if _listable(skill)]
    if desired_last and len(named) > 2:
        named[-1] += "?"
    return ", ".join(named)


def _catalog_document(entity: Mapping[str, Any]) -> Document:
    """What the catalog's own collator stores for an entity."""
    metadata, spec = entity["metadata"], entity["spec"]
    kind, _, rest = ref_of(entity).partition(":")
    namespace, _, name = rest.partition("/")
    return Document(
        CATALOG_TYPE,
        {
            "title": metadata.get("title") or (spec.get("profile") or {}).get("displayName") or metadata["name"],
            "text": metadata.get("description", ""),
            "componentType": spec.get("type", "other"),
            "type": spec.get("type", "other"),
            "namespace": namespace,
            "kind": entity["kind"],
            "lifecycle": spec.get("lifecycle", ""),
            "owner": spec.get("owner", ""),
            "location": f"/catalog/{namespace}/{kind}/{name}",
        },
    )


def _preferences(person: Colleague) -> dict[str, str]:
    """What every fifth colleague says about hours and place."""
    turn = int.from_bytes(hashlib.blake2b(person.number.encode(), digest_size=2).digest())
    if turn % 5:
        return {}
    hours = ("4", "8", "16")[turn // 5 % 3]
    preferences = {f"{PREFIX}/weekly-hours": hours}
    if turn % 2:
        preferences[f"{PREFIX}/remote"] = "true"
    return preferences
