"""The house with Werkzeug's own way of reading a file: on disk above 500 kB. To be caught at it."""

from htmx_flask.requests import HtmxAwareRequest

from wsgi import app

app.request_class = HtmxAwareRequest
