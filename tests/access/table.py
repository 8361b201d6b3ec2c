"""Who gets through which door: the written table that the application is held to.

Outcomes, for each kind of visitor (see `world.VISITORS`; a role alone means all its scopes):

    ok        came through; what was sent may still be refused for what it says
    refused   403: they may see it, but not do this
    hidden    404: for them it is not there
    outside   not signed in: led to the sign-in page, 403 when sending a form, 401 in the API

A pattern names the visitors of each outcome; `REST` are all others. What lies under a policy is
asked of the policy for staff, in `VISIBILITIES` of the others too.
"""

from __future__ import annotations

REST = "rest"
Pattern = dict[str, str]

PATTERNS: dict[str, Pattern] = {
    "everyone": {"ok": REST},
    "signed in": {"outside": "anonymous", "ok": REST},
    "readers": {"hidden": "anonymous, guest", "ok": REST},
    "signed-in readers": {"outside": "anonymous", "hidden": "guest", "ok": REST},
    "whose it is": {"outside": "anonymous", "ok": "staff own", "hidden": REST},
    "its author": {
        "outside": "anonymous", "ok": "staff own", "hidden": "guest", "refused": REST,
    },
    "commenters": {
        "outside": "anonymous", "hidden": "guest",
        "refused": "admin, auditor, drafter other", "ok": REST,
    },
    "commenters, its author not": {
        "outside": "anonymous", "hidden": "guest",
        "refused": "admin, auditor, drafter other, staff own", "ok": REST,
    },
    "any drafter": {"outside": "anonymous", "ok": "drafter", "refused": REST},
    "its drafters": {"outside": "anonymous", "ok": "drafter own", "refused": REST},
    "its drafters, hidden from others": {
        "outside": "anonymous", "ok": "drafter own", "hidden": "drafter other", "refused": REST,
    },
    "its drafters, as if it were not there": {
        "outside": "anonymous", "ok": "drafter own", "hidden": REST,
    },
    "its drafters, other readers refused": {
        "outside": "anonymous", "ok": "drafter own", "hidden": "guest", "refused": REST,
    },
    "its leaders": {"outside": "anonymous", "ok": "leader own", "refused": REST},
    "its leaders, other readers refused": {
        "outside": "anonymous", "ok": "leader own", "hidden": "guest", "refused": REST,
    },
    "who decides and who prepares it": {
        "outside": "anonymous", "ok": "leader own, drafter own, auditor own", "refused": REST,
    },
    "its moderators": {"outside": "anonymous", "ok": "moderator own", "refused": REST},
    "who audits": {
        "outside": "anonymous",
        "ok": "auditor own, admin own, admin city, drafter own, leader own",
        "hidden": "guest",
        "refused": REST,
    },
    "any administrator": {"outside": "anonymous", "ok": "admin", "refused": REST},
    "its administrators": {
        "outside": "anonymous", "ok": "admin own, admin city", "refused": REST,
    },
    "their administrators": {
        "outside": "anonymous", "ok": "admin own, admin city", "hidden": "admin other",
        "refused": REST,
    },
    "the city's administrators": {"outside": "anonymous", "ok": "admin city", "refused": REST},
    "the city's administrators, hidden from others": {
        "outside": "anonymous", "ok": "admin city", "hidden": "admin other", "refused": REST,
    },
}  # fmt: skip

