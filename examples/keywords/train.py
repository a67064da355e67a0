#!/usr/bin/env python3
"""Makes recordings of a speaking machine, trains the network and writes everything in this folder that comes of them.

The same versions of Python and NumPy give the same bytes again, on the same kind of processor.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from common import same_arithmetic  # noqa: E402, F401  (must be the first to load numpy)
import numpy as np  # noqa: E402

from common.files import in_place_of, pcm16, write_npz, write_report, write_wav  # noqa: E402
from common.layers import Convolution, Dense, Flatten, Relu, Stack, parameter_count  # noqa: E402
from common.log_mel import LogMel  # noqa: E402
from common.normalization import Normalization  # noqa: E402
from common.onnx_file import GraphWriter  # noqa: E402
from common.training import Recipe, cross_entropy, outputs, train  # noqa: E402
from voice import CLASSES, LENGTH, RATE, recordings  # noqa: E402

FEATURES = LogMel(rate=RATE, n_fft=512, hop_length=256, n_mels=16)
FRAMES = 1 + LENGTH // FEATURES.hop_length
TRAINING_PER_CLASS = 700
HELD_OUT_PER_CLASS = 60
CALIBRATION_PER_CLASS = 4  # of the training recordings, to profile ranges
SAMPLES_PER_CLASS = 1  # of the held-out recordings, to try a port
TRAINING_SEED, HELD_OUT_SEED = 1, 2


def build(seed: int) -> Stack:
    """Three convolutions over time and frequency; when something sounds counts in the end."""
    random = np.random.default_rng(seed)
    return Stack(
        conv1=Convolution(random, (4, 4), 1, 8, stride=2), relu1=Relu(),
        conv2=Convolution(random, (3, 3), 8, 16, stride=2), relu2=Relu(),
        conv3=Convolution(random, (3, 3), 16, 24), relu3=Relu(),
        flat=Flatten(), dense=Dense(random, 5 * 1 * 24, len(CLASSES)),
    )  # fmt: skip


def export(network: Stack) -> bytes:
    """Write the network as ONNX. Features are [frames, mel bands], which become an image of one channel."""
    graph = GraphWriter("keywords")
    features = graph.input("log_mel", (FRAMES, FEATURES.n_mels))
    image = graph.node("Unsqueeze", "image", [features, graph.constant("channel", np.array([1], np.int64))])
    logits = network.export(graph, "", image)
    graph.output(logits, (len(CLASSES),))
    return graph.file()


def features_of(waveforms: np.ndarray) -> np.ndarray:
    """Map recordings [n, LENGTH] to what the network takes [n, frames, mel bands, 1], as if read from their files."""
    return np.concatenate([FEATURES.of(pcm16(w)[None] / 0x8000) for w in waveforms])[..., None]


def write_recordings(folder: Path, waveforms: np.ndarray, labels: np.ndarray, per_class: int) -> None:
    """Write the first recordings of each class as `CLASS/INDEX.wav`; the index is the one in the data set."""
    for label, name in enumerate(CLASSES):
        for index in np.flatnonzero(labels == label)[:per_class]:
            write_wav(folder / name / f"{index:04d}.wav", waveforms[index], RATE)


def main() -> int:
    """Make data, train, measure, write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, default=HERE, help="where to write")
    parser.add_argument("--epochs", type=int, default=Recipe.epochs)
    parser.add_argument(
        "--training", type=int, default=TRAINING_PER_CLASS, help="recordings of each class to train on (default: %(default)s)"
    )
    arguments = parser.parse_args()
    recipe = Recipe(epochs=arguments.epochs)

    waveforms, labels = recordings(TRAINING_SEED, arguments.training)
    held_out_waveforms, held_out_labels = recordings(HELD_OUT_SEED, HELD_OUT_PER_CLASS)
    features, held_out = features_of(waveforms), features_of(held_out_waveforms)
    normalization = Normalization.of(features)
    x = normalization.apply(features)
    network = build(recipe.seed)

    def learn(chosen: np.ndarray) -> float:
        loss, gradient = cross_entropy(network.forward(x[chosen]), labels[chosen])
        network.backward(gradient)
        return loss

    train(network.parameters, len(x), recipe, learn)
    normalization.fold_into(network.layers["conv1"])
    trained = outputs(network, features).argmax(1) == labels
    correct = int((outputs(network, held_out).argmax(1) == held_out_labels).sum())
    with in_place_of(arguments.out) as new:
        (new / "keywords.onnx").write_bytes(export(network))
        (new / "labels.txt").write_text("".join(f"{name}\n" for name in CLASSES))
        write_recordings(new / "calibration", waveforms, labels, CALIBRATION_PER_CLASS)
        write_recordings(new / "samples", held_out_waveforms, held_out_labels, SAMPLES_PER_CLASS)
        rounded = held_out[..., 0].astype(np.float16)
        write_npz(new / "heldout.npz", log_mel=rounded, labels=held_out_labels.astype(np.int32))
        write_report(new / "accuracy.json", {
            "model": "keywords.onnx",
            "parameters": parameter_count(network),
            "heldOut": len(held_out),
            "correct": correct,
            "floatAccuracy": correct / len(held_out),
            "trainingAccuracy": float(trained.mean()),
            "measured": "float32, Top1 of the last epoch's network over recordings of which none was trained on; "
            "heldout.npz has their features, rounded to float16",
            "features": asdict(FEATURES),
            "recipe": {**asdict(recipe), "trainingPerClass": arguments.training},
        })  # fmt: skip
    print(f"float accuracy {correct} of {len(held_out)} held-out recordings, written to {arguments.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
