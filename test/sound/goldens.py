"""Writes goldens.json beside it: what librosa and torchaudio compute of a signal of our own (signal.ts). python3 goldens.py

Made with librosa 0.11.0 (soxr 1.1.0, NumPy 2.4) and the Python part of torchaudio 0.13.1 on torch 2.13. Beside the few numbers that are
kept it writes all of them into the file that is named as its argument, if there is one.
"""

import json
import os
import sys

import librosa
import numpy as np
import torch
import torchaudio


def signal(length):
    """A rising tone, a constant one and noise, as signal.ts has it."""
    state, noise = 1, []
    for _ in range(length):
        state = (1664525 * state + 1013904223) % 2**32
        noise.append(state / 2**32 - 0.5)
    n = np.arange(length, dtype=np.float64)
    tones = 0.5 * np.sin(n * 0.01 + n * n * 0.00005) + 0.2 * np.sin(n * 0.7)
    return (tones + 0.1 * np.array(noise)).astype(np.float32)


cases, everything = [], []


# so quiet that the least energy of a logarithm counts; a power of two changes no digit
QUIET = 2.0**-18


def keep(by, rate, length, options, features, gain=1.0):
    """`features` as [bins, frames]; `gain` of the signal."""
    flat = np.asarray(features, dtype=np.float64).ravel()
    at = [int(i) for i in np.linspace(0, flat.size - 1, min(flat.size, 24))]
    case = {
        "by": by,
        "rate": rate,
        "length": length,
        "gain": gain,
        "options": options,
        "bins": features.shape[0],
        "frames": features.shape[1],
        "min": float(flat.min()),
        "max": float(flat.max()),
        "at": at,
    }
    cases.append({**case, "values": [float(f"{flat[i]:.9g}") for i in at]})
    everything.append({**case, "at": None, "values": [float(v) for v in flat]})


def by_librosa():
    y = signal(8000)
    stft, mel, mfcc = librosa.stft, librosa.feature.melspectrogram, librosa.feature.mfcc
    db, amplitude = librosa.power_to_db, librosa.amplitude_to_db

    def case(options, features, rate=16000, length=8000):
        keep("librosa", rate, length, {"convention": "librosa", **options}, features)

    case({"features": "spectrogram"}, np.abs(stft(y)))
    case({"features": "spectrogram", "nFft": 400}, np.abs(stft(y, n_fft=400)))
    case({"features": "spectrogram", "log": "db"}, amplitude(np.abs(stft(y))))
    case(
        {"features": "spectrogram", "nFft": 512, "winLength": 400, "hopLength": 160, "windowFunction": "hamming", "padding": "none", "power": 2},
        np.abs(stft(y, n_fft=512, win_length=400, hop_length=160, window="hamming", center=False)) ** 2,
    )
    case({"features": "logmel"}, db(mel(y=y, sr=16000)))
    case({"features": "logmel", "dbReference": "max"}, db(mel(y=y, sr=16000), ref=np.max))
    options = {"features": "logmel", "nFft": 512, "hopLength": 160, "nMels": 40, "fMin": 20, "fMax": 7600, "melScale": "htk", "melNorm": "none"}
    arguments = dict(y=y, sr=16000, n_fft=512, hop_length=160, n_mels=40, fmin=20, fmax=7600, htk=True, norm=None)
    case({**options, "log": "ln"}, np.log(mel(**arguments) + 1e-6))
    case({**options, "log": "log10", "epsilon": 1e-3}, np.log10(mel(**arguments) + 1e-3))
    case({**options, "log": "none", "padding": "reflect"}, mel(**arguments, pad_mode="reflect"))
    case({**options, "power": 1, "dbReference": "max", "topDb": 40}, amplitude(mel(**arguments, power=1), ref=np.max, top_db=40))
    case({**options, "topDb": "none"}, db(mel(**arguments), top_db=None))
    case({"features": "mfcc"}, mfcc(y=y, sr=16000))
    case(
        {"features": "mfcc", "nFft": 640, "hopLength": 320, "nMels": 40, "nMfcc": 13, "padding": "reflect"},
        mfcc(y=y, sr=16000, n_fft=640, hop_length=320, n_mels=40, n_mfcc=13, pad_mode="reflect"),
    )
    case({"features": "mfcc", "power": 1, "nMfcc": 13}, mfcc(y=y, sr=16000, power=1, n_mfcc=13))
    case({"features": "mfcc", "nFft": 441, "nMels": 30}, mfcc(y=y, sr=22050, n_fft=441, n_mels=30), 22050)
    quiet = signal(8000) * np.float32(QUIET)
    for power, features in [
        (2, db(mel(y=quiet, sr=16000))),
        (1, amplitude(mel(y=quiet, sr=16000, power=1))),
    ]:
        keep("librosa", 16000, 8000, {"convention": "librosa", "features": "logmel", "power": power}, features, QUIET)
    keep("librosa", 16000, 8000, {"convention": "librosa", "features": "mfcc"}, mfcc(y=quiet, sr=16000), QUIET)
    # half a second at 22050 Hz, as librosa.load leaves it
    case({"features": "logmel"}, db(mel(y=signal(11025), sr=22050)), 22050, 11025)


