"""Past operations with what was published of them, by themselves, by series, and beside a running one."""
