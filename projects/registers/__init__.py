"""Registers: what a project keeps lists of, each described once and served by the same pages.

A register says which rows it has, how they read as a table, how one is added and what is done with it. List, form,
paste, CSV, hub and the tables of the evidence pack are made from that description.
"""

from projects.registers.candidates import CANDIDATES
from projects.registers.closing import DISENGAGEMENTS, INTENT_RESULTS
from projects.registers.controls import CONTROLS
from projects.registers.deployments import DEPLOYMENTS
from projects.registers.environment import AGREEMENTS, PROCEDURES, TRAINING
from projects.registers.environments import COMPLIANCE, ENVIRONMENTS, LEVELS
from projects.registers.features import FEATURES
from projects.registers.foci import FOCUS_ANSWERS
from projects.registers.funding import DELIVERABLES, FUNDING
from projects.registers.issues import ISSUES
from projects.registers.operational import OPERATIONAL
from projects.registers.pilots import PILOTS
from projects.registers.planning import GAPS, MEASUREMENTS, METRICS, MILESTONES, OPPORTUNITIES
from projects.registers.quiet import INCIDENTS, QUIET_PERIODS
from projects.registers.register import Register
from projects.registers.risks import RISKS
from projects.registers.rollbacks import ROLLBACKS
from projects.registers.rollout import ROLLOUT_TASKS
from projects.registers.strategy import CHANGE_RECORDS, COMMUNICATIONS, CONTACTS, PREREQUISITES
from projects.registers.tests import TESTS

__all__ = ["REGISTERS", "Register"]

REGISTERS: dict[str, Register] = {
    register.name: register
    for register in (
        FEATURES,
        OPERATIONAL,
        RISKS,
        FOCUS_ANSWERS,
        CANDIDATES,
        TESTS,
        PILOTS,
        ROLLBACKS,
        ISSUES,
        TRAINING,
        COMMUNICATIONS,
        CHANGE_RECORDS,
        AGREEMENTS,
        PROCEDURES,
        CONTACTS,
        PREREQUISITES,
        FUNDING,
        DELIVERABLES,
        MILESTONES,
        METRICS,
        MEASUREMENTS,
        CONTROLS,
        GAPS,
        OPPORTUNITIES,
        ENVIRONMENTS,
        COMPLIANCE,
        LEVELS,
        ROLLOUT_TASKS,
        DEPLOYMENTS,
        QUIET_PERIODS,
        INCIDENTS,
        INTENT_RESULTS,
        DISENGAGEMENTS,
    )
}
