"""REST interface for national systems, under /api/v1: the drafts and verbs of the screens, as JSON.

A route parses, asks and answers; permissions, rules and the journal are those of the verbs. The gate finds out who asks
by an API token, and `access` which of its scopes a route needs. A refusal is a problem (RFC 9457) that says the same
sentence as the screens, in the language asked for, and never repeats what was sent.
"""
