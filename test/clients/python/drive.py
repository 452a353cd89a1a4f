"""Calls each operation of the service at ADDRESS, with KEY. Prints what went wrong; ends with 1 if anything did."""

import sys
import traceback

from calls import CALLS

failed = False
for call in CALLS:
    try:
        call()
    except Exception:  # Whatever it is, the calls after it say more.
        failed = True
        traceback.print_exc()
sys.exit(failed)
