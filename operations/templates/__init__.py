"""Templates of operations: how each kind is usually laid out, kept as data, and the way from one to an operation.

`content` says what a template holds, `library` keeps templates in versions, `instantiation` makes an operation from
one.
"""
