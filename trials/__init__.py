"""What it withstands: faults, attacks and tampering, tried for real. `make trust` runs it all.

Short forms of the same trials run in every `make test` (see `tests/trials/`).
"""
