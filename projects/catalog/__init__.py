"""The Deliver Phase as data: what the framework says, in our words, each row naming its source.

Nothing here touches the database. "Table 4" and the like are tables of the MOF 4.0 Deliver Phase Overview (April 2008,
CC BY 3.0 US); a section sign names one of its chapters; "companion guide" a sister document of the same series;
"ours" a rule that the source leaves open and this product fills.
"""
