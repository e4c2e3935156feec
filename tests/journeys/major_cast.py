"""What is typed in the major project of `test_major_project`: the facts, who holds which role, and stage by stage the
registers and statements. Fields and choices are named by the words on the page, or the beginning of them.
"""

from django.core.files.uploadedfile import SimpleUploadedFile

from tests.journeys.major_steps import EachRow, Pasted, Row, Signature, Step

MANAGER, PROGRAM = "ingrid", "yusuf"
ROLES = {
    "Developer": "ravi",
    "Product Manager": "anneke",
    "Tester": "yufei",
    "Test Manager": "margit",
    "Release Management": "samira",
    "User Experience": "owen",
    "Operations Experience": "dag",
    "Sponsor": "lucia",
    "Customer": "aroha",
    "Finance": "gareth",
    "Architect": "viktor",
    "Security Lead": "naoko",
    "Operations Manager": "hannah",
    "Primary Support": "joy",
    "Secondary Support": "kirsten",
    "End User": "chloe",
    "Auditor": "emile",
}
PLAN_SIGNERS = ("yusuf", "anneke", "naoko", "ravi", "yufei", "lucia", "gareth", "hannah", "aroha")
RELEASE_SIGNERS = ("dag", "samira", "naoko", "chloe", "hannah", "lucia", "ingrid", "viktor")
FACTS = {
    "Title": "One payroll for four companies",
    "Management's goals and intents": "One payroll run a month.\nNo correction by hand after the run.",
    "Project type": "Packaged product deployment",
    "Change category": "Major",
    "Nature of the change": "Pay of every employee; data of four systems is converted.",
    "Size of the change": "Four companies, 6,200 people, nine months.",
    "Data or system conversion": "Applies",
    "Roles must be segregated for control purposes": True,
    "Reference": "PMR-2026-04",
    "Date": "2026-08-20",
    "Outcome": "approved",
    "Program manager": "Yusuf Karaca",
}
FIRST_NEED = {"Kind": "Business", "Requirement": "One run pays everybody in four companies."}
MATRIX = b"""requirement,kind,text,feature,name,owner
R-001,business,One run pays everybody in four companies.,F-001,One payroll run,ravi
R-002,user,A payslip can be read on a telephone.,F-002,Payslips,ravi
R-003,operational,The run can be repeated from any step.,F-001,One payroll run,ravi
R-004,system,Bookings reach the ledger the same night.,F-003,Booking,ravi
"""

ENVISION: tuple[Step, ...] = (Signature("ravi", "vision"), Signature("aroha", "vision"))


def matrix() -> dict[str, object]:
    """The file of requirements and features, as it is sent."""
    return {"CSV file or Excel workbook": SimpleUploadedFile("matrix.csv", MATRIX)}


PLANNING: tuple[Step, ...] = (
    Row(
        "yusuf",
        "Funding approvals",
        {"Amount": "184000", "Currency": "EUR", "Approved by": "Gareth", "Approved on": "2026-09-01"},
    ),
    Pasted(
        "yusuf",
        "Deliverables",
        "Payroll,Six people half a year,120000,EUR,2026-10-05,2027-03-26",
        "Payslips,Two people a month,24000,EUR,2026-11-02,2026-11-27",
    ),
    Pasted("yusuf", "Project metrics", "Corrections,each month,below 10,Payroll desk,monthly"),
    Pasted(
        "yusuf",
        "Consolidation and simplification",
        "decommission,The four old payrolls are retired.,In month three.",
    ),
    Pasted(
        "yusuf",
        "Environments",
        "Development,development,Its own accounts and data.",
        "Test,test,Its own accounts and data.",
        "Production,production,Its own accounts and data.",
    ),
    Pasted(
        "yusuf",
        "Internal controls",
        ",Two people for every correction.",
        ",Totals are compared with the ledger.",
    ),
    EachRow("gareth", "Internal controls", "Approve"),
    Pasted(
        "yusuf",
        "Risks",
        "One person has four names.,availability,3,4,reduce,Match by tax number.,Yusuf Karaca",
    ),
    Signature("ravi", "plan"),
    Signature("aroha", "plan"),
    Signature("lucia", "plan"),
    Signature("ravi", "specification"),
    Signature("aroha", "specification"),
    Signature("yusuf", "master-plan"),
    Signature("lucia", "master-plan"),
    Signature("yusuf", "master-schedule"),
    Signature("lucia", "master-schedule"),
    Signature("samira", "design"),
)

BUILD: tuple[Step, ...] = (
    EachRow("ravi", "Features", "Set status", {"Status": "Complete"}),
    EachRow("ravi", "Internal controls", "Mark as built", {"Where it is built in": "The correction page."}),
    Signature("anneke", "design-business"),
    Signature("anneke", "design-user"),
    Signature("anneke", "design-operational"),
    Signature("anneke", "design-system"),
    Signature("yusuf", "scope"),
    Signature("ravi", "scope"),
)

