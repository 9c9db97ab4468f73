"""Exports of a plan for other programs: typed objects in, the bytes of a file out.

Every writer escapes what its format needs escaped, and carries the classification and the sources with the objects.
"""
