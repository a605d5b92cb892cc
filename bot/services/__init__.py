"""Use cases. The first argument is who asks; permission is checked here."""
