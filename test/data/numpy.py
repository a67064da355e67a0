"""Writes numpy.json beside it: files as NumPy saves them, in base64, and what it reads in them. python3 numpy.py"""

import base64
import io
import json
import os
import sys

sys.path.pop(0)  # this folder, whose file is called as the library
import numpy as np

rng = np.random.default_rng(7)
files = {}


def keep(name, array, saved=None):
    file = io.BytesIO()
    if saved is None:
        np.save(file, array, allow_pickle=True)
    else:
        saved(file)
    numbers = array.dtype.kind not in "Oc"
    files[name] = {
        "file": base64.b64encode(file.getvalue()).decode(),
        "shape": list(array.shape),
        "data": [float(np.float32(v)) for v in array.astype(np.float64).ravel()] if numbers else None,
    }


for dtype in ["<f4", ">f4", "<f8", ">f8", "<f2", "|i1", "|u1", "<i2", ">i2", "<u2", "<i4", "<u4", "<i8", ">u8", "|b1"]:
    least, most = (0, 1) if "b" in dtype else (0 if "u" in dtype else -100, 100)
    numbers = rng.standard_normal((2, 3, 4)) * 3 if "f" in dtype else rng.integers(least, most + 1, (2, 3, 4))
    keep(f"{dtype}.npy", numbers.astype(dtype))
keep("fortran.npy", np.asfortranarray(rng.standard_normal((3, 4, 2)).astype("<f4")))
keep("scalar.npy", np.float32(2.5))
keep("row.npy", np.arange(5, dtype="<f4"))
keep("half.npy", np.array([0, 6e-8, 6.1e-5, 65504, -1.5], "<f2"))
keep("objects.npy", np.array([{"a": 1}], dtype=object))
keep("complex.npy", np.array([1j]))
x, y = rng.standard_normal((4, 2, 3)).astype("<f4"), np.array([3, 1, 0, 2])
keep("stored.npz", x, lambda file: np.savez(file, x=x, y=y))
keep("packed.npz", x, lambda file: np.savez_compressed(file, x=x, labels=np.eye(4)[y]))

place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "numpy.json")
with open(place, "w") as out:
    json.dump(files, out, indent=1)
    out.write("\n")
