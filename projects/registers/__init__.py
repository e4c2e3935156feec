"""Registers: what a project keeps lists of, each described once and served by the same pages.

A register says which rows it has, how they read as a table, how one is added and what is done with it. List, form,
paste, CSV, hub and the tables of the evidence pack are made from that description.
"""

from projects.registers.candidates import CANDIDATES
from projects.registers.closing import DISENGAGEMENTS, INTENT_RESULTS
from projects.registers.deployments import DEPLOYMENTS
from projects.registers.quiet import INCIDENTS, QUIET_PERIODS
from projects.registers.register import Register
from projects.registers.rollout import ROLLOUT_TASKS

__all__ = ["REGISTERS", "Register"]

REGISTERS: dict[str, Register] = {
    register.name: register
    for register in (
        CANDIDATES,
        ROLLOUT_TASKS,
        DEPLOYMENTS,
        QUIET_PERIODS,
        INCIDENTS,
        INTENT_RESULTS,
        DISENGAGEMENTS,
    )
}
