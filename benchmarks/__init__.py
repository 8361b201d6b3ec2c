"""How fast it is, beside the yardsticks named with each figure. `make bench` runs it all."""
