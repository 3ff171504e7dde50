"""Rows of characters of a text as an .npz file, called by data-prep/characters.sh: characters.py TEXT FILE.npz"""

import pathlib
import struct
import sys
import zipfile

LENGTH = 16
TEST_SHARE = 0.2
# Of ZIP files: the same text gives the same bytes.
EPOCH = (1980, 1, 1, 0, 0, 0)


def array(rows, shape):
    """Bytes in NumPy's format, version 1.0: a header filled up to a multiple of 64 bytes, then row-major uint8."""
    sides = "".join(f"{side}," for side in shape)
    header = f"{{'descr': '|u1', 'fortran_order': False, 'shape': ({sides}), }}"
    header += " " * (-(len(header) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(header)) + header.encode("latin-1") + bytes(rows)


def windows(tokens):
    """All runs of LENGTH tokens that another one follows, one after the other, and those that follow."""
    starts = range(len(tokens) - LENGTH)
    return [token for start in starts for token in tokens[start : start + LENGTH]], list(tokens[LENGTH:])


def main(text, file):
    characters = pathlib.Path(text).read_text(encoding="utf-8")
    known = sorted(set(characters))
    if len(known) > 256 or len(characters) < 10 * LENGTH:
        print(
            f"error: {text}: found {len(characters)} characters, {len(known)} different ones,"
            f" expected at least {10 * LENGTH}, at most 256 different ones",
            file=sys.stderr,
        )
        sys.exit(2)
    tokens = [known.index(character) for character in characters]
    cut = round((1 - TEST_SHARE) * len(tokens))
    with zipfile.ZipFile(file, "w") as archive:
        for part, own in (("train", tokens[:cut]), ("test", tokens[cut:])):
            x, y = windows(own)
            archive.writestr(zipfile.ZipInfo(f"x_{part}.npy", EPOCH), array(x, (len(y), LENGTH)))
            archive.writestr(zipfile.ZipInfo(f"y_{part}.npy", EPOCH), array(y, (len(y),)))
            print(f"{file}: {len(y)} {part} rows of {LENGTH} characters, {len(known)} different ones")


if __name__ == "__main__":
    main(*sys.argv[1:])
