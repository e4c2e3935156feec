"""Which groups answer for which question: whose signatures a change of its answer, evidence or findings makes stale.

A question that is not listed concerns everybody who signs. So do all decisions, all that no waiver can stand in for,
and all that the sentence speaks of which everybody signs: a plan's documents, a release's risks. That an indicator is
about the release, its environment or the plans around it is Table 4's; who answers for which is ours
(docs/decisions/selective-re-sign.md).
"""

from collections.abc import Mapping

_PROGRAM, _PRODUCT, _SPECIALISTS, _DEVELOPERS, _TESTERS = "PPA-P1", "PPA-P2", "PPA-P3", "PPA-P4", "PPA-P5"
_MANAGEMENT, _RUNNING = "PPA-P6", "PPA-P7"
_METRICS = (_PROGRAM, _PRODUCT, _TESTERS, _MANAGEMENT)

_OPERATIONS, _TEAM, _SECURITY, _USERS = "RR-P1", "RR-P2", "RR-P3", "RR-P4"
_OPERATIONS_MANAGEMENT, _BUSINESS, _PROJECTS = "RR-P5", "RR-P6", "RR-P7"
_RUN = (_OPERATIONS, _OPERATIONS_MANAGEMENT)
_MADE_AND_RUN = (_OPERATIONS, _TEAM, _OPERATIONS_MANAGEMENT)
_ROLLED_OUT = (*_MADE_AND_RUN, _PROJECTS)
_READ = (*_MADE_AND_RUN, _USERS)
_SECURED = (_OPERATIONS, _SECURITY, _OPERATIONS_MANAGEMENT)
_USED = (_USERS, _BUSINESS)

OWNERS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "ppa": {
        "I6": (_PRODUCT, _SPECIALISTS, _MANAGEMENT, _RUNNING),  # opportunities to merge, simplify or retire
        "I7": _METRICS,
        "A3": (_PROGRAM, _SPECIALISTS, _DEVELOPERS, _TESTERS, _MANAGEMENT),  # capabilities and resources
        "A5": _METRICS,
    },
    "rr": {
        "I1": _RUN,  # operations support guide
        "I3": _SECURED,
        "I4": (_OPERATIONS, _TEAM, _USERS, _BUSINESS),  # converted data
        "A3": _RUN,
        "A4": _SECURED,
        "A5": _MADE_AND_RUN,
        "ASP1": _RUN,
        "ASP2": _MADE_AND_RUN,
        "ASP3": _USED,
        # Table 4, release
        "G-REL-1": _ROLLED_OUT,
        "G-REL-2": _READ,
        "N-REL-1": (_TEAM, _SECURITY, _PROJECTS),  # build checks, code review, tests
        "N-REL-2": _READ,
        # Table 4, production environment
        "G-ENV-1": _RUN,
        "G-ENV-2": _RUN,
        "G-ENV-3": (*_RUN, _BUSINESS),  # service levels
        "N-ENV-1": _MADE_AND_RUN,
        "N-ENV-2": _RUN,
        "N-ENV-3": _MADE_AND_RUN,  # backup
        # Table 4, plans of the release strategy
        "G-STR-1": _MADE_AND_RUN,  # escalation path
        "G-STR-2": (_TEAM, _USERS, _BUSINESS, _PROJECTS),  # stakeholders told
        "G-STR-3": _ROLLED_OUT,
        "N-STR-2": (_TEAM, _USERS, _BUSINESS, _PROJECTS),  # what the plans presuppose of users and business
        "N-STR-3": _ROLLED_OUT,  # change record
    },
}


def concerned(kind: str, code: str) -> tuple[str, ...]:
    """Codes of the groups that answer for this question; none means that it concerns everybody who signs.

    Args:
        kind: of the review: ppa or rr.
        code: of the question; one of the organisation's own concerns everybody.
    """
    return OWNERS[kind].get(code, ())
