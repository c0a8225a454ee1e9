"""Project ideas and learning topics of the fictional company."""

from __future__ import annotations

Idea = tuple[str, str, tuple[str, ...], str]
"""Title, what it is about, skills it takes, kind."""


def _skills(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


PROJECTS: tuple[Idea, ...] = (
    ("Search that forgives typos", "Listeners misspell artists in twelve languages. Build and test a better matcher.", _skills("Python, Natural language processing, A/B testing"), "embed"),
    ("Carbon budget for our cloud", "Measure what our services burn and bring the ten worst down.", _skills("Google Cloud Platform, SQL, Data visualisation"), "project"),
    ("Accessibility sweep of the mobile app", "Walk every screen with a screen reader and fix what hurts most.", _skills("Inclusive design, Swift, Kotlin"), "embed"),
    ("Podcast chapters by machine", "Split episodes into chapters from transcripts.", _skills("Large language models, Python, Podcast production"), "hack"),
    ("Kafka for everyone", "Write the golden path so that a new team publishes its first event in a day.", _skills("Apache Kafka, Java, Writing"), "collab"),
    ("Onboarding in the first week", "Redesign what new colleagues meet in their first five days.", _skills("Onboarding, Workshop facilitation, User research"), "project"),
    ("Dashboard detox", "Retire dashboards nobody reads and make the rest right.", _skills("SQL, Dashboard design, Data quality"), "project"),
    ("Artist payout explainer", "Explain on one page how a payout comes about, with live numbers.", _skills("Data visualisation, UX writing, React"), "embed"),
    ("Pricing study for students", "Find out what students can pay and would.", _skills("Market research, Pricing, Statistics"), "project"),
    ("Offline first", "Make the app pleasant on a train: cache, queue, sync.", _skills("Android development, Kotlin, Software architecture"), "embed"),
    ("Threat modelling roadshow", "Teach ten teams to find their own holes.", _skills("Threat modelling, Application security, Public speaking"), "collab"),
    ("Local charts for small markets", "Charts that mean something where few people listen.", _skills("Statistics, SQL, Music industry knowledge"), "project"),
    ("Zero-downtime database moves", "Move four services to PostgreSQL without anyone noticing.", _skills("PostgreSQL, Distributed systems, Java"), "embed"),
    ("Playlist stories", "Short texts that tell why a playlist is made as it is.", _skills("Copywriting, Playlist curation, Localisation"), "hack"),
    ("Self-service ads for small businesses", "Prototype a flow a bakery owner finishes in five minutes.", _skills("Prototyping, User research, TypeScript"), "embed"),
    ("Hack Week organisation", "Plan themes, rooms, streams and prizes for 1,200 people.", _skills("Event management, Communication, Project management"), "project"),
    ("Sales forecasting that admits doubt", "Forecasts with honest ranges for every market.", _skills("Forecasting, Python, Stakeholder management"), "project"),
    ("Design tokens across four platforms", "One source for colour, type and spacing.", _skills("Design systems, Figma, CSS"), "embed"),
    ("Contract search", "Make ten years of agreements findable for the legal team.", _skills("Natural language processing, Contract management, Python"), "hack"),
    ("Chaos afternoons", "Break things on purpose, with permission, and learn.", _skills("Incident management, Kubernetes, Observability"), "collab"),
    ("Return-to-work guide", "A guide for people coming back from long leave, written with them.", _skills("Writing, Employee relations, Interviewing"), "project"),
    ("Translation memory for the help centre", "Answer in fourteen languages without translating twice.", _skills("Localisation, Knowledge management, Zendesk"), "project"),
    ("Recommendation fairness audit", "Measure exposure of small artists and propose remedies.", _skills("Recommender systems, Statistics, Machine learning"), "embed"),
    ("Month-end close in three days", "Find the steps that wait and remove them.", _skills("Accounting, Process improvement, Internal controls"), "project"),
    ("Internal mobility stories", "Portraits of colleagues who changed craft.", _skills("Storytelling, Interviewing, Audio production"), "hack"),
    ("Graph of everything we depend on", "Draw which service needs which, from traffic.", _skills("Go, Observability, Data modelling"), "embed"),
    ("Customer voice, weekly", "One page a week of what support hears, for product teams.", _skills("Customer service, Data analysis, Writing"), "collab"),
)  # fmt: skip

Topic = tuple[str, tuple[str, ...]]
"""Subject of learning content and the skills it teaches."""

TOPICS: tuple[Topic, ...] = tuple(
    (subject, _skills(skills))
    for subject, skills in (
        ("Python", "Python"), ("SQL", "SQL"), ("Apache Kafka", "Apache Kafka"), ("Kubernetes", "Kubernetes, Docker"),
        ("Terraform", "Terraform"), ("Java", "Java"), ("Go", "Go"), ("TypeScript", "TypeScript"), ("React", "React"),
        ("Swift and SwiftUI", "Swift, SwiftUI"), ("Kotlin", "Kotlin, Jetpack Compose"), ("System Design", "System design, Distributed systems"),
        ("Machine Learning", "Machine learning, scikit-learn"), ("Deep Learning with PyTorch", "Deep learning, PyTorch"),
        ("Large Language Models", "Large language models, Prompt engineering"), ("MLOps", "MLOps"), ("Data Modelling", "Data modelling, Data warehousing"),
        ("Apache Spark", "Apache Spark"), ("dbt", "dbt, Data quality"), ("Statistics", "Statistics"), ("Experimentation", "A/B testing, Causal inference"),
        ("Data Storytelling", "Data visualisation, Storytelling"), ("Tableau", "Tableau"), ("Application Security", "Application security, Threat modelling"),
        ("Cloud Security", "Cloud security, Identity and access management"), ("Accessibility", "Inclusive design, Web accessibility"),
        ("Test Automation", "Test automation, Playwright"), ("Product Management", "Product management, Prioritisation"),
        ("Product Strategy", "Product strategy, Roadmapping"), ("User Research", "User research, Interviewing"), ("Figma", "Figma, Prototyping"),
        ("Design Systems", "Design systems"), ("UX Writing", "UX writing"), ("Marketing Strategy", "Marketing strategy, Brand management"),
        ("Performance Marketing", "Performance marketing, Google Analytics"), ("Negotiation", "Negotiation"), ("Account Management", "Account management, Salesforce"),
        ("Programmatic Advertising", "Programmatic advertising"), ("Financial Modelling", "Financial modelling, Microsoft Excel"), ("IFRS", "IFRS, Financial reporting"),
        ("Data Protection", "Data protection, Compliance"), ("Project Management", "Project management, Risk management"), ("Agile Methods", "Agile methods"),
        ("Coaching", "Coaching, Active listening"), ("People Management", "People management, Delegation"), ("Difficult Conversations", "Conflict resolution, Communication"),
        ("Public Speaking", "Public speaking, Presentation skills"), ("Workshop Facilitation", "Workshop facilitation"), ("Change Management", "Change management"),
        ("Interviewing and Hiring", "Hiring, Interviewing"), ("Audio Production", "Audio production, Audio editing"), ("Music Licensing", "Music licensing, Copyright law"),
        ("Customer Service", "Customer service, De-escalation"), ("Spanish", "Spanish"), ("German", "German"), ("Swedish", "Swedish"), ("Observability", "Observability, Prometheus"),
        ("GraphQL", "GraphQL"), ("Process Improvement", "Process improvement"), ("Event Management", "Event management"),
    )
)  # fmt: skip

LEVELS = (
    ("beginner", "{} Essentials", "Starts from nothing and ends with something of your own."),
    ("intermediate", "{} in Practice", "For people who know the basics and want to use them at work."),
    ("advanced", "Mastering {}", "The difficult parts, with people who do this every day."),
)

TRANSLATED_LEVELS = {
    "de": ("Grundlagen: {}", "{} in der Praxis", "{} für Fortgeschrittene"),
    "es": ("Fundamentos de {}", "{} en la práctica", "{} avanzado"),
    "fr": ("Les bases : {}", "{} en pratique", "{} avancé"),
    "sv": ("Grundkurs i {}", "{} i praktiken", "{} för avancerade"),
    "pt": ("Fundamentos de {}", "{} na prática", "{} avançado"),
}

TRANSLATED_TEXTS = {
    "de": ("Beginnt bei null und endet mit etwas Eigenem.", "Für alle, die die Grundlagen kennen und anwenden wollen.", "Die schwierigen Teile, mit Leuten aus der Praxis."),
    "es": ("Empieza desde cero y termina con algo propio.", "Para quien conoce lo básico y quiere usarlo en el trabajo.", "Las partes difíciles, con quienes lo hacen cada día."),
    "fr": ("Part de zéro et finit avec une réalisation à soi.", "Pour celles et ceux qui connaissent les bases.", "Les parties difficiles, avec des gens du métier."),
    "sv": ("Börjar från noll och slutar med något eget.", "För dig som kan grunderna och vill använda dem i jobbet.", "De svåra delarna, med folk som gör det varje dag."),
    "pt": ("Começa do zero e termina com algo seu.", "Para quem conhece o básico e quer usar no trabalho.", "As partes difíceis, com quem faz isso todos os dias."),
}  # fmt: skip
