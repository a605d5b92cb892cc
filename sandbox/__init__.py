"""Demo taxpayers and simulators; nothing in the product imports it."""
