"""The same films, screenings and orders in other frameworks, written as their users write: what cinema is measured
against. They work on the tables that cinema's migrations have made, and know neither roles nor labels nor events.
"""
