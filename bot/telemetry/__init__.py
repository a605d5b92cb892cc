"""What operators see of a running Tributa: figures and traces, with nothing of people in them."""
