"""The workshop of trainers: the draft, the models, and the engine's Python that trains them."""
