"""Measurements: both sides of each comparison in one run, as ratios; and what survives `kill -9`.

Everything is ours and on loopback: real gunicorn, real workers, real Redis, and the sandboxes in
the providers' place.
"""
