"""Runs the checks of this folder where torch is: `python3 models/interop/check.py`; nothing else is needed.

Arguments are unittest's: -v, or the names of tests.
"""
import os
import sys
import unittest

if __name__ == "__main__":
    os.chdir(os.path.dirname(os.path.abspath(__file__)))
    if all(argument.startswith("-") for argument in sys.argv[1:]):
        sys.argv.insert(1, "discover")
    unittest.main(module=None)