TABLE: dict[str, str] = {
    # What is the same for everyone.
    "healthz GET": "everyone",
    "readyz GET": "everyone",
    "metrics GET": "everyone",
    "api_docs.docs GET": "everyone",
    "api_docs.lead_to_docs GET": "everyone",
    "openapi.spec GET": "everyone",
    "reading.home GET": "everyone",
    "reading.help GET": "everyone",
    "reading.shortcuts GET": "everyone",
    "reading.policies GET": "everyone",
    "reading.heads GET": "everyone",
    "reading.heads_text GET": "everyone",
    # One's own account.
    "accounts.sign_in GET": "everyone",
    "accounts.sign_in POST": "everyone",
    "accounts.sign_out POST": "everyone",
    "accounts.language POST": "everyone",
    "accounts.visitor_language GET": "everyone",
    "accounts.account GET": "signed in",
    "accounts.password GET": "signed in",
    "accounts.password POST": "signed in",
    "accounts.sessions GET": "signed in",
    "accounts.end_session POST": "whose it is",
    "accounts.end_other_sessions POST": "signed in",
    "accounts.tokens GET": "signed in",
    "accounts.tokens POST": "signed in",
    "accounts.revoke_token POST": "whose it is",
    "notifications.inbox GET": "signed in",
    "notifications.open_line POST": "whose it is",
    "notifications.read_all POST": "signed in",
    # Reading what is published.
    "reading.policy GET": "readers",
    "reading.revision GET": "readers",
    "reading.source GET": "readers",
    "reading.changes_since_read GET": "signed-in readers",
    "reading.choose_changes GET": "readers",
    "reading.changes GET": "readers",
    "reading.history GET": "readers",
    "reading.feedback GET": "readers",
    "reading.thread GET": "readers",
    "reading.audit GET": "who audits",
    "reading.mine GET": "signed in",
    "exports.feedback_csv GET": "readers",
    "exports.feedback_json GET": "readers",
    # Contributing.
    "commenting.threads GET": "readers",
    "commenting.versions GET": "readers",
    "commenting.new GET": "commenters",
    "commenting.new POST": "commenters",
    "commenting.reply GET": "commenters",
    "commenting.reply POST": "commenters",
    "commenting.endorse POST": "commenters, its author not",
    "commenting.edit GET": "its author",
    "commenting.edit POST": "its author",
    "commenting.withdraw POST": "its author",
    "commenting.hide GET": "its moderators",
    "commenting.hide POST": "its moderators",
    "commenting.show GET": "its moderators",
    "commenting.show POST": "its moderators",
    "commenting.place GET": "its drafters",
    "commenting.place POST": "its drafters",
    "commenting.plan GET": "its drafters",
    "commenting.plan POST": "its drafters",
    "commenting.placements GET": "its drafters",
    "commenting.forecast GET": "its drafters, hidden from others",
    # Drafting and publishing.
    "drafting.new GET": "any drafter",
    "drafting.new POST": "any drafter",
    "drafting.edit GET": "its drafters, hidden from others",
    "drafting.edit POST": "its drafters, hidden from others",
    "drafting.replace POST": "its drafters, hidden from others",
    "drafting.preview POST": "its drafters, hidden from others",
    "drafting.fix POST": "its drafters, hidden from others",
    "drafting.origins GET": "its drafters, hidden from others",
    "drafting.origin GET": "its drafters, hidden from others",
    "drafting.origin POST": "its drafters, hidden from others",
    "drafting.source GET": "its drafters, hidden from others",
    "drafting.saves GET": "its drafters, hidden from others",
    "drafting.save GET": "its drafters, hidden from others",
    "drafting.restore POST": "its drafters, hidden from others",
    "drafting.publish GET": "its drafters, hidden from others",
    "drafting.publish POST": "its drafters, hidden from others",
    "policies.read POST": "signed-in readers",
    "policies.settings GET": "its drafters",
    "policies.settings POST": "its drafters",
    "policies.withdraw POST": "its drafters",
    "policies.round GET": "its drafters",
    "policies.round POST": "its drafters",
    "policies.change_round POST": "its drafters",
    # Answering and deciding.
    "consolidation.worksheet GET": "its drafters",
    "consolidation.contribution GET": "its drafters",
    "consolidation.contribution POST": "its drafters",
    "consolidation.preview POST": "its drafters",
    "consolidation.gather POST": "its drafters",
    "consolidation.draw_up POST": "its drafters",
    "consolidation.link POST": "its drafters",
    "consolidation.item GET": "readers",
    "decisions.brief GET": "who decides and who prepares it",
    "decisions.recommend POST": "its drafters",
    "decisions.decide POST": "its leaders",
    # Administration.
    "admin.home GET": "any administrator",
    "admin.units GET": "any administrator",
    "admin.new_unit GET": "any administrator",
    "admin.new_unit POST": "any administrator",
    "admin.paste_units GET": "any administrator",
    "admin.paste_units POST": "any administrator",
    "admin.unit GET": "its administrators",
    "admin.unit POST": "its administrators",
    "admin.close_unit POST": "its administrators",
    "admin.reopen_unit POST": "its administrators",
    "admin.associations GET": "any administrator",
    "admin.new_association GET": "the city's administrators",
    "admin.new_association POST": "the city's administrators",
    "admin.association GET": "the city's administrators",
    "admin.association POST": "the city's administrators",
    "admin.close_association POST": "the city's administrators",
    "admin.reopen_association POST": "the city's administrators",
    "admin.people GET": "any administrator",
    "admin.new_person GET": "any administrator",
    "admin.new_person POST": "any administrator",
    # The person holds a seat, which is the city's to give: a narrow administrator may look only.
    "admin.person GET": "their administrators",
    "admin.change_details POST": "the city's administrators, hidden from others",
    "admin.change_workplace POST": "the city's administrators, hidden from others",
    "admin.join_association POST": "the city's administrators, hidden from others",
    "admin.leave_association POST": "the city's administrators, hidden from others",
    "admin.disable POST": "the city's administrators, hidden from others",
    "admin.enable POST": "the city's administrators, hidden from others",
    "admin.reset_password POST": "the city's administrators, hidden from others",
    "admin.grant_role POST": "their administrators",
    "admin.end_role POST": "their administrators",
    # The API.
    "api.show_me GET": "signed in",
    "api.list_policies GET": "signed in",
    "api.create_policy POST": "any drafter",
    "api.show_policy GET": "signed-in readers",
    "api.show_draft GET": "its drafters, as if it were not there",
    "api.save_whole_draft PUT": "its drafters, as if it were not there",
    "api.list_revisions GET": "signed-in readers",
    "api.publish_revision POST": "its drafters, other readers refused",
    "api.show_revision GET": "signed-in readers",
    "api.show_source GET": "signed-in readers",
    "api.open_new_round POST": "its drafters, other readers refused",
    "api.update_round PATCH": "its drafters, other readers refused",
    "api.show_changes GET": "signed-in readers",
    "api.list_threads GET": "signed-in readers",
    "api.open_new_thread POST": "commenters",
    "api.show_thread GET": "signed-in readers",
    "api.list_placements GET": "signed-in readers",
    "api.post_comment POST": "commenters",
    "api.update_comment PATCH": "its author",
    "api.delete_comment DELETE": "its author",
    "api.create_feedback POST": "its drafters, other readers refused",
    "api.set_disposition PUT": "its drafters, other readers refused",
    "api.show_matrix GET": "signed-in readers",
    "api.create_decision POST": "its leaders, other readers refused",
    "api.list_audit GET": "who audits",
    "api.list_heads GET": "everyone",
    "api.show_consistency GET": "signed in",
    "api.show_inclusion GET": "signed in",
}

