"""The working draft: show and save."""

from __future__ import annotations

from typing import Any

from policyforum.api.calls import reads, writes
from policyforum.api.schemas.drafts import Draft, DraftOutline, DraftSaving
from policyforum.drafting.findings import Issue, findings_of
from policyforum.drafting.queries import policy_to_draft, working_text
from policyforum.drafting.readiness import citations_gone_wrong
from policyforum.drafting.services import save_draft
from policyforum.organisation.current import current_actor
from policyforum.policies.models import Policy
from policyforum.text.sections import split
from policyforum.web.access import signed_in
from policyforum.web.clock import now


@signed_in
@reads(Draft)
def show_draft(slug: str) -> Draft:
    """Show the working draft.

    Only the policy's drafters see it; for anybody else it is not there.
    """
    policy = policy_to_draft(slug, current_actor())
    text = working_text(policy)
    return Draft.model_validate(
        {
            "version": text.version,
            "based_on": text.based_on,
            "source": text.source,
            **_outline(policy, text.source),
        }
    )


@signed_in
@writes(DraftSaving, DraftOutline, refusals=(409,))
def save_whole_draft(sent: DraftSaving, slug: str) -> DraftOutline:
    """Save the working draft.

    When somebody saved another version meanwhile, nothing is saved: the answer is 409 with
    `current` (version, source) and `merged` (source, conflicts), a three-way merge of both.
    """
    actor = current_actor()
    policy = policy_to_draft(slug, actor)
    draft = save_draft(policy, actor, sent.source, sent.version, now())
    return DraftOutline.model_validate({"version": draft.version, **_outline(policy, sent.source)})


def _outline(policy: Policy, source: str) -> dict[str, Any]:
    outline = split(source)
    findings = findings_of(outline, citations_gone_wrong(policy, outline))
    return {
        "sections": [
            {
                "position": section.position,
                "parent": section.parent,
                "kind": section.kind,
                "number": section.number,
                "label": section.label,
                "heading": section.heading,
                "offset": section.offset,
                "text": section.text,
            }
            for section in outline.sections
        ],
        "issues": [
            _issue(issue)
            for issue in sorted(
                (*findings.citations, *findings.issues), key=lambda issue: issue.line
            )
        ],
    }


def _issue(issue: Issue) -> dict[str, Any]:
    fix = issue.fix
    return {
        "line": issue.line,
        "code": issue.code,
        "message": issue.message,
        "fix": {"start": fix.start, "end": fix.end, "words": fix.words} if fix else None,
    }
