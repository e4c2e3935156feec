"""Everything that changes something about a review, one function per verb."""
