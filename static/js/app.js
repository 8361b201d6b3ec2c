// Everything here is an extra: each page reads, and each form sends, without it.
