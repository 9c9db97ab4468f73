"""Templates of operations: the usual layout of each kind, stored as data, and instantiation of an operation.

`content` is the model of a template, `library` stores templates in versions, `instantiation` makes an operation from
one.
"""
