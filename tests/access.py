"""Who gets what at which address. Every URL of the project has a row here, or a test fails.

Add one line to TABLE for every URL name:

    "concerns:park": page(TEAM, ok=405, pk="concern"),

- `who`: names from the cast (tests/conftest.py) who may open it; the groups below save typing.
- `ok`: the status these people get for GET. 200 for pages, 405 for addresses that only take POST, 302 for redirects.
- keywords: the URL's parameters: a name in the world (its pk is used), `name.attribute`, or else a plain value:
  `number="concern.number"`.
- `others={"asli": 302}`: exceptions from the rule for everybody else.

Everybody else who is signed in gets 404; who is not signed in is sent to the sign-in page (302), under htmx 401.
Pages for everybody (links by mail, health check) are `public()`. The world: see `tests/access_world.py`. A concern in
Ost that belongs to mara lies with the Stadtbetrieb (E 18); `sensitive` is a concern only the team in Ost may see.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

ANONYMOUS = "anonymous"
PEOPLE = ("mara", "paul", "asli", "enno", "uwe", "lena", "silke", "adam", "tara")

EVERYBODY = frozenset(PEOPLE)
# Carrier staff: never concerns, reporters, contact log or evaluation; only what names them stands open.
CARRIERS = frozenset({"tara"})
STAFF = EVERYBODY - CARRIERS
MANAGERS = frozenset({"mara", "paul"})
TEAMS = frozenset({"mara", "paul", "asli"})
TEAM = frozenset({"mara", "asli"})  # of the district the world's concern lies in
READERS = frozenset({"mara", "paul", "asli", "silke", "adam"})  # may open a concern in Ost that is not sensitive
ROUTED = frozenset({"enno", "lena"})  # of the department the concern was sent to
DEPARTMENTS = frozenset({"enno", "lena", "uwe"})
PLANNING = frozenset({"silke"})
OFFICE = frozenset({"silke", "adam"})  # master data and people
OFFERS = TEAMS | DEPARTMENTS | frozenset({"silke"})  # read the directory of offers, departments its public part
POSTS = MANAGERS | PLANNING  # may read assignments and posts; PLANNING changes them
DIRECTORY = TEAMS | PLANNING  # work with the directory of actors; in Ost only TEAM and PLANNING may change it
LOOKERS = DIRECTORY | DEPARTMENTS  # may read it, without what is private


@dataclass(frozen=True)
class Row:
    """What one address answers."""

    who: frozenset[str]
    ok: int = 200
    kwargs: Mapping[str, str] = field(default_factory=dict)
    others: Mapping[str, int] = field(default_factory=dict)
    anonymous: int = 302

    def expected(self, person: str) -> int:
        """Status that `person` gets."""
        if person in self.others:
            return self.others[person]
        if person in self.who:
            return self.ok
        return self.anonymous if person == ANONYMOUS else 404


def page(who, ok: int = 200, *, others: Mapping[str, int] | None = None, **kwargs) -> Row:
    """A row for people with a login."""
    return Row(frozenset(who), ok, kwargs, others or {})


def public(ok: int = 200, **kwargs) -> Row:
    """A row for everybody, signed in or not."""
    return Row(EVERYBODY, ok, kwargs, {}, ok)


# Below these paths every address is answered for by somebody else; the reason stands beside it.
PREFIXES = {
    "konto/": "django-allauth decides itself; tests/districts/test_sign_in.py checks what we changed",
}

TABLE: dict[str, Row] = {
    # concerns: referrals, for the team like reporters
    "concerns:refer": page(TEAM, number="concern.number"),
    "concerns:refer_to_offer": page(TEAM, number="concern.number", pk="offer"),
    "concerns:refer_to_actor": page(TEAM, number="concern.number", pk="actor"),
    "concerns:referral_asked": page(TEAM, pk="referral"),
    "concerns:referral_withdraw": page(TEAMS, 405, pk="referral"),
    "reports:referral_slip": page(TEAM, pk="referral", format="a5"),
    # districts: offers; departments read what may be shown in public
    "districts:offers": page(OFFERS | CARRIERS),
    "districts:offer": page(OFFERS, pk="offer"),
    "districts:offer_new": page(DIRECTORY | CARRIERS),
    "districts:offer_edit": page(TEAM | PLANNING, pk="offer"),
    "districts:offer_verify": page(DIRECTORY | CARRIERS, 405, pk="offer"),
    "districts:offer_end": page(TEAM | PLANNING, pk="offer"),
    "districts:offer_reopen": page(DIRECTORY | CARRIERS, 405, pk="offer"),
    "districts:offer_export": page(OFFERS | CARRIERS),
    "districts:offer_import": page(DIRECTORY),
    "districts:offer_preview": page({"mara"}, pk="offer_file"),
    "districts:offer_take_over": page(DIRECTORY, 405, pk="offer_file"),
    "districts:offer_discard": page(DIRECTORY, 405, pk="offer_file"),
    "districts:offer_matrix": page(OFFERS),
    "districts:offer_gaps": page(OFFERS),
    "districts:offers_expiring": page(DIRECTORY),
    "districts:rounds": page(DIRECTORY),
    "districts:round_new": page(DIRECTORY),
    "districts:round": page(DIRECTORY, pk="round"),
    "districts:round_close": page(TEAM | PLANNING, pk="round"),
    "districts:round_note": page(DIRECTORY, 405, pk="round_entry"),
    "districts:offers_public": public(slug="ost"),
    "reports:offer_paper": page(OFFERS, slug="ost"),
    "reports:gap_paper": page(OFFERS, slug="ost"),
    # reports: papers of a concern, sheets for the public
    "reports:concern_file": page(TEAM, number="concern.number"),
    "reports:routing_sheet": page(TEAM, number="concern.number", pk="routing"),
    "reports:sheets": page(TEAMS),
    "reports:sheet_new": page(TEAMS),
    "reports:sheet": page(TEAM, pk="sheet"),
    "reports:sheet_pick": page(TEAM, pk="sheet"),
    "reports:sheet_delete": page(TEAMS, 405, pk="sheet"),
    "reports:sheet_pdf": page(TEAM, pk="sheet", format="a4"),
    # reports: evaluation reports
    "reports:reports": page(MANAGERS | PLANNING),
    "reports:report_new": page(PLANNING),
    "reports:report_settings": page(PLANNING),
    "reports:report": page(MANAGERS | PLANNING, pk="report"),
    "reports:report_preview": page(MANAGERS | PLANNING, pk="report"),
    "reports:report_edit": page(PLANNING, pk="report"),
    "reports:report_text": page({"mara"}, pk="report_text"),
    "reports:report_release": page(PLANNING, pk="report"),
    "reports:report_delete": page(PLANNING, pk="report"),
    "reports:report_supersede": page(PLANNING, 405, pk="released_report"),
    "reports:report_make": page(MANAGERS | PLANNING, 405, pk="report"),
    "reports:report_stop": page(MANAGERS | PLANNING, 405, pk="report"),
    "reports:report_draft": page(MANAGERS | PLANNING, pk="report"),
    "reports:report_file": page(MANAGERS | PLANNING, pk="released_report", kind="pdf"),
    # reports: department mirror
    "reports:mirrors": page(MANAGERS | PLANNING | {"lena"}),
    "reports:mirror": page(PLANNING | {"lena"}, pk="department", quarter="2026-1"),
    "reports:mirror_pdf": page(PLANNING | {"lena"}, pk="department", quarter="2026-1"),
    "reports:mirror_publish": page(PLANNING, pk="department", quarter="2026-1"),
    # reports: indicators
    "reports:indicators": page(MANAGERS | PLANNING),
    "reports:indicator": page(MANAGERS | PLANNING, pk="indicator"),
    "reports:indicator_export": page(MANAGERS | PLANNING),
    "reports:indicator_new": page(PLANNING),
    "reports:indicator_edit": page(PLANNING, pk="indicator"),
    "reports:indicator_value_new": page(PLANNING, pk="indicator"),
    "reports:indicator_value": page(PLANNING, pk="indicator_value"),
    "reports:indicator_value_delete": page(PLANNING, pk="indicator_value"),
    "reports:indicator_import": page(PLANNING),
    "reports:indicator_preview": page(PLANNING, pk="indicator_file"),
    "reports:indicator_reading": page(PLANNING, 405, pk="indicator_file"),
    "reports:indicator_take_over": page(PLANNING, 405, pk="indicator_file"),
    "reports:indicator_discard": page(PLANNING, 405, pk="indicator_file"),
    # concerns: catalogue, coordination, hand-over
    "concerns:coordination": page(PLANNING),
    "concerns:rules": page(OFFICE),
    "concerns:rule_new": page(OFFICE),
    "concerns:rule": page(OFFICE, pk="rule"),
    "concerns:rule_replace": page(OFFICE, pk="rule"),
    "concerns:rule_end": page(OFFICE, pk="rule"),
    "concerns:rule_preview": page(OFFICE),
    "concerns:rules_hand_on": page(OFFICE, 405, pk="department"),
    "concerns:rule_reports": page(OFFICE),
    "concerns:overrides": page(OFFICE),
    "concerns:ping_pong": page(OFFICE),
    "concerns:topics": page(OFFICE),
    "concerns:topic_new": page(OFFICE),
    "concerns:topic": page(OFFICE, pk="topic"),
    "concerns:text_blocks": page(OFFICE),
    "concerns:text_block_new": page(OFFICE),
    "concerns:text_block": page(OFFICE, pk="text_block"),
    "concerns:deadlines": page(OFFICE),
    # concerns: list
    "concerns:list": page(READERS),
    "concerns:export": page(READERS),
    "concerns:bulk": page(MANAGERS, 405),
    "concerns:bulk_undo": page(MANAGERS, 405, batch="6f1c1f0e-0000-4000-8000-000000000000"),
    "concerns:views": page(READERS),
    "concerns:view_new": page(READERS),
    "concerns:view_edit": page({"mara"}, pk="saved_view"),
    "concerns:view_delete": page(READERS, 405, pk="saved_view"),
    # concerns: feedback and personal data
    "concerns:worklist": page(TEAMS),
    "concerns:collective": page(TEAMS),
    "concerns:letters": page(TEAMS),
    "concerns:letters_prepare": page(TEAMS, 405),
    "concerns:letters_batch": page({"mara"}, pk="letter_batch"),
    "concerns:letters_discard": page({"mara"}, pk="letter_batch"),
    "concerns:letter_put_back": page(TEAMS, 405, pk="letter"),
    "reports:letters": page({"mara"}, pk="letter_batch"),
    "concerns:plain_check": page(TEAMS, 405),
    "concerns:feedback": page({"mara"}, pk="reporter"),
    "concerns:waive": page({"mara"}, pk="reporter"),
    "concerns:unwaive": page(TEAMS, 405, pk="reporter"),
    "concerns:reaction": page({"mara"}, pk="feedback"),
    "concerns:mail_returned": page(TEAMS, 405, pk="feedback"),
    "concerns:reporter_erase": page({"mara"}, pk="reporter"),
    "concerns:reporter_export": page(MANAGERS, 405, pk="reporter"),
    # quartier
    "healthz": public(),
    "home": page(EVERYBODY, 302),
    "web:session": page(EVERYBODY, others={ANONYMOUS: 401}),
    # districts: master data
    "districts:departments": page(OFFICE),
    "districts:department_new": page(OFFICE),
    "districts:department": page(OFFICE, pk="department"),
    "districts:department_follow": page(OFFICE, pk="department"),
    "districts:department_undo_follow": page(OFFICE, 405, pk="department"),
    "districts:offices": page(OFFICE),
    "districts:office_new": page(OFFICE),
    "districts:office": page(OFFICE, pk="office"),
    "districts:office_quality": page(OFFICE, pk="office"),
    # districts: offices and their hours
    "districts:office_list": page(STAFF),
    "districts:weekly_hours": page(STAFF),
    "districts:office_page": page(STAFF, pk="office"),
    "districts:office_hours": page(OFFICE | {"mara"}, pk="office"),
    "districts:slot_new": page(OFFICE | {"mara"}, pk="office"),
    "districts:slot": page(OFFICE | {"mara"}, pk="slot"),
    "districts:slot_end": page(OFFICE | {"mara"}, pk="slot"),
    "districts:exception_new": page(OFFICE | {"mara"}, pk="office"),
    "districts:exception": page(OFFICE | {"mara"}, pk="exception"),
    "districts:exception_remove": page(OFFICE | MANAGERS, 405, pk="exception"),
    "districts:office_public": public(pk="office"),
    "districts:office_photo": public(404, pk="office"),
    "districts:office_calendar": public(pk="office"),
    "districts:portrait": public(404, pk="person"),
    "reports:hours_notice": page(STAFF, pk="office", format="a4"),
    "districts:districts": page(OFFICE),
    "districts:district_new": page(OFFICE),
    "districts:district": page(OFFICE, pk="district"),
    # districts: people
    "districts:profile": page(EVERYBODY),
    "districts:my_deputy_new": page(EVERYBODY),
    "districts:my_deputy_end": page(EVERYBODY, 405, pk="deputyship"),
    "districts:people": page(OFFICE),
    "districts:person_new": page(OFFICE),
    "districts:person": page(OFFICE, pk="person"),
    "districts:person_edit": page(OFFICE, pk="person"),
    "districts:membership_new": page(OFFICE, pk="person"),
    "districts:deputyship_new": page(OFFICE, pk="person"),
    "districts:deputyship_end": page(OFFICE, 405, pk="deputyship"),
    "concerns:handover": page(OFFICE | {"mara"}, pk="person"),
    "concerns:handovers": page(EVERYBODY),
    "concerns:proposal": page(OFFICE | {"mara"}, pk="handover"),
    "concerns:proposal_agree": page(EVERYBODY, 405, pk="handover"),
    "concerns:proposal_withdraw": page(EVERYBODY, 405, pk="handover"),
    "reports:person_dossier": page(OFFICE | {"mara"}, pk="person"),
    "reports:district_dossier": page(TEAM | PLANNING, slug="district.slug"),
    "reports:district_pages": page(STAFF),
    "reports:district_page": page(STAFF, slug="district.slug"),
    "reports:district_profile": page(STAFF, slug="district.slug"),
    "districts:living_spaces": page(OFFICE),
    "districts:living_space_new": page(OFFICE),
    "districts:living_space": page(OFFICE, pk="living_space"),
    "concerns:deactivate": page(OFFICE, 405, pk="person"),
    "concerns:membership_end": page(OFFICE, pk="membership"),
    "districts:reactivate": page(OFFICE, 405, pk="person"),
    # districts: directory of actors
    "districts:actors": page(LOOKERS),
    "districts:actor_new": page(DIRECTORY),
    "districts:actor_alike": page(DIRECTORY),
    "districts:actor_options": page(LOOKERS | OFFICE),
    "districts:actor_export": page(DIRECTORY),
    "reports:actor_paper": page(LOOKERS),
    "districts:actor": page(LOOKERS, pk="actor"),
    "districts:actor_edit": page(TEAM | PLANNING, pk="actor"),
    "districts:actor_verify": page(DIRECTORY, 405, pk="actor"),
    "districts:actor_end": page(TEAM | PLANNING, pk="actor"),
    "districts:actor_reopen": page(DIRECTORY, 405, pk="actor"),
    "districts:actor_merge": page(TEAM | PLANNING, pk="actor"),
    "districts:merge_undo": page(DIRECTORY, 405, pk="actor_merge"),
    "districts:actor_import": page(DIRECTORY),
    "districts:actor_preview": page({"mara"}, pk="actor_file"),
    "districts:actor_take_over": page(DIRECTORY, 405, pk="actor_file"),
    "districts:actor_discard": page(DIRECTORY, 405, pk="actor_file"),
    # districts: contact persons, contact log
    "districts:contact_new": page(TEAM | PLANNING, pk="actor"),
    "districts:contact_edit": page(TEAM | PLANNING, pk="contact"),
    "districts:contact_end": page(TEAM | PLANNING, pk="contact"),
    "districts:contact_erase": page(TEAM | PLANNING, pk="contact"),
    "districts:contact_log": page(TEAMS),
    "districts:silence": page(TEAMS),
    "districts:note_new": page(TEAM, pk="actor"),
    "districts:note_edit": page(TEAM, pk="contact_note"),
    "districts:note_settle": page(TEAMS, 405, pk="contact_note"),
    "districts:note_unsettle": page(TEAMS, 405, pk="contact_note"),
    # districts: carrier staff
    "districts:carrier": page(CARRIERS),
    "districts:own_actor": page(CARRIERS, pk="own_actor"),
    "districts:own_actor_edit": page(CARRIERS, pk="own_actor"),
    "districts:own_actor_verify": page(CARRIERS, 405, pk="own_actor"),
    "districts:own_contact_new": page(CARRIERS, pk="own_actor"),
    "districts:own_contact_edit": page(CARRIERS, pk="own_contact"),
    "districts:own_contact_end": page(CARRIERS, pk="own_contact"),
    # districts: shared offices, rooms
    "districts:shares": page(TEAMS | PLANNING | CARRIERS),
    "districts:share_new": page(MANAGERS | PLANNING),
    "districts:share": page(TEAMS | PLANNING | CARRIERS, pk="share"),
    "districts:share_edit": page(PLANNING | {"mara"}, pk="share"),
    "districts:share_move": page(PLANNING | {"mara"}, pk="next_share"),
    "districts:share_member_new": page(PLANNING | {"mara"}, pk="share"),
    "districts:share_member": page(PLANNING | {"mara"}, pk="share_member"),
    "districts:assessment_new": page(PLANNING | {"mara"}, pk="share"),
    "districts:rooms": page(TEAMS | OFFICE | CARRIERS),
    "districts:room_week": page(TEAMS | OFFICE | CARRIERS, pk="office"),
    "districts:room_new": page(OFFICE | {"mara"}, pk="office"),
    "districts:room_edit": page(OFFICE | {"mara"}, pk="room"),
    "districts:booking_new": page(TEAM | CARRIERS, pk="office"),
    "districts:booking": page(TEAMS | OFFICE | CARRIERS, pk="booking"),
    "districts:booking_edit": page(TEAM | CARRIERS, pk="booking"),
    "districts:booking_cancel": page(TEAM | CARRIERS, pk="booking"),
    "districts:room_usage": page(TEAMS | OFFICE, pk="office"),
    "districts:room_usage_csv": page(TEAMS | OFFICE, pk="office"),
    "reports:room_plan": page(TEAMS | OFFICE | CARRIERS, pk="room"),
    "districts:closure": page(MANAGERS | OFFICE),
    "districts:offices_public": public(),
    # districts: networks and relations
    "districts:networks": page(LOOKERS),
    "districts:network_new": page(DIRECTORY),
    "districts:network": page(LOOKERS, pk="network"),
    "districts:network_edit": page(TEAM | PLANNING, pk="network"),
    "districts:member_new": page(TEAM | PLANNING, pk="network"),
    "districts:member_edit": page(TEAM | PLANNING, pk="network_membership"),
    "districts:relation_new": page(TEAM | PLANNING, pk="actor"),
    "districts:relation_edit": page(TEAM | PLANNING, pk="relation"),
    "districts:relation_remove": page(DIRECTORY, 405, pk="relation"),
    "districts:gaps": page(DIRECTORY),
    # districts: posts, assignments, tasks, steering structure
    "districts:posts": page(POSTS),
    "districts:timeline": page(POSTS),
    "districts:expiring": page(POSTS),
    "districts:uncovered": page(POSTS),
    "districts:models": page(POSTS),
    "districts:classifications": page(POSTS),
    "districts:classification_new": page(PLANNING),
    "districts:classification": page(PLANNING, pk="classification"),
    "districts:structures": page(POSTS),
    "districts:structure": page(POSTS, pk="district"),
    "districts:structure_edit": page(PLANNING, pk="district"),
    "districts:assignment_new": page(PLANNING),
    "districts:assignment": page(POSTS, pk="assignment"),
    "districts:assignment_edit": page(PLANNING, pk="assignment"),
    "concerns:assignment_move": page(PLANNING, 405, pk="assignment"),
    "districts:term_new": page(PLANNING, pk="assignment"),
    "districts:decision_new": page(PLANNING, pk="assignment"),
    "districts:assignment_model": page(PLANNING, pk="assignment"),
    "districts:carrier_new": page(PLANNING, pk="assignment"),
    "districts:assignment_carrier": page(PLANNING, pk="carrier"),
    "districts:post_new": page(PLANNING, pk="assignment"),
    "districts:post": page(PLANNING, pk="post"),
    "districts:post_share_new": page(PLANNING, pk="post"),
    "districts:staffing_new": page(PLANNING, pk="post"),
    "concerns:staffing": page(PLANNING, pk="staffing"),
    "districts:tasks": page(POSTS, pk="assignment"),
    "districts:tasks_propose": page(PLANNING, 405, pk="assignment"),
    "districts:task": page(PLANNING, pk="assignment", code="TA16"),
    "reports:post_paper": page(POSTS),
    "reports:task_paper": page(POSTS, pk="assignment"),
    "reports:structure_paper": page(POSTS, pk="district"),
    # districts: lists of the directory
    "districts:list_entries": page(OFFICE, code="arten"),
    "districts:list_entry_new": page(OFFICE, code="arten"),
    "districts:list_entry": page(OFFICE, code="arten", pk="actor_type"),
    "districts:list_starter": page(OFFICE, 405, code="arten"),
    "districts:directory_settings": page(OFFICE),
    # projects: the register of needs, city-wide for teams and Sozialplanung; the district's team writes
    "projects:needs": page(TEAMS | PLANNING),
    "projects:need_export": page(TEAMS | PLANNING),
    "projects:need_new": page(TEAMS),
    "projects:needs_of_concerns": page(TEAMS, 405),
    "projects:concern_needs": page(TEAM, number="concern.number"),
    "projects:theme_news": page(TEAMS),
    "projects:news_answer": page({"mara"}, pk="theme_news"),
    "projects:news_dismiss": page(TEAMS, 405, pk="theme_news"),
    "projects:needs_hand_over": page({"mara", "silke", "adam"}, pk="person"),
    "projects:need": page(TEAMS | PLANNING, pk="need"),
    "projects:need_edit": page(TEAM, pk="need"),
    "projects:need_status": page({"mara"}, pk="need"),
    "projects:need_confirm": page(TEAMS, 405, pk="need"),
    "projects:need_concerns": page(TEAM, pk="need"),
    "projects:need_unlink": page(TEAMS, 405, pk="need", concern="concern"),
    "projects:need_evidence_new": page(TEAM, pk="need"),
    "projects:need_evidence_remove": page(TEAMS, 405, pk="need_evidence"),
    "projects:need_agenda": page({"mara"}, pk="need"),
    "projects:need_project": page({"mara"}, pk="need"),
    # projects: theme reports; E 18 answers what was sent to it
    "projects:theme_reports": page(TEAMS | PLANNING),
    "projects:theme_report_new": page(TEAMS | PLANNING),
    "projects:theme_report": page(TEAMS | PLANNING, pk="theme_report"),
    "projects:theme_report_edit": page(TEAM | PLANNING, pk="theme_draft"),
    "projects:theme_report_discard": page(TEAMS | PLANNING, 405, pk="theme_draft"),
    "projects:theme_recipient_new": page(TEAM | PLANNING, pk="theme_draft"),
    "projects:theme_recipient_remove": page(TEAMS | PLANNING, 405, pk="draft_recipient"),
    "projects:theme_report_send": page({"mara"} | PLANNING, pk="theme_draft"),
    "projects:theme_report_finish": page(MANAGERS | PLANNING, 405, pk="theme_report"),
    "projects:theme_recipient_step": page({"mara"} | PLANNING, pk="theme_recipient", step="mitteilung"),
    "projects:theme_tickets": page(DEPARTMENTS),
    "projects:theme_ticket": page(ROUTED, pk="theme_recipient"),
    "projects:theme_ticket_reply": page(ROUTED, 303, pk="theme_recipient"),
    "projects:theme_ticket_step": page(ROUTED, pk="theme_recipient", step="rueckfrage"),
    "reports:theme_report_paper": page(TEAMS | PLANNING, pk="theme_report"),
    "reports:theme_ticket_paper": page(ROUTED, pk="theme_recipient"),
    # projects: bodies, sessions, follow-ups; E 18 belongs to the body and sees its dates and agenda
    "projects:bodies": page(TEAMS | PLANNING | DEPARTMENTS),
    "projects:body_new": page(MANAGERS | PLANNING),
    "projects:body": page(TEAMS | PLANNING | ROUTED, pk="body"),
    "projects:body_edit": page({"mara"} | PLANNING, pk="body"),
    "projects:body_sessions": page(TEAMS | PLANNING | ROUTED, pk="body"),
    "projects:body_member_new": page({"mara"} | PLANNING, pk="body"),
    "projects:body_member": page({"mara"} | PLANNING, pk="body_member"),
    "projects:body_member_end": page({"mara"} | PLANNING, pk="body_member"),
    "projects:body_calendar": public(pk="body"),
    "projects:sessions_plan": page({"mara"} | PLANNING, pk="body"),
    "projects:session_new": page({"mara"} | PLANNING, pk="body"),
    "projects:session": page(TEAMS | PLANNING | ROUTED, pk="session"),
    "projects:session_edit": page({"mara"} | PLANNING, pk="session"),
    "projects:session_remove": page(MANAGERS | PLANNING, 405, pk="session"),
    "projects:session_invite": page({"mara"} | PLANNING, pk="session"),
    "projects:session_cancel": page({"mara"} | PLANNING, pk="session"),
    "projects:session_revive": page(MANAGERS | PLANNING, 405, pk="session"),
    "projects:session_begin": page(TEAMS | PLANNING, 405, pk="session"),
    "projects:agenda_take": page(MANAGERS | PLANNING, 405, pk="session"),
    "projects:item_new": page({"mara"} | PLANNING, pk="session"),
    "projects:item": page({"mara"} | PLANNING, pk="item"),
    "projects:item_move": page(MANAGERS | PLANNING, 405, pk="item"),
    "projects:item_remove": page(MANAGERS | PLANNING, 405, pk="item"),
    "projects:attendance": page(TEAM | PLANNING, pk="held"),
    "projects:minutes": page(TEAM | PLANNING, pk="held"),
    "projects:minutes_approve": page({"mara"} | PLANNING, pk="held"),
    "projects:follow_ups": page(TEAMS | PLANNING),
    "projects:follow_up_of_body": page(TEAM | PLANNING, pk="body"),
    "projects:follow_up_new": page(TEAM | PLANNING, pk="held"),
    "projects:follow_up": page(TEAM | PLANNING, pk="body_follow_up"),
    "projects:follow_up_settle": page(TEAM | PLANNING, pk="body_follow_up"),
    "projects:follow_up_reopen": page(TEAMS | PLANNING, 405, pk="body_follow_up"),
    "projects:follow_up_concern": page(TEAM, pk="body_follow_up"),
    "projects:item_concern": page(TEAM, pk="item"),
    "reports:session_invitation": page(TEAMS | PLANNING, pk="session"),
    "reports:attendance_sheet": page(TEAMS | PLANNING, pk="session"),
    "reports:session_minutes": page(TEAMS | PLANNING, pk="held"),
    "reports:follow_up_paper": page(TEAMS | PLANNING, pk="body"),
    # concerns: the quarter manager's desk
    "concerns:basket": page(TEAMS),
    "concerns:detail": page(READERS, number="concern.number"),
    "concerns:take_on": page({"mara"}, number="concern.number"),
    "concerns:park": page({"mara"}, number="concern.number"),
    "concerns:wake": page(MANAGERS, 405, number="concern.number"),
    "concerns:answer": page({"mara"}, number="concern.number"),
    "concerns:acknowledge_return": page(MANAGERS, 405, number="concern.number"),
    "concerns:follow_up": page(TEAM, number="concern.number"),
    "concerns:owner": page({"mara"}, number="concern.number"),
    "concerns:note": page(TEAM, number="concern.number"),
    "concerns:forward": page({"mara"}, number="concern.number"),
    "concerns:withdraw": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:answer_query": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:remark": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:paper_reply": page({"mara"}, number="concern.number", pk="routing"),
    "concerns:bundle": page({"mara"}, number="concern.number"),
    "concerns:unbundle": page({"mara"}, number="concern.number"),
    "concerns:close": page({"mara"}, number="concern.number"),
    "concerns:reopen": page({"mara"}, number="concern.number"),
    "concerns:settle_promise": page({"mara"}, number="concern.number"),
    "concerns:undo": page(TEAMS, 405, number="concern.number"),
    # concerns: capture
    "concerns:capture": page(TEAMS),
    "concerns:edit": page(TEAM, number="concern.number"),
    "concerns:reporter_add": page(TEAM, number="concern.number"),
    "concerns:reporter_edit": page({"mara"}, number="concern.number", pk="reporter"),
    "concerns:photo_add": page(TEAMS, 405, number="concern.number"),
    "concerns:photo_remove": page(TEAMS, 405, pk="photo"),
    "concerns:photo": page(READERS | ROUTED, pk="photo"),
    "concerns:held_photo": page({"mara"}, pk="held_photo"),
    # concerns: drafts
    "concerns:draft": page(TEAMS | DEPARTMENTS | PLANNING, 405, form="capture"),
    "concerns:draft_discard": page(TEAMS | DEPARTMENTS | PLANNING, 405, form="capture"),
    # concerns: department
    "concerns:inbox": page(DEPARTMENTS),
    "concerns:ticket": page(ROUTED, pk="routing"),
    "concerns:ticket_reply": page(ROUTED, 303, pk="routing"),
    "concerns:ticket_step": page(ROUTED, pk="routing", step="rueckfrage"),
    "concerns:external": public(token="link.token"),
    "concerns:external_reply": public(303, token="link.token"),
    "concerns:external_step": public(token="link.token", step="rueckfrage"),
    "concerns:external_photo": public(404, token="link.token", pk=1),
    "concerns:external_renew": public(405, token="link.token"),
    # concerns: status page of residents
    "concerns:status": public(),
    "concerns:status_standing": public(303),
    "concerns:status_say": public(405),
    "concerns:status_leave": public(405),
    "concerns:status_code": public(404, code="0000-0000-0000"),
    "concerns:voice_settle": page(TEAMS, 405, pk=1),
    "concerns:voice_unsettle": page(TEAMS, 405, pk=1),
    "concerns:receipt_given": page(TEAMS, 405, pk="reporter"),
    "reports:receipt": page({"mara"}, pk="reporter"),
    "concerns:renew_link": page(MANAGERS, 405, number="concern.number", pk="routing"),
    # reports: evaluation
    "reports:evaluation": page(MANAGERS | PLANNING),
    "reports:evaluation_csv": page(MANAGERS | PLANNING, code="kinds"),
    "reports:evaluation_xlsx": page(MANAGERS | PLANNING),
    "reports:evaluation_zip": page(MANAGERS | PLANNING),
}
