"""Exits with 0 if a server can listen on the given port of 127.0.0.1, with 1 if not."""

import socket
import sys


def main():
    probe = socket.socket()
    probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        probe.bind(("127.0.0.1", int(sys.argv[1])))
    except (OSError, OverflowError):
        sys.exit(1)


if __name__ == "__main__":
    main()
