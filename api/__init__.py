"""HTTP: the REST API, the web chat and the engine's action calls."""
