"""A speaking machine: harmonics of a voice, coloured by the resonances of a mouth, and hisses.

A word is a list of sounds. Of each are told how long it lasts, the three formants (resonances of the vocal
tract, in Hz), how loud the voice is, and how loud a hiss in a band of frequencies is. Formants of the vowels are
those of Peterson and Barney (1952), rounded. No recording of a person is in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

RATE = 8000  # samples a second
LENGTH = 8000  # samples of a recording
BANDWIDTHS = np.array([80.0, 110.0, 160.0])  # of the formants, in Hz
GLIDE = 160  # samples over which one sound becomes the next: 20 ms


class Sound(NamedTuple):
    """A sound of a word; hisses have no formants of their own."""

    seconds: float
    formants: tuple[float, float, float]
    voice: float
    hiss: float = 0.0
    band: tuple[float, float] = (0.0, 0.0)


NEUTRAL = (500, 1500, 2500)
SILENCE = Sound(0.07, NEUTRAL, 0)
P = Sound(0.03, (500, 900, 2300), 0, 0.15, (300, 1500))
T = Sound(0.02, NEUTRAL, 0, 0.4, (2500, 4000))
S = Sound(0.13, NEUTRAL, 0, 0.3, (3100, 4000))
D = Sound(0.04, (300, 1700, 2600), 0.15, 0.1, (2500, 4000))
N = Sound(0.12, (250, 1100, 2300), 0.35)
WORDS = {
    "up": [Sound(0.16, (640, 1190, 2390), 1), SILENCE, P],
    "down": [D, Sound(0.13, (730, 1090, 2440), 1), Sound(0.12, (440, 1020, 2240), 0.8), N],
    "stop": [S, SILENCE, T, Sound(0.16, (590, 880, 2540), 1), SILENCE, P],
}
OTHER = "other"
CLASSES = [*WORDS, OTHER]

# what other words are made of, the sounds of the words above among them
OTHER_SOUNDS = [
    *(sound for word in WORDS.values() for sound in word),
    Sound(0.14, (270, 2290, 3010), 1),
    Sound(0.14, (530, 1840, 2480), 1),
    Sound(0.15, (300, 870, 2240), 1),
    Sound(0.15, (660, 1720, 2410), 1),
    Sound(0.13, NEUTRAL, 0, 0.3, (1800, 4000)),
    Sound(0.10, NEUTRAL, 0, 0.1, (1000, 4000)),
]  # fmt: skip


@dataclass(frozen=True)
class Speaker:
    """How somebody speaks this time."""

    pitch: float  # Hz
    tract: float  # factor of all formants: a shorter vocal tract has higher ones
    pace: float  # factor of all durations
    breath: float  # hiss in the voice

    @staticmethod
    def draw(random: np.random.Generator) -> Speaker:
        """Draw a speaker; who speaks higher has a shorter vocal tract."""
        height = random.uniform(0, 1)
        return Speaker(
            pitch=85 * 3 ** (0.8 * height + random.uniform(0, 0.2)),
            tract=0.88 + 0.25 * height + random.uniform(-0.05, 0.05),
            pace=random.uniform(0.75, 1.3),
            breath=random.uniform(0, 0.1),
        )


def smooth(track: np.ndarray) -> np.ndarray:
    """Average a track [samples, …] over GLIDE samples, its ends held."""
    before = np.repeat(track[:1], GLIDE // 2, axis=0)
    after = np.repeat(track[-1:], GLIDE - GLIDE // 2, axis=0)
    total = np.cumsum(np.concatenate([before, track, after]), axis=0)
    return (total[GLIDE:] - total[:-GLIDE]) / GLIDE


def hiss(random: np.random.Generator, length: int, band: tuple[float, float]) -> np.ndarray:
    """Make noise between two frequencies, of effective value 1."""
    spectrum = np.fft.rfft(random.standard_normal(length))
    frequencies = np.fft.rfftfreq(length, 1 / RATE)
    spectrum[(frequencies < band[0]) | (frequencies > band[1])] = 0
    noise = np.fft.irfft(spectrum, length)
    return noise / max(float(np.sqrt((noise**2).mean())), 1e-9)


def voiced(pitch: np.ndarray, formants: np.ndarray, phase: float) -> np.ndarray:
    """Add up the harmonics of a pitch [samples], each as loud as the formants [samples, 3] let it be.

    A harmonic h comes with 1/h from throat and lips; a resonance at F with bandwidth B multiplies it by
    1 / |1 - (f/F)^2 + i f B / F^2|.
    """
    angle = phase + 2 * np.pi * np.cumsum(pitch) / RATE
    total = np.zeros(len(pitch))
    for h in range(1, int(RATE / 2 / pitch.min()) + 1):
        f = (h * pitch)[:, None]
        resonance = 1 / np.sqrt((1 - (f / formants) ** 2) ** 2 + (f * BANDWIDTHS / formants**2) ** 2)
        total += np.where(h * pitch < RATE / 2, resonance.prod(1) / h, 0) * np.sin(h * angle)
    return total


def speak(random: np.random.Generator, sounds: list[Sound], speaker: Speaker) -> np.ndarray:
    """Speak sounds one after the other, none of them twice the same; the largest value is 1."""
    lengths = [max(GLIDE // 2, round(s.seconds * speaker.pace * random.uniform(0.8, 1.25) * RATE)) for s in sounds]
    each = [np.array(s.formants) * speaker.tract * random.uniform(0.9, 1.1, 3) for s in sounds]
    formants = smooth(np.repeat(each, lengths, axis=0))
    loudness = smooth(np.repeat([s.voice for s in sounds], lengths))
    length = len(loudness)
    fall = np.linspace(1.08, random.uniform(0.8, 1), length)
    wobble = 1 + 0.02 * np.sin(2 * np.pi * random.uniform(3, 7) * np.arange(length) / RATE)
    voice = voiced(speaker.pitch * fall * wobble, formants, random.uniform(0, 2 * np.pi))
    voice /= np.abs(voice).max()
    total = loudness * (voice + speaker.breath * hiss(random, length, (500, 4000)) / 3)
    at = 0
    for sound, size in zip(sounds, lengths):
        if sound.hiss > 0:
            envelope = np.sin(np.pi * (np.arange(size) + 0.5) / size) ** 0.5
            total[at : at + size] += sound.hiss * random.uniform(0.6, 1.5) * envelope * hiss(random, size, sound.band)
        at += size
    return total / np.abs(total).max()


def background(random: np.random.Generator) -> np.ndarray:
    """Make a second of what a room sounds like: noise that is darker or brighter, hum, and sometimes knocks."""
    spectrum = np.fft.rfft(random.standard_normal(LENGTH))
    frequencies = np.maximum(np.fft.rfftfreq(LENGTH, 1 / RATE), 20)
    noise = np.fft.irfft(spectrum * frequencies ** -random.uniform(0, 1), LENGTH)
    noise /= np.abs(noise).max()
    time = np.arange(LENGTH) / RATE
    noise += random.uniform(0, 0.3) * np.sin(2 * np.pi * 100 * time + random.uniform(0, 2 * np.pi))
    if random.random() < 0.3:
        for start in random.uniform(0, 1, random.integers(1, 4)):
            since = np.maximum(time - start, 0)
            noise += np.sin(2 * np.pi * random.uniform(200, 2500) * since) * np.exp(-since / 0.02)
    return noise / np.abs(noise).max()


def recording(random: np.random.Generator, word: str) -> np.ndarray:
    """Make a recording [LENGTH] of a word, or of anything but one: somewhere in a second, loud or not, in a room."""
    sounds = WORDS.get(word)
    if sounds is None and random.random() < 0.6:
        sounds = [OTHER_SOUNDS[k] for k in random.integers(0, len(OTHER_SOUNDS), random.integers(1, 5))]
    if sounds is None or all(s.voice == 0 and s.hiss == 0 for s in sounds):
        return background(random) * random.uniform(0.002, 0.4)
    spoken = speak(random, sounds, Speaker.draw(random))[:LENGTH]
    loudness = 10 ** random.uniform(-1.3, -0.15)
    total = background(random) * loudness * 10 ** -random.uniform(0.1, 1.8)
    start = random.integers(0, LENGTH - len(spoken) + 1)
    total[start : start + len(spoken)] += loudness * spoken
    return np.clip(total, -1, 1)


def recordings(seed: int, per_class: int) -> tuple[np.ndarray, np.ndarray]:
    """Make a data set: recordings [n, LENGTH], labels [n]; classes take turns."""
    random = np.random.default_rng(seed)
    labels = np.tile(np.arange(len(CLASSES)), per_class)
    return np.stack([recording(random, CLASSES[label]) for label in labels]), labels
