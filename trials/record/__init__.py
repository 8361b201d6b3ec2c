"""F8 to F12 and F15: people at once, lost replies, wrong clocks, failing mail, and a forged record.

site, asking    what the trials need: a forum on a database of its own, and who asks it things
drafting        two drafters, one section (F8)
moving          a revision that moves everything under those who comment (F9)
sending, proxy  the same thing sent many times, and replies that get lost (F10)
clocks          clocks that are wrong, and two that differ (F11)
mailing, post   a mail server that fails, a worker that dies (F12)
tampering       every way to change the record (F15)
telling, story  what it tells of changed, column by column (F15), after a story that fills them all;
                which columns the record answers for, and why not for the others (columns)
flipping, …     its values changed; its entries moved or made anew (rearranging); what the check
                says of each (checking)
judging         the tree against another program and published figures (F15)
broken          the faults of the mutants
listed          all of them
"""
