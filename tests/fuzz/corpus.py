"""Keeps the corpora of the fuzz targets as text: corpus/TARGET.txt has one input per line, escaped as in a C string.

corpus.py unpack FILE FOLDER   writes each input of FILE to a file of its own, as libFuzzer reads them
corpus.py pack FOLDER FILE     adds the shortest inputs of FOLDER, of up to 1,000 bytes each, to FILE until it has 60 lines
"""

import hashlib
import pathlib
import sys

MAX_INPUTS = 60
MAX_BYTES = 1000
ESCAPED = b"\\\"'"


def escape(data):
    return "".join(chr(byte) if 32 <= byte < 127 and byte not in ESCAPED else f"\\{byte:03o}" for byte in data)


def unescape(line):
    return line.encode("ascii").decode("unicode_escape").encode("latin-1")


def unpack(file, folder):
    folder.mkdir(parents=True, exist_ok=True)
    for line in file.read_text().splitlines():
        data = unescape(line)
        (folder / hashlib.sha1(data).hexdigest()).write_bytes(data)


def pack(folder, file):
    lines = file.read_text().splitlines() if file.exists() else []
    for data in sorted((path.read_bytes() for path in folder.iterdir()), key=lambda data: (len(data), data)):
        line = escape(data)
        if len(lines) < MAX_INPUTS and 0 < len(data) <= MAX_BYTES and line not in lines:
            lines.append(line)
    file.write_text("".join(line + "\n" for line in lines))


if __name__ == "__main__":
    if len(sys.argv) != 4 or sys.argv[1] not in ("pack", "unpack"):
        sys.exit(__doc__)
    {"pack": pack, "unpack": unpack}[sys.argv[1]](pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3]))
