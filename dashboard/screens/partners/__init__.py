"""Partner organisations of operations, and exactly what each may see."""
