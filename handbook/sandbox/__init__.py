"""Run: a program → what it printed, drew and defined, or how it failed.

Four processes stand one behind the other. The server (`__main__`) imports TensorFlow once. For each
program it forks a guard, which runs nothing of the program's: it watches time, processes and output
from outside, and ends them all. The guard forks the worker, which closes the walls behind itself
and runs the program, or for a lab starts a Jupyter kernel below itself. What comes back is JSON:
unpickling what a program can write would run its code on the other side of the walls.

This folder is the trust boundary of SECURITY.md, and as a whole part of the key of every record: no
word that a contributor reads stands here, or changing it would run every program again.
"""
