"""The people of Tarnwick Water & Energy, and who can log in to the demo."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.hashers import check_password, make_password

from projects import ledger
from projects.actions import people as accounts
from projects.actions.people import PersonFacts
from projects.models import OrgRole, User

DOMAIN = "tarnwick.example"
PASSWORD = "tarnwick-demo-2026"  # noqa: S105  # printed when the demo is loaded; the demo refuses to load in production
LONDON = "Europe/London"


@dataclass(frozen=True)
class Person:
    """Args: shown: what to try as this person; empty for those whom the list of logins leaves out."""

    key: str
    name: str
    unit: str
    job: str
    role: OrgRole | None = None
    zone: str = LONDON
    shown: str = ""


OPERATOR = Person(
    "olaf",
    "Olaf Berg",
    "Platform",
    "Platform operator",
    OrgRole.OPERATOR,
    shown="operator: accounts, health, mail; the admin's window on the data",
)

PEOPLE = (
    Person(
        "ingrid",
        "Ingrid Solheim",
        "Solutions",
        "Head of Solutions",
        OrgRole.SOLUTION_MANAGER,
        shown="solution manager: signs and decides PPA-1 of PRJ-0021, sees every project",
    ),
    Person("beatriz", "Beatriz Moura", "Quality", "Test Manager"),
    Person(
        "marcus",
        "Marcus Adeyemi",
        "PMO",
        "Program Manager",
        OrgRole.PROGRAM_MANAGER,
        shown="program manager of the payroll migration, in its quiet period",
    ),
    Person("priya", "Priya Raghunathan", "HR products", "Product Manager"),
    Person("tomasz", "Tomasz Wilk", "Integration", "Developer", zone="Europe/Warsaw"),
    Person("leila", "Leila Haddad", "Integration", "Developer"),
    Person("yufei", "Chen Yufei", "Quality", "Tester", zone="Asia/Shanghai"),
    Person("owen", "Owen Prichard", "Digital workplace", "User Experience and training"),
    Person(
        "samira",
        "Samira Okafor",
        "Service transition",
        "Release Management",
        shown="release management: an overdue condition, a waiver that ends in a week, a draft plan",
    ),
    Person("jonas", "Jonas Feld", "Platform", "Release engineer"),
    Person("dag", "Dag Lindqvist", "Operations", "Operations Experience", zone="Europe/Stockholm"),
    Person(
        "hannah",
        "Hannah Vogel",
        "Operations",
        "Operations manager",
        zone="Europe/Berlin",
        shown="operations manager: approves, and answers questions of RR-1 of PRJ-0019",
    ),
    Person("farid", "Farid Nasser", "App support", "Application support, first line of payroll"),
    Person(
        "kirsten", "Kirsten Aalto", "App support", "Application support, second line of payroll", zone="Europe/Helsinki"
    ),
    Person("naoko", "Naoko Ishii", "Security", "Security lead"),
    Person("ruth", "Ruth Castellanos", "Human resources", "HR director"),
    Person("aroha", "Aroha Ngata", "Payroll", "Payroll manager"),
    Person("gareth", "Gareth Pugh", "Finance", "Financial controller"),
    Person("viktor", "Viktor Brandt", "Architecture", "Architect", zone="Europe/Vienna"),
    Person(
        "emile",
        "Émile Fontaine",
        "Internal audit",
        "Auditor",
        OrgRole.AUDITOR,
        zone="Europe/Paris",
        shown="auditor: reads everything, changes nothing, exports evidence",
    ),
    Person(
        "lucia",
        "Lucía Benítez",
        "Facilities",
        "Head of Facilities",
        shown="sponsor of visitor sign-in: an approval waits, the users' acceptance is due on Thursday",
    ),
    Person(
        "yusuf",
        "Yusuf Karaca",
        "PMO",
        "Program Manager",
        OrgRole.PROGRAM_MANAGER,
        shown="program manager of visitor sign-in: what its review on Thursday still lacks",
    ),
    Person("anneke", "Anneke de Wit", "Facilities", "Product Manager"),
    Person("ravi", "Ravi Menon", "Web platform", "Developer", zone="Asia/Kolkata"),
    Person("chloe", "Chloe Martin", "Quality", "Tester"),
    Person("joy", "Joy Mbeki", "Service desk", "Service desk lead"),
    Person(
        "margit",
        "Margit Aas",
        "Service management office",
        "Process owner",
        OrgRole.PROCESS_OWNER,
        zone="Europe/Oslo",
        shown="process owner: checklists and rigor; a change of a question waits for a second person",
    ),
)


def make(now: datetime) -> dict[str, User]:
    """Everybody has an account with the demo password, made by the operator. Returns: the people by key.

    The password is hashed once: all of these accounts share it anyway.
    """
    hashed = make_password(PASSWORD)
    operator = accounts.create_operator(username=OPERATOR.key, facts=_facts(OPERATOR), password=PASSWORD, now=now)
    cast = {OPERATOR.key: operator}
    for person in PEOPLE:
        user = accounts.create_person(by=operator, username=person.key, facts=_facts(person), now=now)
        user.password = hashed
        user.save(update_fields=["password"])
        ledger.record(project=None, by=operator, event="account.demo_password_set", obj=user, now=now)
        if person.role is not None:
            user = accounts.grant_role(person_id=user.pk, by=operator, role=person.role, now=now)
        cast[person.key] = user
    return cast


def _facts(person: Person) -> PersonFacts:
    return PersonFacts(
        name=person.name,
        email=f"{person.key}@{DOMAIN}",
        unit=person.unit,
        job_title=person.job,
        time_zone=person.zone,
    )


@dataclass(frozen=True)
class Login:
    """A demo account that can be used. Args: what: what to try with it."""

    username: str
    name: str
    what: str


def who_can_log_in() -> list[Login]:
    """Demo accounts worth trying, that are there, active and still have the demo password. Empty without a demo."""
    told = {person.key: person.shown for person in (*PEOPLE, OPERATOR) if person.shown}
    rows = User.objects.filter(username__in=told, email__endswith=f"@{DOMAIN}", is_active=True)
    found = {user.username: user for user in rows}
    same: dict[str, bool] = {}  # checking is slow on purpose, and most of them share one hash
    for user in found.values():
        if user.password not in same:
            same[user.password] = check_password(PASSWORD, user.password)
    return [
        Login(key, str(found[key]), what) for key, what in told.items() if key in found and same[found[key].password]
    ]


def lines() -> list[str]:
    """What a person at a terminal should read about logging in; empty without a demo."""
    logins = who_can_log_in()
    if not logins:
        return []
    width = max(len(login.username) for login in logins)
    return [
        f"Log in with the password {PASSWORD} as",
        *(f"  {login.username:<{width}}  {login.name}, {login.what}" for login in logins),
        f"All {User.objects.filter(email__endswith=f'@{DOMAIN}').count()} people share it. These accounts are a demo.",
    ]