STABILIZE: tuple[Step, ...] = (
    Row(
        "ravi",
        "Release candidates",
        {"Candidate": "RC-1", "Built on": "2026-08-20", "What it contains": "All three features."},
    ),
    Pasted("yufei", "Test results", "System tests,RC-1,system,66,66,0,2026-08-24"),
    Pasted("samira", "Pilots", "One company of 400,2026-08-24,2026-08-31,RC-1,Every payslip is right."),
    EachRow("samira", "Pilots", "Record the result", {"Result": "Criteria met", "Feedback": "400 of 400."}),
    Pasted("samira", "Way back", "2026-08-30,Samira Okafor,It worked,40,60,When the bank has the file.,All was back."),
    Pasted("yufei", "Issues", "A name is cut off,testing,3,2026-08-24,RC-1,Ravi Menon"),
    EachRow("yufei", "Issues", "Settle it", {"Disposition": "Fixed", "What was done": "A wider column."}),
    EachRow("yufei", "Internal controls", "Verify", {"How it was verified": "Tried with one person: refused."}),
    EachRow("lucia", "Risks", "Addressed", {"How, or why": "All are matched by tax number."}),
    Row(
        "samira",
        "Operational requirements in the design",
        {"Operational": "R-003", "Included": "Yes", "Addressed": "Yes", "What shows it": "Repeated from step 4."},
    ),
    Pasted("owen", "Training", "Joy Mbeki,Payroll desk runbook,2026-09-01"),
    EachRow("owen", "Training", "Done", {"Done on": "2026-09-01", "What shows it": "Worked through alone."}),
    Pasted("hannah", "Agreements and contracts", "contract,Maker of the payroll,An answer within an hour."),
    EachRow("hannah", "Agreements and contracts", "Judge", {"Does it": "Yes", "What shows it": "Read clause 4."}),
    Pasted("hannah", "Administrative procedures", "Head office,The run is started by two people."),
    EachRow(
        "hannah",
        "Administrative procedures",
        "Confirm",
        {"Is it clear": "Yes", "Is it in line": "Yes", "What shows it": "Walked through."},
    ),
    Pasted("samira", "Escalation contacts", "1,Joy Mbeki,Support,The run stands still.,+44 1632 960001,Day and night"),
    Row(
        "samira",
        "Communications",
        {
            "Kind": "Escalation",
            "Affected party": "Four payroll desks",
            "Subject": "Whom to call",
            "Channel": "Mail",
            "Sent at": "2026-09-07T06:00",
        },
    ),
    Pasted("samira", "Prerequisites of the plan", "users,Three payroll clerks come to test."),
    EachRow("samira", "Prerequisites of the plan", "Confirm", {"Is it met?": "Yes", "What shows it": "Three came."}),
    Pasted("samira", "Change records", "RFC-1,One payroll,None.,None.,None.,None."),
    EachRow("samira", "Change records", "Set the status", {"Status": "In order", "What shows it": "Agreed."}),
    Signature("margit", "test-environment"),
    Signature("owen", "usable"),
    Signature("chloe", "user-acceptance"),
)

DEPLOY: tuple[Step, ...] = (
    EachRow("yusuf", "Rollout tasks", "Report it done", {"What was done": "As planned."}),
    Pasted("samira", "Deployments", "Head office,2026-09-07 06:00,RC-1"),
    EachRow("samira", "Deployments", "Record the beginning", {"Deployed by": "Samira"}),
    EachRow("samira", "Deployments", "Record the result", {"Result": "Success"}),
    EachRow("samira", "Deployments", "Say that it is stable", {"What shows": "A run without an alert."}),
    Row(
        "dag",
        "Quiet period",
        {
            "From": "2026-09-07",
            "To": "2026-09-21",
            "What is watched": "Calls for each hour.",
            "Exit criteria": "No incident of P1 is open.",
        },
    ),
)

CLOSE: tuple[Step, ...] = (
    EachRow("yusuf", "Quiet period", "End it", {"How the exit criteria stand": "None is open."}),
    Row(
        "yusuf",
        "Results of the intents",
        {"Goal or intent": "One payroll run", "Result": "Met", "What shows it": "One run."},
    ),
    Row(
        "yusuf",
        "Results of the intents",
        {"Goal or intent": "No correction", "Result": "Met", "What shows it": "None was made."},
    ),
    Row(
        "yusuf",
        "Release of the project team",
        {"Person": "The whole", "Released on": "2026-09-21", "What comes next": "Other work."},
    ),
    Signature("aroha", "customer-acceptance"),
    Signature("samira", "transfer"),
    Signature("hannah", "transfer"),
    Signature("ravi", "analysis"),
    Signature("ingrid", "analysis"),
    Signature("lucia", "analysis"),
)