def by_torchaudio():
    t = torchaudio.transforms
    y = torch.from_numpy(signal(8000))

    def case(options, features, rate=16000):
        keep("torchaudio", rate, 8000, {"convention": "torchaudio", **options}, features.numpy())

    case({"features": "spectrogram"}, t.Spectrogram()(y))
    case(
        {"features": "spectrogram", "nFft": 512, "winLength": 400, "hopLength": 160, "windowFunction": "hamming", "padding": "none", "power": 1},
        t.Spectrogram(512, 400, 160, window_fn=torch.hamming_window, power=1, center=False)(y),
    )
    case({"features": "spectrogram", "log": "db", "power": 1, "topDb": 60}, t.AmplitudeToDB("magnitude", 60)(t.Spectrogram(power=1)(y)))
    case({"features": "spectrogram", "winLength": 301, "padding": "constant"}, t.Spectrogram(400, 301, pad_mode="constant")(y))
    case({"features": "logmel", "nMels": 64}, t.AmplitudeToDB()(t.MelSpectrogram(n_mels=64)(y)))
    case({"features": "logmel", "nMels": 64, "log": "ln"}, torch.log(t.MelSpectrogram(n_mels=64)(y) + 1e-6))
    case(
        {"features": "logmel", "nFft": 512, "nMels": 40, "melScale": "slaney", "melNorm": "slaney", "log": "none", "fMin": 50, "fMax": 6000},
        t.MelSpectrogram(n_fft=512, n_mels=40, mel_scale="slaney", norm="slaney", f_min=50, f_max=6000)(y),
    )
    case({"features": "logmel", "nFft": 405, "nMels": 32, "log": "none"}, t.MelSpectrogram(11025, 405, n_mels=32)(y), 11025)
    case({"features": "mfcc"}, t.MFCC()(y))
    melkwargs = dict(n_fft=512, win_length=400, hop_length=160, n_mels=40, f_min=20, f_max=4000)
    case(
        {"features": "mfcc", "nFft": 512, "winLength": 400, "hopLength": 160, "nMels": 40, "fMin": 20, "fMax": 4000, "nMfcc": 13, "log": "ln"},
        t.MFCC(n_mfcc=13, log_mels=True, melkwargs=melkwargs)(y),
    )
    case({"features": "mfcc", "nMels": 40, "power": 1, "nMfcc": 10}, t.MFCC(n_mfcc=10, melkwargs=dict(n_mels=40, power=1))(y))
    quiet = y * QUIET
    for options, features in [
        ({"features": "mfcc", "nMels": 40}, t.MFCC(melkwargs=dict(n_mels=40))(quiet)),
        ({"features": "spectrogram", "log": "db"}, t.AmplitudeToDB()(t.Spectrogram()(quiet))),
        ({"features": "spectrogram", "log": "db", "power": 1}, t.AmplitudeToDB("magnitude")(t.Spectrogram(power=1)(quiet))),
    ]:
        keep("torchaudio", 16000, 8000, {"convention": "torchaudio", **options}, features.numpy(), QUIET)


def resampled():
    best = dict(resampling_method="kaiser_window", lowpass_filter_width=64, rolloff=0.9475937167399596, beta=14.769656459379492)
    for rate, to in [(44100, 16000), (8000, 16000), (22050, 16000), (48000, 16000), (16000, 22050)]:
        y = torch.from_numpy(signal(4000)).double()
        features = torchaudio.functional.resample(y, rate, to, **best)
        keep("resample", rate, 4000, {"sampleRate": to}, features.numpy()[None])


by_librosa()
by_torchaudio()
resampled()
place = os.path.join(os.path.dirname(os.path.abspath(__file__)), "goldens.json")
for file, content in [(place, cases)] + [(name, everything) for name in sys.argv[1:2]]:
    with open(file, "w") as out:
        json.dump(content, out)
        out.write("\n")
