"""Writes digits as tiny PNG files with a table of their labels."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from dataset import Digits


def write_digits(folder: Path, source: Digits, indices: list[int], digits: int) -> None:
    """Write `<index>_<label>.png` (28x28, 8-bit grayscale) for each index, and labels.csv.

    :param digits: how many digits an index has in a file's name
    """
    folder.mkdir(parents=True)
    rows = ["file,label"]
    for index in indices:
        label = source.labels[index]
        name = f"{index:0{digits}d}_{label}.png"
        Image.fromarray(source.images[index], mode="L").save(folder / name, optimize=True)
        rows.append(f"{name},{label}")
    (folder / "labels.csv").write_text("\n".join(rows) + "\n")
