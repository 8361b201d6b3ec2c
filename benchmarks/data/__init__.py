"""What is measured on: a city, its policies and what was said about them, the same every time."""
