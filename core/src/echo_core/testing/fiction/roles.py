"""What people at the fictional company do: roles with the skills they take."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Role:
    """A role family.

    `core` are the skills everyone in it has, `more` a pool of which each person has some, `duties` what a job post
    says one will do. `share` is how common the role is.
    """

    title: str
    unit: str
    share: int
    core: tuple[str, ...]
    more: tuple[str, ...]
    duties: tuple[str, ...]


def _role(title: str, unit: str, share: int, core: str, more: str, duties: str) -> Role:
    def split(text: str, mark: str) -> tuple[str, ...]:
        return tuple(part.strip() for part in text.split(mark) if part.strip())

    return Role(title, unit, share, split(core, ","), split(more, ","), split(duties, ";"))


ROLES: tuple[Role, ...] = (
    _role(
        "Backend Engineer", "platform", 12, "Java, SQL, REST APIs, Git",
        "Kubernetes, Apache Kafka, PostgreSQL, gRPC, Python, Go, Docker, Microservices, Google Cloud Platform, Terraform, Unit testing, Distributed systems",
        "Design and run services used by millions of listeners; Own them in production, on-call included; Review designs and code with the squad",
    ),
    _role(
        "Site Reliability Engineer", "platform", 5, "Linux, Kubernetes, Terraform, Incident management",
        "Prometheus, Grafana, Go, Python, Google Cloud Platform, Docker, Networking, CI/CD, Bash, Observability",
        "Set and defend service level objectives; Automate away toil; Lead incident reviews without blame",
    ),
    _role(
        "Data Engineer", "data", 7, "Python, SQL, Apache Spark, Data modelling",
        "Apache Airflow, Apache Kafka, BigQuery, dbt, Scala, Data warehousing, Data quality, Docker, Apache Beam, Google Cloud Platform",
        "Build pipelines that arrive on time and are right; Model the events that every team relies on; Watch cost and quality",
    ),
    _role(
        "Data Scientist", "data", 6, "Python, SQL, Statistics, A/B testing",
        "Machine learning, pandas, Data visualisation, Causal inference, R, Tableau, Storytelling, scikit-learn, Forecasting",
        "Turn open questions into experiments; Explain results to people who decide; Build the measures the company steers by",
    ),
    _role(
        "Data Analyst", "data", 5, "SQL, Data visualisation, Microsoft Excel",
        "Tableau, Looker, Python, Statistics, Storytelling, Dashboard design, A/B testing, BigQuery",
        "Answer the questions teams bring; Keep dashboards that people trust; Teach others to help themselves",
    ),
    _role(
        "Machine Learning Engineer", "research", 6, "Python, Machine learning, PyTorch, SQL",
        "Deep learning, Recommender systems, Natural language processing, TensorFlow, Kubernetes, MLOps, Apache Spark, Feature engineering, Large language models",
        "Bring models from notebook to production; Measure what they do to people; Improve recommendations for every taste",
    ),
    _role(
        "Research Scientist", "research", 3, "Machine learning, Python, Deep learning, Scientific writing",
        "Natural language processing, Recommender systems, Signal processing, PyTorch, Statistics, Reinforcement learning, Public speaking",
        "Publish and apply new methods; Work with product teams on what matters; Mentor interns",
    ),
    _role(
        "iOS Engineer", "client", 5, "Swift, iOS development, Git",
        "SwiftUI, Objective-C, Unit testing, Inclusive design, Software architecture, REST APIs, CI/CD, Design systems",
        "Build the app people open first in the morning; Keep it fast and accessible; Pair with designers",
    ),
    _role(
        "Android Engineer", "client", 5, "Kotlin, Android development, Git",
        "Jetpack Compose, Java, Unit testing, Inclusive design, Software architecture, REST APIs, CI/CD, Design systems",
        "Ship to thousands of device types; Keep start-up time honest; Pair with designers",
    ),
    _role(
        "Web Engineer", "client", 6, "TypeScript, React, CSS, HTML",
        "Node.js, GraphQL, Web accessibility, Unit testing, Design systems, Web performance, Next.js, Git",
        "Build the web player and the tools artists use; Make every page work with a keyboard; Care about bytes",
    ),
    _role(
        "Engineering Manager", "engineering", 6, "People management, Coaching, Agile methods, Stakeholder management",
        "Hiring, System design, Java, Roadmapping, Conflict resolution, Python, Delegation, Performance reviews",
        "Grow engineers and teams; Clear the way; Plan with product and design",
    ),
    _role(
        "Quality Engineer", "client", 4, "Test automation, Software testing, Python",
        "Selenium, CI/CD, Exploratory testing, TypeScript, SQL, Performance testing, Git, Playwright",
        "Make quality everybody's business; Automate what is boring; Explore what is not",
    ),
    _role(
        "Security Engineer", "security", 4, "Application security, Threat modelling, Python",
        "Penetration testing, Identity and access management, Cloud security, Security incident response, Cryptography, Linux, Network security, Go",
        "Review designs before they are built; Find holes before others do; Train developers",
    ),
    _role(
        "Product Manager", "product", 7, "Product management, Roadmapping, Stakeholder management, User research",
        "A/B testing, SQL, Product strategy, Storytelling, Agile methods, Market research, Prioritisation, Pricing, Data visualisation",
        "Decide what to build and what not; Write so that everyone knows why; Stay close to listeners",
    ),
    _role(
        "Product Designer", "design", 6, "User interface design, Figma, Interaction design, Prototyping",
        "User research, Design systems, Inclusive design, Usability testing, Motion design, Information architecture, Workshop facilitation",
        "Design flows from first sketch to shipped pixel; Test with people; Care for the design system",
    ),
    _role(
        "User Researcher", "design", 3, "User research, Interviewing, Usability testing",
        "Survey design, Statistics, Storytelling, Workshop facilitation, Journey mapping, Data analysis",
        "Run studies that change decisions; Bring the team into the field; Keep what was learned findable",
    ),
    _role(
        "Content Designer", "design", 2, "UX writing, Content strategy, Copywriting",
        "Localisation, User research, Figma, Inclusive design, Information architecture, Editing",
        "Write the words in the product; Set the voice with the team; Test wording in ten languages",
    ),
    _role(
        "Marketing Manager", "marketing", 6, "Marketing strategy, Campaign management, Copywriting",
        "Social media marketing, Brand management, Market research, Email marketing, Data analysis, Budgeting, Event management, Search engine optimisation",
        "Plan campaigns with local teams; Measure what moved; Brief agencies",
    ),
    _role(
        "Growth Marketer", "marketing", 3, "Performance marketing, A/B testing, Data analysis",
        "SQL, Email marketing, Search engine optimisation, Marketing automation, Copywriting, Google Analytics, Customer segmentation",
        "Find channels that pay back; Run many small tests; Share what failed",
    ),
    _role(
        "Account Executive", "sales", 6, "Sales, Negotiation, Account management",
        "Salesforce, Presentation skills, Programmatic advertising, Prospecting, Forecasting, Customer relationship management, Public speaking",
        "Win and grow advertisers; Build plans with agencies; Forecast honestly",
    ),
    _role(
        "Sales Manager", "sales", 2, "Sales management, People management, Negotiation",
        "Forecasting, Coaching, Salesforce, Account management, Pricing, Stakeholder management",
        "Lead a team of account executives; Set targets people believe; Join the difficult calls",
    ),
    _role(
        "Customer Support Specialist", "support", 7, "Customer service, Active listening, Troubleshooting",
        "Zendesk, Writing, Conflict resolution, De-escalation, Knowledge management, SQL, Time management, Quality assurance",
        "Help listeners and artists in their language; Turn complaints into fixes; Write answers others can reuse",
    ),
    _role(
        "Partnerships Manager", "content", 4, "Partnership management, Negotiation, Music licensing",
        "Contract management, Stakeholder management, Music industry knowledge, Presentation skills, Data analysis, Copyright law",
        "Work with labels and distributors; Negotiate fair terms; Bring new catalogues in",
    ),
    _role(
        "Podcast Producer", "content", 3, "Audio production, Storytelling, Podcast production",
        "Audio editing, Interviewing, Project management, Copywriting, Scriptwriting, Pro Tools",
        "Produce shows from idea to release; Coach hosts; Keep schedules",
    ),
    _role(
        "Music Editor", "content", 3, "Playlist curation, Music industry knowledge, Writing",
        "Data analysis, Social media marketing, Market research, Storytelling, Public speaking",
        "Curate for a market you live in; Explain choices; Follow scenes before they are scenes",
    ),
    _role(
        "Financial Analyst", "finance", 4, "Financial analysis, Microsoft Excel, Forecasting",
        "SQL, Budgeting, Financial modelling, Presentation skills, Accounting, Data visualisation, Tableau",
        "Model the business with the teams; Close the month; Explain differences plainly",
    ),
    _role(
        "Accountant", "finance", 3, "Accounting, Financial reporting, Microsoft Excel",
        "Tax, Auditing, SAP, Payroll, IFRS, Process improvement, Internal controls",
        "Keep the books right in several countries; Prepare audits; Improve the close",
    ),
    _role(
        "People Partner", "people", 4, "Employee relations, Coaching, Stakeholder management",
        "Workforce planning, Change management, Labour law, Data analysis, Workshop facilitation, Conflict resolution, Performance reviews",
        "Advise leaders; Support people through change; Keep processes fair",
    ),
    _role(
        "Recruiter", "people", 4, "Recruitment, Interviewing, Candidate sourcing",
        "Employer branding, Stakeholder management, Onboarding, Data analysis, Negotiation, Internal mobility",
        "Fill roles from inside first; Coach hiring managers; Give every applicant an answer",
    ),
    _role(
        "Learning Designer", "people", 2, "Instructional design, Workshop facilitation, E-learning",
        "Coaching, Writing, Project management, Video editing, Survey design, Leadership development",
        "Build learning people finish; Measure what changed at work; Run cohorts",
    ),
    _role(
        "Legal Counsel", "legal", 3, "Contract law, Negotiation, Legal research",
        "Copyright law, Data protection, Labour law, Contract management, Compliance, Risk management",
        "Draft and negotiate agreements; Make the law understandable; Protect listeners' data",
    ),
    _role(
        "Programme Manager", "operations", 4, "Project management, Stakeholder management, Risk management",
        "Agile methods, Budgeting, Change management, Process improvement, Workshop facilitation, Communication, Roadmapping",
        "Bring several teams to one date; Make risks visible early; Close what was started",
    ),
    _role(
        "Workplace Coordinator", "operations", 3, "Office management, Event management, Vendor management",
        "Budgeting, Health and safety, Communication, Procurement, Time management, Travel planning",
        "Run an office people like to come to; Organise events; Look after suppliers",
    ),
)  # fmt: skip

GRADES: tuple[str, ...] = ("Associate", "", "Senior", "Staff", "Principal")
"""Title prefixes by grade 1..5."""
