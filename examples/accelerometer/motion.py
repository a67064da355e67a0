"""Windows of a three-axis accelerometer, made by a physical model of what moves it.

What such a sensor measures is the specific force in its own axes: gravity, turned by how it is held, and the
movement's acceleration. All are in g. To these come the sensor's own faults (offset and gain of each axis,
noise) and its resolution.
"""

from __future__ import annotations

import numpy as np

RATE = 50  # samples a second
LENGTH = 128  # samples of a window: 2.56 s
AXES = ["x", "y", "z"]
CLASSES = ["idle", "walking", "shaking", "circling"]

GRAVITY = 9.81  # m/s^2 in a g
RESOLUTION = 1000  # steps in a g: a sensor of 14 bits over ±8 g has 1024
FULL_SCALE = 8
OFFSET = 0.04  # an axis reads up to so many g beside
GAIN = 0.03  # and is up to so much too sensitive or not enough
TIME = np.arange(LENGTH) / RATE


def directions(random: np.random.Generator) -> np.ndarray:
    """Draw a rotation as a matrix [3, 3]: its rows are three directions at right angles, seen by the sensor."""
    q, r = np.linalg.qr(random.standard_normal((3, 3)))
    return q * np.sign(np.diag(r))


def wave(random: np.random.Generator, frequency: float, *harmonics: float) -> np.ndarray:
    """Add up a fundamental of amplitude 1 and its harmonics with these amplitudes, in random phases."""
    total = np.zeros(LENGTH)
    for k, amplitude in enumerate((1.0, *harmonics), start=1):
        total += amplitude * np.sin(2 * np.pi * k * frequency * TIME + random.uniform(0, 2 * np.pi))
    return total


def idle(random: np.random.Generator) -> np.ndarray:
    """At rest: a hand's tremor of 8 to 12 Hz, and now and then a knock that rings for a moment."""
    tremor = random.uniform(0, 0.02) * wave(random, random.uniform(8, 12))
    movement = np.outer(tremor, directions(random)[0])
    if random.random() < 0.3:
        since = np.maximum(TIME - random.uniform(0, TIME[-1]), 0)
        ringing = random.uniform(0.05, 0.5) * np.sin(2 * np.pi * 15 * since) * np.exp(-since / 0.05)
        movement += np.outer(ringing, directions(random)[0])
    return movement


def walking(random: np.random.Generator) -> np.ndarray:
    """Steps of 1.4 to 2.8 Hz: up and down and forwards with each, to the sides with every second one."""
    up, forwards, sideways = directions(random)
    steps = random.uniform(1.4, 2.8)
    strength = random.uniform(0.04, 0.5)
    return (
        np.outer(strength * wave(random, steps, random.uniform(0.2, 0.6), random.uniform(0.1, 0.3)), up)
        + np.outer(strength * random.uniform(0.3, 0.7) * wave(random, steps, random.uniform(0.2, 0.5)), forwards)
        + np.outer(strength * random.uniform(0.2, 0.5) * wave(random, steps / 2, random.uniform(0.1, 0.4)), sideways)
    )


def shaking(random: np.random.Generator) -> np.ndarray:
    """To and fro along one line, 2.5 to 6 Hz; the hand turns round sharply, which is a third harmonic."""
    along, across, _ = directions(random)
    frequency = random.uniform(2.5, 6)
    strength = random.uniform(0.1, 1.8)
    return np.outer(strength * wave(random, frequency, random.uniform(0, 0.1), random.uniform(0.05, 0.3)), along) + (
        np.outer(strength * random.uniform(0, 0.2) * wave(random, frequency), across)
    )


def circling(random: np.random.Generator) -> np.ndarray:
    """Round an ellipse in some plane, 0.7 to 2 times a second: two axes, a quarter of a turn apart.

    The acceleration on a circle of radius r is (2 pi f)^2 r towards its middle.
    """
    first, second, _ = directions(random)
    frequency = random.uniform(0.7, 2)
    radius = random.uniform(0.03, 0.25)
    strength = (2 * np.pi * frequency) ** 2 * radius / GRAVITY
    angle = 2 * np.pi * frequency * TIME + random.uniform(0, 2 * np.pi)
    angle += random.uniform(0, 0.3) * np.sin(angle)  # not round at an even pace
    narrow = random.uniform(0.3, 1)
    return strength * (np.outer(np.cos(angle), first) + np.outer(narrow * np.sin(angle), second))


MOVEMENTS = [idle, walking, shaking, circling]


def window(random: np.random.Generator, label: int) -> tuple[np.ndarray, float]:
    """Make one window of a class.

    :return: what the sensor measured [LENGTH, 3] in g, and the movement's effective (RMS) acceleration in g
    """
    movement = MOVEMENTS[label](random)
    gravity = directions(random)[0]
    drift = np.outer(TIME - TIME.mean(), random.normal(0, 0.02, 3))  # the hand turns slowly
    force = gravity + drift + movement
    measured = force * (1 + random.uniform(-GAIN, GAIN, 3)) + random.uniform(-OFFSET, OFFSET, 3)
    measured += random.uniform(0.003, 0.03) * random.standard_normal((LENGTH, 3))
    rounded = np.round(np.clip(measured, -FULL_SCALE, FULL_SCALE) * RESOLUTION) / RESOLUTION
    return rounded.astype(np.float32), float(np.sqrt((movement**2).sum(1).mean()))


def windows(seed: int, per_class: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Make a data set: windows [n, LENGTH, 3], labels [n], effective accelerations [n, 1]; classes take turns."""
    random = np.random.default_rng(seed)
    labels = np.tile(np.arange(len(CLASSES)), per_class)
    made = [window(random, label) for label in labels]
    intensities = np.array([[intensity] for _, intensity in made], np.float32)
    return np.stack([w for w, _ in made]), labels, intensities
