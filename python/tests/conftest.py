import os

os.environ.setdefault("ONN_DEVICE", "c")  # before a device is opened
