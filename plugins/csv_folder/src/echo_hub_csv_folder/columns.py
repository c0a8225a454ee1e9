"""The columns of the two files: what the hub calls them, and what headers are taken for them without a setting."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from echo_core.text.normal_form import comparable
from echo_core.text.table_reader import Table, TableError


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `headers` are names known besides its own, whose underscore may be a blank; `fills` is a field of
    the record."""

    name: str
    fills: str
    meaning: str
    headers: tuple[str, ...] = ()

    @property
    def known(self) -> tuple[str, ...]:
        """Every header it goes by, in `comparable` form."""
        return tuple(dict.fromkeys((self.name, self.name.replace("_", " "), *map(comparable, self.headers))))


def _column(name: str, fills: str, meaning: str, headers: str = "") -> Column:
    return Column(name, fills, meaning, tuple(header for header in headers.split("|") if header))


PEOPLE = (
    _column(
        "employee_id",
        "source_id, employee_id",
        "required; the key of the row, which stays the same for as long as the person works here",
        "Employee number|Employee no|Employee no.|Personnel number|Personalnummer|Personal-Nr.|Pers.-Nr.|Matricule",
    ),
    _column(
        "name", "name", "required, unless first and last name are there", "Full name|Employee|Mitarbeiter|Nom complet"
    ),
    _column("first_name", "name", "put before the last name where there is no name", "Given name|Vorname|Prénom"),
    _column("last_name", "name", "see first name", "Surname|Family name|Nachname|Nom de famille|Nom"),
    _column(
        "email",
        "work_email",
        "work address; joins the person to other systems",
        "E-Mail|Mail|Work email|Email address|E-Mail-Adresse|Courriel|Adresse e-mail",
    ),
    _column("user_name", "user_name", "name at the company's sign-in", "Username|Login|Benutzername|Identifiant"),
    _column("title", "title", "job title", "Job title|Position|Stelle|Stellenbezeichnung|Funktion|Poste|Fonction"),
    _column("unit", "org_unit", "team or department", "Department|Organisation|Team|Abteilung|Service|Département"),
    _column("unit_id", "org_unit_id", "its key", "Department ID|Cost centre|Cost center|Kostenstelle|Centre de coûts"),
    _column(
        "manager_id",
        "manager_id",
        "the manager's employee id",
        "Manager|Manager employee ID|Reports to|Vorgesetzter|Personalnummer Vorgesetzter|Matricule du manager",
    ),
    _column("country", "country", "name or code", "Land|Pays|Country code"),
    _column("city", "city", "where the person works", "Ort|Stadt|Ville"),
    _column("location", "location", "office or site", "Office|Site|Standort|Arbeitsort|Lieu de travail"),
    _column("hired_on", "hired_on", "first day", "Hire date|Start date|Eintrittsdatum|Eintritt|Date d'embauche"),
    _column(
        "worker_type", "worker_type", "employee or contingent; empty is employee", "Contract|Mitarbeiterkreis|Contrat"
    ),
    _column("status", "status", "active, on leave, future or left; empty is active", "Employment status|Statut"),
    _column("languages", "languages", "spoken, with levels like skills", "Sprachen|Langues"),
    _column("skills", "skills", "what the person can do: Python (expert), SQL:3", "Kenntnisse|Fähigkeiten|Compétences"),
    _column("skills_to_learn", "skills", "what the person wants to learn", "Wants to learn|Lernwünsche"),
    _column("skills_to_teach", "skills", "what the person teaches", "Teaches|Mentors in"),
)
"""The people file."""

OPPORTUNITIES = (
    _column("id", "source_id", "required; the key of the row", "Opportunity ID|Reference|Nr.|Kennung|Référence"),
    _column(
        "kind",
        "the kind of record",
        "job, project, mentorship or learning path; empty or absent: `opportunities.kind`",
        "Type|Art|Typ",
    ),
    _column("title", "title", "required", "Titel|Titre|Bezeichnung|Intitulé"),
    _column("description", "description", "plain text or HTML", "Beschreibung|Text|Descriptif"),
    _column("status", "status", "open, paused, filled or closed; empty is open", "Statut"),
    _column(
        "skills",
        "requirements",
        "what it asks for; of a mentorship or a learning path, what it teaches",
        "Required skills|Kenntnisse|Compétences",
    ),
    _column("desired_skills", "requirements", "what is welcome", "Nice to have|Wünschenswert|Compétences souhaitées"),
    _column(
        "owner",
        "owner",
        "employee id or work address; of a mentorship the mentor, and required",
        "Contact|Mentor|Hiring manager|Ansprechpartner|Verantwortlich|Responsable",
    ),
    _column("countries", "countries", "where one must work; empty is anywhere", "Country|Länder|Land|Pays"),
    _column("location", "location", "in words", "Office|Standort|Ort|Lieu"),
    _column("remote", "remote", "on site, hybrid or remote", "Home office|Télétravail"),
    _column("languages", "languages", "needed for the work", "Sprachen|Langues"),
    _column("hours_per_week", "hours_per_week", "a number", "Hours|Weekly hours|Wochenstunden|Heures par semaine"),
    _column("duration_weeks", "duration_weeks", "a number", "Weeks|Dauer in Wochen|Durée en semaines"),
    _column("starts_on", "starts_on", "first day", "Start|Start date|Beginn|Début"),
    _column("ends_on", "ends_on", "last day", "End|End date|Ende|Fin"),
    _column("seats", "seats", "how many people it takes; empty: one for projects and mentorships", "Places|Plätze"),
    _column("url", "apply_url", "where to apply", "Link|Apply|Bewerbung|Lien"),
    _column("tags", "tags", "words to search by", "Schlagworte|Mots-clés"),
)
"""The opportunities file."""

REQUIRED = {"people": ("employee_id",), "opportunities": ("id", "title")}
"""Columns that a file must have; the first is the key of its rows."""


def headers_of(table: Table, columns: tuple[Column, ...], own: Mapping[str, str]) -> dict[str, str]:
    """For each column that the table has, the name of its header in `comparable` form.

    Args:
        own: the settings' headers by column name, which go before the known ones.

    Raises:
        TableError: a header of the settings is not there, or stands there twice.
    """
    repeated = {comparable(name) for name in table.repeated}
    chosen: dict[str, str] = {}
    for column in columns:
        candidates = (comparable(own[column.name]),) if column.name in own else column.known
        for header in candidates:
            if header in repeated:
                raise TableError(f"Two columns are called {header!r}; which of them is {column.name}?")
            if table.has(header) and header not in chosen.values():
                chosen[column.name] = header
                break
        else:
            if column.name in own:
                raise TableError(
                    f"There is no column {own[column.name]!r}, which the settings name for {column.name}; "
                    f"there are {', '.join(table.columns)}."
                )
    return chosen
