#!/usr/bin/env python3
"""An autoencoder for the sound of a fan: makes machine.onnx, machine.npz and machine.json.

It is trained on a fan that runs well. What it has never heard it cannot draw: a bearing that clicks, a wheel out of
balance and a whistling tone leave a larger error.
"""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "examples"))

from common import same_arithmetic  # noqa: E402, F401  (must be the first to load numpy)
import numpy as np  # noqa: E402

from common.files import in_place_of, write_npz, write_report  # noqa: E402
from common.layers import Dense, Flatten, Relu, Stack  # noqa: E402
from common.log_mel import LogMel  # noqa: E402
from common.normalization import Normalization  # noqa: E402
from common.onnx_file import GraphWriter  # noqa: E402
from common.training import Recipe, outputs, squared_error, train  # noqa: E402

RATE = 8000
LENGTH = 1792  # samples: eight frames
FEATURES = LogMel(rate=RATE, n_fft=512, hop_length=256, n_mels=16)
FRAMES = 1 + LENGTH // FEATURES.hop_length
VALUES = FRAMES * FEATURES.n_mels
FAULTS = ["bearing", "imbalance", "tone"]


def sound(random: np.random.Generator, fault: str | None) -> np.ndarray:
    """Make the sound of a fan [LENGTH]: its seven blades with harmonics, the mains' hum and the rush of air.

    :param fault: "bearing": a ball strikes a pit 90 times a second, and the housing rings at 2.9 kHz; "imbalance": the
        wheel's own turning is loud; "tone": something whistles
    """
    time = np.arange(LENGTH) / RATE
    turns = random.uniform(24, 30)  # a second
    total = np.zeros(LENGTH)
    for h in range(1, 9):
        total += 0.15 / h * np.sin(2 * np.pi * 7 * turns * h * time + random.uniform(0, 2 * np.pi))
    total += 0.05 * np.sin(2 * np.pi * 100 * time + random.uniform(0, 2 * np.pi))
    spectrum = np.fft.rfft(random.standard_normal(LENGTH))
    rush = np.fft.irfft(spectrum / (1 + np.fft.rfftfreq(LENGTH, 1 / RATE) / 600), LENGTH)
    total += 0.05 * rush / np.sqrt((rush**2).mean())
    if fault == "bearing":
        since = (time + random.uniform(0, 1)) % (1 / 90)
        total += random.uniform(0.08, 0.2) * np.sin(2 * np.pi * 2900 * since) * np.exp(-since / 0.002)
    elif fault == "imbalance":
        for h in (1, 2, 3):
            strength = random.uniform(0.3, 0.8) / h
            total += strength * np.sin(2 * np.pi * turns * h * time + random.uniform(0, 2 * np.pi))
    elif fault == "tone":
        total += random.uniform(0.03, 0.1) * np.sin(2 * np.pi * random.uniform(1100, 2500) * time)
    return total * random.uniform(0.7, 1.1)


def features(seed: int, faults: list[str | None]) -> np.ndarray:
    """Make sounds with these faults, as log-mel features [n, frames, bands]."""
    random = np.random.default_rng(seed)
    return FEATURES.of(np.stack([sound(random, fault) for fault in faults]))


def build(seed: int) -> Stack:
    """From 128 values to eight and back."""
    random = np.random.default_rng(seed)
    return Stack(
        flat=Flatten(channels_first=False),
        encode1=Dense(random, VALUES, 32), relu1=Relu(), encode2=Dense(random, 32, 8), relu2=Relu(),
        decode1=Dense(random, 8, 32), relu3=Relu(), decode2=Dense(random, 32, VALUES),
    )  # fmt: skip


def export(network: Stack) -> bytes:
    """Write the network as ONNX; its output has its input's shape."""
    graph = GraphWriter("machine")
    shape = (FRAMES, FEATURES.n_mels)
    drawn = network.export(graph, "", graph.input("log_mel", shape))
    size = graph.constant("size", np.array([-1, *shape], np.int64))
    graph.output(graph.node("Reshape", "drawn", [drawn, size]), shape)
    return graph.file()


def area_under_curve(normal: np.ndarray, anomalous: np.ndarray) -> float:
    """Return the probability that an anomaly has the larger error (the area under the ROC curve)."""
    larger = anomalous[:, None] > normal[None]
    same = anomalous[:, None] == normal[None]
    return float((larger + 0.5 * same).mean())


def main() -> None:
    """Make data, train, measure, write."""
    recipe = Recipe(epochs=60)
    training = features(1, [None] * 2000)
    faults = [fault for fault in FAULTS for _ in range(40)]
    held_out = features(2, [None] * 120 + faults)
    normalization = Normalization.of(training)
    network = build(recipe.seed)
    x = normalization.apply(training)

    def learn(chosen: np.ndarray) -> float:
        loss, gradient = squared_error(network.forward(x[chosen]), x[chosen].reshape(len(chosen), -1))
        network.backward(gradient)
        return loss

    train(network.parameters, len(x), recipe, learn)
    normalization.fold_into(network.layers["encode1"])
    normalization.undo_in(network.layers["decode2"])
    drawn = outputs(network, held_out)
    errors = ((drawn - held_out.reshape(len(held_out), -1)) ** 2).mean(1)
    normal, anomalous = errors[:120], errors[120:]
    by_fault = {fault: area_under_curve(normal, part) for fault, part in zip(FAULTS, np.split(anomalous, 3))}
    with in_place_of(HERE) as new:
        (new / "machine.onnx").write_bytes(export(network))
        write_npz(new / "machine_training.npz", log_mel=training[:64].astype(np.float16))
        write_npz(new / "machine.npz", log_mel=held_out.astype(np.float16), anomalous=np.repeat([0, 1], 120))
        write_report(new / "machine.json", {
            "normal": 120,
            "anomalies": 120,
            "areaUnderCurve": area_under_curve(normal, anomalous),
            "byFault": by_fault,
            "recipe": asdict(recipe),
        })  # fmt: skip
    print(area_under_curve(normal, anomalous), by_fault, normal.mean(), anomalous.mean())


if __name__ == "__main__":
    main()
