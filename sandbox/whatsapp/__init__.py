"""WhatsApp's Cloud API on one machine, with a page that is everybody's phone.

`python -m sandbox.whatsapp` listens on loopback only, keeps everything in memory and forgets it at the end.
The product talks to it as it would to the real one: requests, limits, errors, signed webhooks, statuses.

Tests drive it with JSON over HTTP; `phones.py`, `writing.py` and `settings.py` have all fields:

- POST /telefono/mensajes  {"telefono": "+569…", "texto" | "boton" | "lista" | "archivo" | …: …}
- GET  /mensajes.json?telefono=+569…&tras=ID&espera=10   the conversation; waits for the business's answer
- POST /telefono/personas, /telefono/leido, /telefono/numero, /telefono/identidad
- GET, POST, DELETE /simulador/fallas   what goes wrong
- POST /simulador/reloj  {"segundos": 86400}   time passes
- POST /simulador/verificar   the webhook's challenge
- GET  /simulador/entregas   what the webhook got, and what it answered
"""
