"""Intelligence products: requests, products, and their recipients."""
