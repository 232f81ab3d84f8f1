"""The WSGI entrance: `gunicorn wsgi:app`, `flask --app wsgi …`."""

import sys

from fluxgen import create_app
from fluxgen.errors import Misconfigured

try:
    app = create_app()
except Misconfigured as wrong:
    sys.exit(f"FluxGen cannot start: {wrong}")
