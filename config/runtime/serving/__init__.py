"""Runs the product's processes: ``manage.py serve [role]``, pid 1 of the container.

Starts embedded servers when none are given, prepares the database, hands the processes to a supervisor
(``config.runtime``), and on SIGTERM turns readiness red, drains and stops everything within 25 seconds.
"""
