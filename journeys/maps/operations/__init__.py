"""Operations: the only way in which a draft changes.

verbs.py says what one is, reading.py parses what was sent, locking.py keeps others away, board.py
holds the columns and rows in memory, inserting.py and changing.py carry out, judging.py says no,
findings.py keeps pain points and opportunities the same on all maps, writing.py turns it into JSON
again, applying.py does all this for a request.
"""
