"""What the client costs, as ratios to what it is built on. ``python -m benchmarks`` runs all of them."""
