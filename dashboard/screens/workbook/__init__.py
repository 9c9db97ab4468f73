"""The workbook of reports of a country in an operation: taken along, filled in without a network, and brought back."""
