#!/usr/bin/env python3
"""Writes the trained network as Keras saves it: mnist.h5 as Keras 2 does, mnist.keras as Keras 3 does.

Keras itself is not needed: h5py writes what it would. Run alone, it takes the weights of mnist.onnx beside it.
"""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Mapping

import h5py
import numpy as np

HIDDEN, CLASSES, CHANNELS = 28, 10, 4
KERAS_2, KERAS_3 = "2.15.0", "3.10.0"
CONVOLUTIONS = ("conv2d_1", "conv2d_2", "conv2d_3")
DENSE = ("dense_1", "dense_2")

Weights = Mapping[str, np.ndarray]


def keras_weights(weights: Weights) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Kernel and bias of each layer in Keras's order: [rows, columns, in, out] and [inputs, outputs]."""
    orders = {name: (2, 3, 1, 0) for name in CONVOLUTIONS} | {name: (1, 0) for name in DENSE}
    return {
        name: (np.ascontiguousarray(weights[f"{name}.weight"].transpose(order)), weights[f"{name}.bias"])
        for name, order in orders.items()
    }


def pooling(name: str) -> tuple[str, dict]:
    """2x2 max pooling with stride 2, the odd last row and column dropped."""
    window = {"pool_size": [2, 2], "strides": [2, 2], "padding": "valid", "data_format": "channels_last"}
    return "MaxPooling2D", {"name": name, "trainable": True, "dtype": "float32", **window}


def convolution(name: str) -> tuple[str, dict]:
    """3x3 convolution, same size, with bias and ReLU."""
    window = {"filters": CHANNELS, "kernel_size": [3, 3], "strides": [1, 1], "padding": "same"}
    rest = {"data_format": "channels_last", "dilation_rate": [1, 1], "groups": 1, "activation": "relu", "use_bias": True}
    return "Conv2D", {"name": name, "trainable": True, "dtype": "float32", **window, **rest}


def dense(name: str, units: int, activation: str) -> tuple[str, dict]:
    """Fully connected layer."""
    rest = {"units": units, "activation": activation, "use_bias": True}
    return "Dense", {"name": name, "trainable": True, "dtype": "float32", **rest}


def layers() -> list[tuple[str, dict]]:
    """Classes and configurations of the layers behind the input."""
    return [
        pooling("max_pooling_1"),
        convolution("conv2d_1"),
        pooling("max_pooling2d_1"),
        convolution("conv2d_2"),
        pooling("max_pooling2d_2"),
        convolution("conv2d_3"),
        ("Flatten", {"name": "flatten_1", "trainable": True, "dtype": "float32", "data_format": "channels_last"}),
        dense("dense_1", HIDDEN, "relu"),
        ("Dropout", {"name": "dropout_1", "trainable": True, "dtype": "float32", "rate": 0.02, "seed": None}),
        dense("dense_2", CLASSES, "linear"),
    ]


def model_config(shape_field: str, extra: Mapping[str, object]) -> dict:
    """The Sequential model as Keras serializes it."""
    given = {shape_field: [None, 28, 28, 1], "dtype": "float32", "name": "max_pooling_1_input"}
    named = [("InputLayer", given), *layers()]
    listed = [{**extra, "class_name": class_name, "config": config} for class_name, config in named]
    return {"class_name": "Sequential", "config": {"name": "mnist", "layers": listed}}


def keras2(weights: Weights) -> bytes:
    """Everything in one HDF5 file: a group for each layer, which lists its weights."""
    own = keras_weights(weights)
    made = io.BytesIO()
    with h5py.File(made, "w") as file:
        file.attrs["keras_version"] = KERAS_2
        file.attrs["backend"] = "tensorflow"
        file.attrs["model_config"] = json.dumps(model_config("batch_input_shape", {}))
        groups = file.create_group("model_weights")
        names = [config["name"] for _, config in layers()]
        groups.attrs["layer_names"] = np.array([name.encode() for name in names])
        for name in names:
            group = groups.create_group(name)
            paths = [f"{name}/kernel:0", f"{name}/bias:0"] if name in own else []
            group.attrs["weight_names"] = np.array([path.encode() for path in paths], dtype="S32")
            for path, values in zip(paths, own.get(name, ())):
                group.create_dataset(path, data=values)
    return made.getvalue()


def keras3(weights: Weights) -> bytes:
    """A zip file of two JSON files and an HDF5 file, whose groups are called after the layers' classes."""
    numbers = {"conv2d": CONVOLUTIONS, "dense": DENSE}
    own = keras_weights(weights)
    stored = io.BytesIO()
    with h5py.File(stored, "w") as file:
        for kind, names in numbers.items():
            for number, name in enumerate(names):
                group = file.create_group(f"layers/{kind}{f'_{number}' if number else ''}/vars")
                group.attrs["name"] = name
                for k, values in enumerate(own[name]):
                    group.create_dataset(str(k), data=values)
    entries = {
        "metadata.json": json.dumps({"keras_version": KERAS_3, "date_saved": "2026-01-01@00:00:00"}).encode(),
        "config.json": json.dumps(model_config("batch_shape", {"module": "keras.layers", "registered_name": None})).encode(),
        "model.weights.h5": stored.getvalue(),
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, data in entries.items():
            archive.writestr(zipfile.ZipInfo(name), data)  # of 1980, so that the same bytes come out again
    return made.getvalue()


def write_keras(folder: Path, weights: Weights) -> None:
    """Write both files from `DigitNetwork`'s state as float32 arrays."""
    (folder / "mnist.h5").write_bytes(keras2(weights))
    (folder / "mnist.keras").write_bytes(keras3(weights))


def weights_of_onnx(file: Path) -> dict[str, np.ndarray]:
    """The state of the network that export_onnx.py wrote."""
    import onnx
    from onnx import numpy_helper

    stored = {t.name: numpy_helper.to_array(t) for t in onnx.load(file).graph.initializer}
    state = {f"{name}.bias": stored[f"{name}/bias:0"] for name in (*CONVOLUTIONS, *DENSE)}
    state |= {f"{name}.weight": stored[f"{name}/kernel:0"] for name in CONVOLUTIONS}
    return state | {f"{name}.weight": stored[f"{name}/kernel:0"].T for name in DENSE}


if __name__ == "__main__":
    here = Path(__file__).resolve().parent
    write_keras(here, weights_of_onnx(here / "mnist.onnx"))
