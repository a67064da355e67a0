"""What the examples share: layers that learn, in NumPy alone, and the files that they write."""
