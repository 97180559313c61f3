"""Taking in the tables a shop already keeps: staged, checked, run in one transaction, undone.

``stage`` keeps what was read from a file, ``targets`` says what can be taken in, ``checks`` looks
at every row against the database set-wise, ``runs`` takes a draft in and takes an import back.
"""
