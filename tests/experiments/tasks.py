"""What workers are asked to do in tests."""

import os
import signal
import sys
import time


def process_id():
    return os.getpid()


def thread_limit():
    return os.environ["OMP_NUM_THREADS"], "torch" in sys.modules


def fail():
    raise ValueError("this cannot be done")


def print_something():
    print("a library speaks")
    os.write(1, b"and one that is not written in Python\n")
    return "quiet"


def die():
    os.kill(os.getpid(), signal.SIGKILL)


def leave():
    os._exit(3)


def sleep(seconds):
    time.sleep(seconds)
    return seconds


def tell_and_sleep(path):
    with open(path, "w") as file:  # noqa: PTH123
        file.write(str(os.getpid()))
    time.sleep(600)
