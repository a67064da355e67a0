#!/usr/bin/env python3
"""Writes the HDF5 files of this folder with h5py: the ways to store numbers and names that Keras's own files do not show.

Run once with Debian's python3-h5py (3.7); the files are committed. Every dataset holds 0, 1, 2, ...
"""

from pathlib import Path

import h5py
import numpy as np

here = Path(__file__).resolve().parent


def fill(file: h5py.File) -> None:
    """Two levels of groups, attributes of each kind, numbers of each type."""
    file.attrs["variable"] = "text of any length"
    file.attrs["fixed"] = np.bytes_(b"fixed")
    file.attrs["list"] = np.array([b"a", b"bcd", b""])
    file.attrs["texts"] = np.array(["one", "", "three"], dtype=h5py.string_dtype())
    file.attrs["number"] = 7
    for name, kinds in {"real": ("f2", "f4", "f8", ">f4"), "whole": ("i1", "u1", "i4", ">i2", "i8", "u8")}.items():
        group = file.create_group(f"outer/{name}")
        for kind in kinds:
            group.create_dataset(kind.replace(">", "big_"), data=np.arange(12).reshape(3, 4).astype(kind))
    file["outer"].create_dataset("scalar", data=np.float32(5))
    file["outer"].create_dataset("unwritten", (2, 3), dtype="f4")


with h5py.File(here / "earliest.h5", "w", libver="earliest") as file:
    fill(file)
    packed = file.create_group("packed")
    values = np.arange(7 * 10, dtype="f4").reshape(7, 10)
    packed.create_dataset("plain", data=values, chunks=(3, 4))
    packed.create_dataset("gzip", data=values, chunks=(3, 4), compression="gzip")
    packed.create_dataset("shuffle", data=values, chunks=(7, 10), compression="gzip", shuffle=True, fletcher32=True)
    packed.create_dataset("cube", data=np.arange(60, dtype="f8").reshape(3, 4, 5), chunks=(2, 2, 2), shuffle=True)
    packed.create_dataset("lzf", data=values, chunks=(3, 4), compression="lzf")
    many = file.create_group("many")
    for k in range(20):
        many.create_group(f"group {k}")

with h5py.File(here / "latest.h5", "w", libver="latest") as file:
    fill(file)
    dense = file.create_group("dense")
    for k in range(20):
        dense.create_group(f"group {k}")
    file.create_dataset("chunked", data=np.arange(12, dtype="f4"), chunks=(5,))
