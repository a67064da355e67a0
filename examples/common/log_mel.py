"""Log-mel features as librosa computes them, and GlowPort with `--features logmel`.

`np.log(librosa.feature.melspectrogram(y=y, sr=rate, n_fft=…, hop_length=…, n_mels=…) + 1e-6).T` has the same
numbers: windows in the middle of zeros, power spectrum, Slaney's mel scale, bands of equal area.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

EPSILON = 1e-6  # added before the logarithm


@dataclass(frozen=True)
class LogMel:
    """Parameters of the features, by the names that librosa gives them; the rate in Hz."""

    rate: int
    n_fft: int
    hop_length: int
    n_mels: int

    def of(self, waveforms: np.ndarray) -> np.ndarray:
        """Map waveforms [n, samples] of -1 to 1 to features [n, 1 + samples // hop_length, n_mels]."""
        half = self.n_fft // 2
        padded = np.pad(waveforms.astype(np.float64), [(0, 0), (half, half)])
        windows = np.lib.stride_tricks.sliding_window_view(padded, self.n_fft, axis=1)[:, :: self.hop_length]
        hann = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(self.n_fft) / self.n_fft)  # periodic
        power = np.abs(np.fft.rfft(windows * hann)) ** 2
        return np.log(power @ self.bands.T + EPSILON).astype(np.float32)

    @cached_property
    def bands(self) -> np.ndarray:
        """Weights [n_mels, frequencies] of triangular bands, equally wide in mel from 0 to half of the rate."""
        frequencies = np.fft.rfftfreq(self.n_fft, 1 / self.rate)
        corners = mel_to_hz(np.linspace(0, hz_to_mel(self.rate / 2), self.n_mels + 2))
        left, middle, right = (corners[k : k + self.n_mels, None] for k in range(3))
        rising = (frequencies - left) / (middle - left)
        falling = (right - frequencies) / (right - middle)
        return np.maximum(np.minimum(rising, falling), 0) * 2 / (right - left)


# Slaney's Auditory Toolbox (1998): linear up to 1000 Hz, logarithmic above.
LINEAR_HZ = 200 / 3
BREAK_HZ = 1000
BREAK_MEL = BREAK_HZ / LINEAR_HZ
LOG_STEP = np.log(6.4) / 27


def hz_to_mel(hz: float) -> float:
    """Convert a frequency to Slaney's mel scale."""
    return hz / LINEAR_HZ if hz < BREAK_HZ else BREAK_MEL + np.log(hz / BREAK_HZ) / LOG_STEP


def mel_to_hz(mel: np.ndarray) -> np.ndarray:
    """Convert values of Slaney's mel scale to frequencies."""
    return np.where(mel < BREAK_MEL, mel * LINEAR_HZ, BREAK_HZ * np.exp(LOG_STEP * (mel - BREAK_MEL)))
