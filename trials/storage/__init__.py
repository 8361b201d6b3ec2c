"""F1 to F7, F13 and F14: nothing acknowledged is lost, whatever happens to processes and disks.

site, crowd, kept     what every trial needs: a forum on a database of its own, people who write
                      in it through the real server, and what must be found in it afterwards
killing               processes that die (F1, F2)
power, writer, replay power that fails (F3)
disk                  disks that are full, slow or failing (F4, F5)
restarting, crowding  a database that restarts (F6), many who write at once (F7)
upgrading, copying    migrations (F13), backups (F14)
broken                the faults of the mutants
listed                all of them
"""
