"""What the worker does: Procrastinate's app, tasks and schedules."""
