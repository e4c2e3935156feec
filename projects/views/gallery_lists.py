"""The examples of the living page that need no clock. See gallery_words."""

from typing import Any

ADA = "Adaeze Okonkwo-Lindqvist"
JAN = "Jan-Willem van den Bergh"
MEI = "Mei Tanaka"
PRIYA = "Priya Raghunathan"

SPEC = (
    "The service accepts payment orders in ISO 20022 pain.001 until 17:00 on each business day. "
    "Orders above 50,000 EUR are held for a second approval."
)
SPEC_NEW = (
    "The service accepts payment orders in ISO 20022 pain.001 until 18:30 on each business day. "
    "Orders above 25,000 EUR are held for a second approval by somebody from another unit."
)


def pill(kind: str, value: str, label: str) -> dict[str, str]:
    return {"kind": kind, "value": value, "label": label}


def lists() -> dict[str, Any]:
    """The examples that need no clock."""
    return {
        "gallery_action": {"label": "Move to Build", "url": "#component-readiness", "post": True},
        "gallery_link": {"label": "See the portfolio", "url": "#component-card"},
        "gallery_actions": [
            {"label": "History", "url": "#component-page_header", "icon": "clock-history"},
            {"label": "Request sign-offs", "url": "#component-page_header", "icon": "pen", "primary": True},
        ],
        "crumbs": [
            {"label": "Portfolio", "url": "#component-breadcrumbs"},
            {"label": "PAY-2026-0147", "url": "#component-breadcrumbs"},
        ],
        "columns": [
            {"label": "Artifact", "sort_url": "#component-data_table", "sorted": "ascending"},
            {"label": "Owner"},
            {"label": "Status"},
            {"label": "Versions", "num": True},
        ],
        "rows": [
            ["Solution code complete", JAN, pill("artifact", "in_review", "In review"), 4],
            [
                "Training materials for end users, support and operations",
                PRIYA,
                pill("artifact", "draft", "Draft"),
                1,
            ],
            ["Marketing materials", "", pill("artifact", "not_applicable", "Not applicable"), 0],
        ],
        "chips": [{"label": "Stage: Build", "url": "#component-filter_bar"}],
        "facts": [
            ("Unit", "Group Treasury Services"),
            ("Nature of the change", SPEC),
            ("Portfolio review", ""),
            ("Planned cost", "1,240,000.00 EUR"),
        ],
        "sections": [
            {"label": "Overview", "url": "#component-section_nav", "here": True, "tally": ""},
            {"label": "Requirements", "url": "#component-section_nav", "here": False, "tally": 42},
            {"label": "Artifacts", "url": "#component-section_nav", "here": False, "tally": "9 of 14"},
            {"label": "Reviews", "url": "#component-section_nav", "here": False, "tally": 2},
            {"label": "History", "url": "#component-section_nav", "here": False, "tally": ""},
        ],
        "steps": [
            {"label": "What it is", "state": "done", "url": "#component-stepper"},
            {"label": "How big the change is", "state": "current", "url": ""},
            {"label": "Who is responsible", "state": "ahead", "url": ""},
            {"label": "Check and register", "state": "ahead", "url": ""},
        ],
        "positions": [
            {"value": "agree", "label": "Agree", "help": "I sign without reservation.", "checked": True},
            {"value": "support", "label": "Disagree, but will support", "help": "I say what I would do differently."},
            {"value": "dissent", "label": "Dissent", "help": "I do not support this; my reasons go on the record."},
        ],
        "packet_sections": [
            {
                "title": "What is released",
                "note": "",
                "rows": [
                    {"ref": "", "text": "Release candidate 3.2.0-rc4", "note": "Built 19 November 2026"},
                    {"ref": "D-05", "text": "Deployment plan", "note": "Version 1.3, approved by Mei Tanaka"},
                ],
            },
            {
                "title": "Go indicators",
                "note": "Each is confirmed or not; an open one would block.",
                "rows": [
                    {
                        "ref": "GO-04",
                        "text": "Operations staff are trained and have rehearsed the rollback.",
                        "kind": "answer",
                        "value": "confirmed",
                        "label": "Confirmed",
                        "note": "Rehearsal of 12 November, 3 h 40 min, minutes attached",
                    },
                    {
                        "ref": "NG-02",
                        "text": "A known defect may lose or corrupt customer data.",
                        "kind": "answer",
                        "value": "clear",
                        "label": "Clear",
                        "note": "",
                    },
                ],
            },
        ],
        "stage_days": [
            {"label": "Envision", "value": 31},
            {"label": "Project Planning", "value": 64, "url": "#component-chart_bars"},
            {"label": "Build", "value": 142},
            {"label": "Stabilize", "value": 58, "tone": "warn", "text": "58 days, 20 more than last year"},
            {"label": "Deploy", "value": 9.5},
        ],
        "latency": [("Jun", 6.2), ("Jul", 5.9), ("Aug", 7.4), ("Sep", 4.1), ("Oct", 3.6), ("Nov", 2.8)],
    }
