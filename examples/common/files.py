"""Writes the files of an example: recordings, tables, arrays and reports."""

from __future__ import annotations

import io
import json
import platform
import shutil
import tempfile
import wave
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import Iterator

import numpy as np

from .onnx_file import IR_VERSION, OPSET


@contextmanager
def in_place_of(folder: Path) -> Iterator[Path]:
    """Give an empty folder to write into; what is in it at the end replaces what `folder` has by these names."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as name:
        new = Path(name)
        yield new
        for made in new.iterdir():
            target = folder / made.name
            if target.is_dir():
                shutil.rmtree(target)
            made.replace(target)


def write_wav(path: Path, waveform: np.ndarray, rate: int) -> None:
    """Write a waveform of -1 to 1 as 16-bit PCM, one channel."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(pcm16(waveform).tobytes())


def pcm16(waveform: np.ndarray) -> np.ndarray:
    """Round a waveform of -1 to 1 to what 16 bits hold."""
    return np.clip(np.round(waveform * 0x8000), -0x8000, 0x7FFF).astype("<i2")


def write_csv(path: Path, names: list[str], rows: np.ndarray, decimals: int) -> None:
    """Write a table with a line of names above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [",".join(names), *(",".join(f"{v:.{decimals}f}" for v in row) for row in rows)]
    path.write_text("\n".join(lines) + "\n")


def write_npz(path: Path, **arrays: np.ndarray) -> None:
    """Write arrays as .npz, compressed; the same arrays always give the same bytes, which np.savez does not."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as file:
        for name, array in arrays.items():
            data = io.BytesIO()
            np.lib.format.write_array(data, np.ascontiguousarray(array), allow_pickle=False)
            info = zipfile.ZipInfo(f"{name}.npy")  # its time is 1980
            info.compress_type = zipfile.ZIP_DEFLATED
            file.writestr(info, data.getvalue())


def write_report(path: Path, report: dict) -> None:
    """Write what was measured, with the versions that it was measured with."""
    versions = {"python": platform.python_version(), "numpy": np.__version__, "opset": OPSET, "irVersion": IR_VERSION}
    path.write_text(json.dumps({**report, "versions": versions}, indent=2) + "\n")
