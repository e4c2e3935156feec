"""The evidence pack: all of a project's record in one sealed file that verifies without this product."""
