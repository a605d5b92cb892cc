"""What is counted of requests, for Prometheus."""

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.gc_collector import GCCollector
from prometheus_client.process_collector import ProcessCollector


class Metrics:
    """Counters of one application; no label holds anything that a person sent."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        labels = ("method", "route")
        self.requests = Counter(
            "tributa_http_requests", "Requests", (*labels, "status"), registry=self.registry
        )
        self.seconds = Histogram(
            "tributa_http_request_seconds", "Time until the answer", labels, registry=self.registry
        )

    def text(self) -> bytes:
        """As Prometheus reads it."""
        return generate_latest(self.registry)
