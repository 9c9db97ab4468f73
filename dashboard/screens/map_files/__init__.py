"""Map files: files of other programs become objects of the plan."""
