"""When things happen: each job takes one row one step further.

Jobs are the only floor that uses domain and adapters in turn. They are named by their
import path and given one row id; the row says what is to be done.
"""