SEATED_AND_OVERSEEING = (
    "guest seated, staff own, admin own, admin city, drafter own, leader own, moderator own,"
    " auditor own"
)

VISIBILITIES: dict[str, Pattern] = {
    "public": {"ok": REST},
    "invited": {"ok": SEATED_AND_OVERSEEING, "hidden": REST},
    "draft": {"hidden": REST},
}
"""What `readers` see of a policy for others than staff, or of one without any revision."""

KNOWN_BEFORE_THE_FIRST_REVISION: dict[str, Pattern] = {
    "reading.policy GET": {"ok": "admin own, admin city, drafter own, auditor own", "hidden": REST},
    "reading.history GET": {
        "ok": "admin own, admin city, drafter own, auditor own", "hidden": REST,
    },
    "api.show_policy GET": {
        "outside": "anonymous",
        "ok": "admin own, admin city, drafter own, auditor own",
        "hidden": REST,
    },
    "api.list_revisions GET": {
        "outside": "anonymous",
        "ok": "admin own, admin city, drafter own, auditor own",
        "hidden": REST,
    },
}  # fmt: skip
"""Pages that tell drafters and overseers that a policy without any revision is there."""

FORMS: dict[str, dict[str, str]] = {
    "admin.change_details": {"name": "Nama Baru", "email": "baru@bandung.example"},
    "admin.join_association": {"association": "{association}"},
    "accounts.language": {"locale": "en"},
    "commenting.new": {"body": "Masukan", "kind": "concern", "stance": "neutral"},
    "commenting.reply": {"body": "Balasan", "parent": "{comment}"},
    "commenting.endorse": {"stance": "support"},
    "commenting.edit": {"body": "Lain"},
    "drafting.edit": {"source": "# Satu\n", "version": "1"},
}
"""What is sent in a form, where an empty one would be refused before anybody asks who sends it."""

BODIES: dict[str, dict[str, object]] = {
    "api.create_policy": {"title": "Baru", "kind": "generic", "visibility": "staff"},
    "api.save_whole_draft": {"source": "# Satu\n", "version": 1},
    "api.publish_revision": {"change_note": "Ubah", "draft_version": 2},
    "api.open_new_round": {
        "opens_at": "2026-01-01T00:00:00Z",
        "closes_at": "2100-01-01T00:00:00Z",
        "audience": "staff",
    },
    "api.update_round": {"closes_at": "2100-01-01T00:00:00Z"},
    "api.open_new_thread": {"section": None, "body": "Masukan"},
    "api.post_comment": {"body": "Balasan", "parent": None},
    "api.update_comment": {"body": "Lain"},
    "api.create_feedback": {"revision": 1, "summary": "Ringkas", "threads": ["{thread}"]},
    "api.set_disposition": {"outcome": "rejected", "reason": "Sudah diatur."},
    "api.create_decision": {"revision": 1, "outcome": "returned", "reason": "Perbaiki."},
}
"""What programs send: the API says what is wrong with a body before it asks who sends it."""
