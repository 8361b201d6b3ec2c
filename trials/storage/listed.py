"""All trials of the storage, in the order of the list."""

from __future__ import annotations

from trials.storage.copying import COPYING
from trials.storage.crowding import CROWDING
from trials.storage.disk import DISK
from trials.storage.killing import KILLING
from trials.storage.power import POWER
from trials.storage.restarting import RESTARTING
from trials.storage.upgrading import UPGRADING

STORAGE = (*KILLING, *POWER, *DISK, *RESTARTING, *CROWDING, *UPGRADING, *COPYING)
