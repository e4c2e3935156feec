"""Random walks through the reviews of one project: the model, and a rule for everything that people can try."""
