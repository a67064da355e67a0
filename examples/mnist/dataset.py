"""MNIST from its four idx files, or through torchvision where that is installed."""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass
from pathlib import Path

import numpy as np

IMAGES_MAGIC = 0x00000803  # idx: unsigned bytes, three dimensions
LABELS_MAGIC = 0x00000801  # idx: unsigned bytes, one dimension
FILES = {
    "train": ("train-images-idx3-ubyte", "train-labels-idx1-ubyte"),
    "test": ("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"),
}


class DatasetError(Exception):
    """The data set is missing or is not what it should be; the message is one sentence for the user."""


@dataclass(frozen=True)
class Digits:
    """Images [n, 28, 28] of unsigned bytes (0 is background) and their labels [n]."""

    images: np.ndarray
    labels: np.ndarray
    sha256: str

    def first_of_each_class(self, count: int) -> list[int]:
        """Return the indices of the first `count` images of each class, in ascending order."""
        chosen = [np.flatnonzero(self.labels == digit)[:count] for digit in range(10)]
        return sorted(int(index) for index in np.concatenate(chosen))


def read_idx(path: Path, magic: int) -> np.ndarray:
    """Read one idx file of unsigned bytes.

    :raises DatasetError: when the file is missing, of another kind, or shorter or longer than it says
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise DatasetError(f"{path}: cannot be read ({error.strerror}); give the folder with --data.") from error
    dimensions = magic & 0xFF
    header = 4 + 4 * dimensions
    if len(data) < header or struct.unpack_from(">I", data)[0] != magic:
        raise DatasetError(f"{path}: not an uncompressed idx file of {dimensions} dimension(s).")
    shape = struct.unpack_from(f">{dimensions}I", data, 4)
    values = np.frombuffer(data, np.uint8, offset=header)
    if values.size != np.prod(shape, dtype=object):
        raise DatasetError(f"{path}: holds {values.size} bytes, its header says {shape}.")
    return values.reshape(shape)


def load_idx(folder: Path, part: str) -> Digits:
    """Load the part "train" or "test" from the idx files of a folder."""
    image_file, label_file = (folder / name for name in FILES[part])
    images = read_idx(image_file, IMAGES_MAGIC)
    labels = read_idx(label_file, LABELS_MAGIC)
    return make_digits(images, labels, str(folder))


def load_torchvision(part: str, cache: Path) -> Digits:
    """Download the part "train" or "test" by torchvision into a cache folder."""
    try:
        from torchvision.datasets import MNIST
    except ImportError as error:
        raise DatasetError("torchvision is not installed; give a folder of idx files with --data.") from error
    data = MNIST(str(cache), train=part == "train", download=True)
    return make_digits(data.data.numpy(), data.targets.numpy().astype(np.uint8), "torchvision")


def make_digits(images: np.ndarray, labels: np.ndarray, where: str) -> Digits:
    """Check that images and labels belong together and fingerprint them."""
    if images.shape[1:] != (28, 28) or len(images) != len(labels) or labels.max() > 9:
        raise DatasetError(f"{where}: {images.shape} images and {labels.shape} labels are not MNIST.")
    digest = hashlib.sha256(images.tobytes() + labels.tobytes()).hexdigest()
    return Digits(images, labels, digest)
