"""Where a project goes from where, and in which stage a review may be prepared and held."""

HELD_IN = {"ppa": {"planning", "build", "stabilize"}, "rr": {"stabilize", "deploy"}}
PREPARED_IN = {"ppa": {"envision", *HELD_IN["ppa"]}, "rr": {"build", *HELD_IN["rr"]}}
DURING = {"ppa": "planning", "rr": "stabilize"}
FORWARD = {
    "start_planning": ("envision", "planning"),
    "start_build": ("planning", "build"),
    "start_stabilize": ("build", "stabilize"),
    "start_deploy": ("stabilize", "deploy"),
}
BACK = {
    "return_to_planning": ({"build", "stabilize"}, "planning"),
    "return_to_build": ({"stabilize"}, "build"),
    "return_to_stabilize": ({"deploy"}, "stabilize"),
}
CANDIDATES = {"RC-1", "RC-2"}
