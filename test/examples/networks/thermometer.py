#!/usr/bin/env python3
"""A regression with two inputs: makes thermometer.onnx, thermometer.npz and thermometer.json.

A thermistor (NTC) in a stream is switched on, and 16 voltages are measured while its own current warms it. Of these,
and of what is known about the operation (supply, flow, temperature of the board), the temperature of the stream is told.
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
from common.layers import Dense, Relu, Stack  # noqa: E402
from common.normalization import Normalization  # noqa: E402
from common.onnx_file import GraphWriter  # noqa: E402
from common.training import Recipe, outputs, squared_error, train  # noqa: E402

POINTS = 16
INTERVAL = 0.25  # seconds from one voltage to the next
OPERATION = 3  # supply in volts, flow in m/s, temperature of the board in degrees Celsius
KELVIN = 273.15
RESISTANCE, BETA = 10_000, 3950  # of the thermistor at 25 degrees: R = RESISTANCE exp(BETA (1/T - 1/298.15))
SERIES = 4700  # ohms between supply and thermistor
HEAT_CAPACITY = 0.004  # J/K


def measurements(seed: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make curves [n, POINTS] in volts, operating values [n, OPERATION] and temperatures [n, 1] in degrees Celsius."""
    random = np.random.default_rng(seed)
    stream = random.uniform(0, 80, count)
    supply = random.uniform(4, 12, count)
    flow = random.uniform(0.05, 2, count)
    board = random.uniform(0, 60, count)
    conductance = 0.002 + 0.0015 * np.sqrt(flow)  # W/K to the stream (King's law)
    self_heated = stream.copy()
    curve = []
    steps = 10  # of integration from one point to the next
    for _ in range(POINTS):
        for _ in range(steps):
            resistance = RESISTANCE * np.exp(BETA * (1 / (self_heated + KELVIN) - 1 / (25 + KELVIN)))
            voltage = supply * resistance / (resistance + SERIES)
            warming = voltage**2 / resistance - conductance * (self_heated - stream)
            self_heated = self_heated + warming / HEAT_CAPACITY * INTERVAL / steps
        curve.append(voltage * (1 + 0.0005 * (board - 25)))  # the converter drifts
    volts = np.stack(curve, 1) + random.normal(0, 0.005, (count, POINTS))
    operation = np.stack([supply, flow, board], 1)
    return volts.astype(np.float32), operation.astype(np.float32), stream[:, None].astype(np.float32)


def build(seed: int) -> Stack:
    """Dense layers over both inputs, one behind the other in one row."""
    random = np.random.default_rng(seed)
    return Stack(
        dense1=Dense(random, POINTS + OPERATION, 32), relu1=Relu(),
        dense2=Dense(random, 32, 16), relu2=Relu(), dense3=Dense(random, 16, 1),
    )  # fmt: skip


def export(network: Stack) -> bytes:
    """Write the network as ONNX."""
    graph = GraphWriter("thermometer")
    inputs = [graph.input("curve", (POINTS,)), graph.input("operation", (OPERATION,))]
    both = graph.node("Concat", "both", inputs, axis=1)
    graph.output(network.export(graph, "", both), (1,))
    return graph.file()


def main() -> None:
    """Make data, train, measure, write."""
    recipe = Recipe(epochs=80)
    curve, operation, temperature = measurements(1, 4000)
    held_curve, held_operation, held_temperature = measurements(2, 200)
    both = np.concatenate([curve, operation], 1)
    normalization, scale = Normalization.of_each(both), Normalization.of(temperature)
    x, wanted = normalization.apply(both), scale.apply(temperature)
    network = build(recipe.seed)

    def learn(chosen: np.ndarray) -> float:
        loss, gradient = squared_error(network.forward(x[chosen]), wanted[chosen])
        network.backward(gradient)
        return loss

    train(network.parameters, len(x), recipe, learn)
    normalization.fold_into(network.layers["dense1"])
    scale.undo_in(network.layers["dense3"])
    told = outputs(network, np.concatenate([held_curve, held_operation], 1))
    with in_place_of(HERE) as new:
        (new / "thermometer.onnx").write_bytes(export(network))
        write_npz(new / "thermometer_training.npz", curve=curve[:100], operation=operation[:100])
        write_npz(
            new / "thermometer.npz", curve=held_curve, operation=held_operation, temperature=held_temperature
        )
        write_report(new / "thermometer.json", {
            "heldOut": len(told),
            "meanAbsoluteError": float(np.abs(told - held_temperature).mean()),
            "largestError": float(np.abs(told - held_temperature).max()),
            "recipe": asdict(recipe),
        })  # fmt: skip
    print((HERE / "thermometer.json").read_text())


if __name__ == "__main__":
    main()
