"""What the main navigation offers to whom, and where the day starts."""

from districts.roles import Perm
from quartier.web.navigation import NavItem

QUARTER, COOPERATION, EVALUATION = "Quartier", "Zusammenarbeit", "Auswertung"
PR_PATH = "/oeffentlichkeitsarbeit/"
# In the order of the day's work: whoever holds one of the permissions sees the entry.
MENU: tuple[tuple[frozenset[Perm], NavItem], ...] = (
    (frozenset({Perm.GIVE_FEEDBACK}), NavItem("Arbeitskorb", "concerns:basket", icon="home")),
    (frozenset({Perm.ANSWER_ROUTINGS}), NavItem("Eingang", "concerns:inbox", icon="mail")),
    (frozenset({Perm.COORDINATE}), NavItem("Koordination", "concerns:coordination", icon="visibility")),
    (frozenset({Perm.LOG_CONCERN}), NavItem("Anliegen erfassen", "concerns:capture", icon="add", shortcut="n")),
    (frozenset({Perm.GIVE_FEEDBACK}), NavItem("Rückmeldung offen", "concerns:worklist", icon="checklist")),
    (frozenset({Perm.READ_CONCERNS, Perm.LOG_CONCERN}), NavItem("Anliegen", "concerns:list", icon="draft")),
    (frozenset({Perm.GIVE_FEEDBACK}), NavItem("Aushänge", "reports:sheets", icon="visibility")),
    (frozenset({Perm.OWN_ACTOR}), NavItem("Überblick", "districts:carrier", icon="home")),
    (
        frozenset({Perm.OWN_ACTOR}),
        NavItem("Bürogemeinschaft", "districts:shares", prefix="/buerogemeinschaften/", icon="language"),
    ),
    (frozenset({Perm.OWN_ACTOR}), NavItem("Räume", "districts:rooms", prefix="/raeume/", icon="calendar-today")),
    (
        frozenset({Perm.READ_OFFICES}),
        NavItem("Quartiere", "reports:district_pages", prefix="/quartiere/", icon="language", section=QUARTER),
    ),
    (
        frozenset({Perm.READ_ACTORS}),
        NavItem("Akteure", "districts:actors", prefix="/akteure/", icon="language", section=QUARTER),
    ),
    (
        frozenset({Perm.READ_OFFERS, Perm.OWN_OFFERS}),
        NavItem("Angebote", "districts:offers", prefix="/angebote/", icon="checklist", section=QUARTER),
    ),
    (
        frozenset({Perm.READ_CONCERNS, Perm.LOG_CONCERN}),
        NavItem(
            "Stadtteilbüros",
            "districts:office_list",
            prefix="/stadtteilbueros/",
            icon="calendar-today",
            section=QUARTER,
        ),
    ),
    (frozenset({Perm.READ_SHARES}), NavItem("Räume", "districts:rooms", prefix="/raeume/", section=QUARTER)),
    (
        frozenset({Perm.READ_SHARES}),
        NavItem("Bürogemeinschaften", "districts:shares", prefix="/buerogemeinschaften/", section=QUARTER),
    ),
    (
        frozenset({Perm.READ_POSTS}),
        NavItem("Stellen", "districts:posts", prefix="/stellen/", icon="account-circle", section=QUARTER),
    ),
    (
        frozenset({Perm.READ_BODIES, Perm.SEE_INVITATIONS}),
        NavItem("Gremien", "projects:bodies", prefix="/gremien/", icon="account-circle", section=COOPERATION),
    ),
    (
        frozenset({Perm.READ_BODIES, Perm.ANSWER_ROUTINGS}),
        NavItem("Fachbereiche", "projects:talks", prefix="/fachbereiche/", icon="checklist", section=COOPERATION),
    ),
    (
        frozenset({Perm.READ_NEEDS}),
        NavItem("Themenspeicher", "projects:needs", prefix="/themen/", icon="draft", section=COOPERATION),
    ),
    (
        frozenset({Perm.READ_NEEDS}),
        NavItem(
            "Themenmeldungen", "projects:theme_reports", prefix="/themenmeldungen/", icon="mail", section=COOPERATION
        ),
    ),
    (
        frozenset({Perm.READ_PROJECTS, Perm.SEE_PARTNER_PROJECTS, Perm.OWN_PROJECTS}),
        NavItem("Projekte", "projects:projects", prefix="/projekte/", icon="draft", section=COOPERATION),
    ),
    (
        frozenset({Perm.READ_PROJECTS, Perm.SEE_PARTNER_PROJECTS, Perm.OWN_PROJECTS}),
        NavItem(
            "Veranstaltungen", "projects:events", prefix="/veranstaltungen/", icon="calendar-today", section=COOPERATION
        ),
    ),
    (
        frozenset({Perm.READ_PLANS}),
        NavItem("Handlungskonzepte", "projects:plans", prefix="/konzepte/", icon="checklist", section=COOPERATION),
    ),
    (
        frozenset({Perm.READ_FUNDING}),
        NavItem("Förderung", "projects:sources", prefix="/foerderung/", icon="add", section=COOPERATION),
    ),
    (
        frozenset({Perm.READ_FUNDS}),
        NavItem("Fonds", "projects:funds", prefix="/fonds/", icon="draft", section=COOPERATION),
    ),
    (
        frozenset({Perm.READ_PR}),
        NavItem("Öffentlichkeitsarbeit", "projects:pr_items", prefix=PR_PATH, icon="draft", section=COOPERATION),
    ),
    (frozenset({Perm.APPROVE_PR}), NavItem("Freigabe", "projects:pr_approvals", icon="checklist", section=COOPERATION)),
    (
        frozenset({Perm.READ_EVALUATION}),
        NavItem("Zahlen", "reports:evaluation", prefix="/auswertung/", icon="info", section=EVALUATION),
    ),
    (
        frozenset({Perm.READ_EVALUATION, Perm.EVALUATE}),
        NavItem("Berichte", "reports:reports", prefix="/berichte/", section=EVALUATION),
    ),
    (
        frozenset({Perm.READ_EVALUATION, Perm.EVALUATE, Perm.LEAD_DEPARTMENT}),
        NavItem("Fachbereichsspiegel", "reports:mirrors", icon="content-copy", section=EVALUATION),
    ),
    (
        frozenset({Perm.READ_EVALUATION}),
        NavItem("Indikatoren", "reports:indicators", section=EVALUATION),
    ),
    (
        frozenset({Perm.EDIT_MASTER_DATA}),
        NavItem("Zuständigkeiten", "concerns:rules", prefix="/zustaendigkeiten/", icon="arrow-forward"),
    ),
    (
        frozenset({Perm.EDIT_MASTER_DATA}),
        NavItem("Stammdaten", "districts:departments", prefix="/stammdaten/", icon="edit"),
    ),
    (frozenset({Perm.MANAGE_USERS}), NavItem("Personen", "districts:people", icon="account-circle")),
)
# The first page a person may use is where they land after signing in.
START_PAGES: tuple[tuple[Perm, str], ...] = (
    (Perm.GIVE_FEEDBACK, "concerns:basket"),
    (Perm.ANSWER_ROUTINGS, "concerns:inbox"),
    (Perm.COORDINATE, "concerns:coordination"),
    (Perm.MANAGE_USERS, "districts:people"),
    (Perm.OWN_ACTOR, "districts:carrier"),
    (Perm.APPROVE_PR, "projects:pr_approvals"),
)
# Where the search field of the header leads: the first list a person may use.
SEARCH_PAGES: tuple[tuple[Perm, str], ...] = (
    (Perm.READ_CONCERNS, "concerns:list"),
    (Perm.LOG_CONCERN, "concerns:list"),
    (Perm.ANSWER_ROUTINGS, "concerns:inbox"),
)
WITHOUT_ROLE = "districts:profile"


def items(user) -> list[NavItem]:
    """The entries this person may use, in the order of the day's work."""
    return [item for perms, item in MENU if perms & user.rights.perms]


def search_page(user) -> str:
    """URL name of the list that the search field searches; empty for somebody without one."""
    return next((url_name for perm, url_name in SEARCH_PAGES if user.rights.can(perm)), "")


def start_page(user) -> str:
    """URL name of the page this person lands on; somebody without any role sees their own profile."""
    return next((url_name for perm, url_name in START_PAGES if user.rights.can(perm)), WITHOUT_ROLE)
