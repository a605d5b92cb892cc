"""How fast a business may send, and until when without a template."""

from collections import deque
from dataclasses import dataclass, field

from sandbox.whatsapp.errors import GraphError
from sandbox.whatsapp.people import Person
from sandbox.whatsapp.settings import Clock, Faults

_HOUR = 3600


@dataclass
class Rates:
    """Counts what was sent."""

    clock: Clock
    faults: Faults
    recent: deque[float] = field(default_factory=deque)
    pairs: dict[str, tuple[float, float]] = field(default_factory=dict)

    def check_throughput(self) -> None:
        """Count one message of this second.

        Raises:
            GraphError: 130429, if there were too many.
        """
        now = self.clock.seconds()
        while self.recent and self.recent[0] <= now - 1:
            self.recent.popleft()
        if len(self.recent) >= self.faults.caudal:
            raise GraphError(130429)
        self.recent.append(now)

    def check_pair(self, person: Person) -> None:
        """Count one message to this person: a bucket that holds the burst and is refilled one by one.

        Raises:
            GraphError: 131056, if it is empty.
        """
        if not self.faults.par:
            return
        now = self.clock.seconds()
        left, since = self.pairs.get(person.bsuid, (float(self.faults.par_rafaga), now))
        left = min(self.faults.par_rafaga, left + (now - since) / self.faults.par_segundos)
        if left < 1 - 1e-9:
            raise GraphError(131056)
        self.pairs[person.bsuid] = (left - 1, now)

    def window_open(self, person: Person) -> bool:
        """Whether the person wrote less than 24 hours ago."""
        if self.faults.ventana == "no":
            return True
        written = person.last_written
        return written is not None and self.clock.seconds() - written < self.faults.ventana_horas * _HOUR
