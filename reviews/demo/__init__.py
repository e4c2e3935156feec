"""The demo organisation, Tarnwick Water & Energy: seven projects told through the actions that a person uses.

Every name and organisation is fictitious. The history is imported: its ledger lines say so, carry the true time of
recording, and its signatures say "demo, not authenticated". Documents and answer sheets stand in `documents/` as text;
the stories, one module each, say who did what when. Dates are those of the story and are shifted by whole weeks when
it is loaded, so that its last week is the present one and each weekday stays what it was.
"""
