#!/usr/bin/env python3
"""Writes this folder's ONNX files: small untrained networks as torch.onnx.export writes them.

Run once with Debian's python3-torch (1.13) and python3-onnx; the files are committed. `*_11_dynamic` keep
every Shape-Gather-Concat chain and a symbolic batch, `*_16` are folded and static.
"""

from pathlib import Path

import torch
import torch.nn.functional as F
from torch import nn


class LeNet(nn.Module):
    """Convolutions, ReLU before and behind pooling, x.view(x.size(0), -1), dropout, softmax."""

    def __init__(self):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 2, 5), nn.Conv2d(2, 4, 5)
        self.dense1, self.dense2 = nn.Linear(64, 12), nn.Linear(12, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.relu(F.max_pool2d(self.conv2(x), (2, 2)))
        x = x.view(x.size(0), -1)
        x = F.dropout(F.relu(self.dense1(x)), training=self.training)
        return F.softmax(self.dense2(x), dim=1)


class Residual(nn.Module):
    """Three channels, batch normalization, a projected shortcut, adaptive average pooling."""

    def __init__(self):
        super().__init__()
        self.stem, self.norm = nn.Conv2d(3, 4, 3, stride=2, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv1, self.norm1 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.conv2, self.norm2 = nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4)
        self.shortcut, self.dense = nn.Conv2d(4, 4, 1, bias=False), nn.Linear(4, 3)

    def forward(self, x):
        x = F.relu(self.norm(self.stem(x)))
        y = self.norm2(self.conv2(F.relu(self.norm1(self.conv1(x)))))
        x = F.adaptive_avg_pool2d(F.relu(y + self.shortcut(x)), 1)
        return self.dense(torch.flatten(x, 1))


class Mobile(nn.Module):
    """Inverted residuals with ReLU6, squeeze and excitation, hard sigmoid and swish, mean over the map."""

    def __init__(self):
        super().__init__()

        def block(inputs, outputs, stride):
            wide = 2 * inputs
            return nn.Sequential(
                nn.Conv2d(inputs, wide, 1, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(),
                nn.Conv2d(wide, wide, 3, stride, 1, groups=wide, bias=False), nn.BatchNorm2d(wide), nn.ReLU6(),
                nn.Conv2d(wide, outputs, 1, bias=False), nn.BatchNorm2d(outputs),
            )

        self.first, self.second = block(1, 4, 2), block(4, 4, 1)
        self.gate = nn.Sequential(
            nn.AdaptiveAvgPool2d(1), nn.Conv2d(4, 2, 1), nn.ReLU(), nn.Conv2d(2, 4, 1), nn.Hardsigmoid()
        )
        self.swish, self.dense = nn.Hardswish(), nn.Linear(4, 3)

    def forward(self, x):
        x = self.first(x)
        x = x + self.second(x)
        x = self.swish(x * self.gate(x))
        return self.dense(x.mean([2, 3]))


class Keywords(nn.Module):
    """1D convolutions on a signal."""

    def __init__(self):
        super().__init__()
        self.conv1, self.norm = nn.Conv1d(1, 4, 9, stride=2, padding=4), nn.BatchNorm1d(4)
        self.conv2, self.dense = nn.Conv1d(4, 6, 5, dilation=2, padding=4), nn.Linear(6, 3)
        self.leaky, self.pool = nn.LeakyReLU(0.1), nn.AvgPool1d(3, stride=2, padding=1)

    def forward(self, x):
        x = F.max_pool1d(self.leaky(self.norm(self.conv1(x))), 2)
        x = self.pool(torch.tanh(self.conv2(x)))
        return torch.sigmoid(self.dense(x.mean(-1)))


class Perceptron(nn.Module):
    """Normalized input, dense layers, batch normalization of a vector, SiLU."""

    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(
            nn.Flatten(), nn.Linear(28, 8), nn.BatchNorm1d(8), nn.ReLU(), nn.Linear(8, 8), nn.SiLU(), nn.Linear(8, 3)
        )

    def forward(self, x):
        return self.layers((x - 0.13) / 0.31)


class Shuffle(nn.Module):
    """Grouped convolution, a channel shuffle, two branches flattened and joined."""

    def __init__(self):
        super().__init__()
        self.conv, self.grouped, self.dense = nn.Conv2d(4, 8, 1), nn.Conv2d(8, 8, 3, groups=2, padding=1), nn.Linear(160, 3)

    def forward(self, x):
        x = F.relu(self.conv(x))
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).contiguous().view(n, c, h, w)
        x = self.grouped(x)
        y = F.max_pool2d(x, 2)
        return self.dense(torch.cat([x.flatten(1), y.reshape(y.shape[0], -1)], 1))


class Mixer(nn.Module):
    """Dense layers over the last dimension of a sequence, and over the other by transposes."""

    def __init__(self):
        super().__init__()
        self.widen, self.narrow = nn.Linear(8, 16), nn.Linear(16, 8)
        self.tokens, self.dense = nn.Linear(6, 6), nn.Linear(8, 2)

    def forward(self, x):
        x = x + self.narrow(F.relu(self.widen(x)))
        x = x + self.tokens(x.transpose(1, 2)).transpose(1, 2)
        return self.dense(x.mean(1))


NETWORKS = {
    "lenet": (LeNet, (1, 1, 28, 28)),
    "residual": (Residual, (1, 3, 16, 16)),
    "mobile": (Mobile, (1, 1, 16, 16)),
    "keywords": (Keywords, (1, 1, 100)),
    "perceptron": (Perceptron, (1, 1, 4, 7)),
    "shuffle": (Shuffle, (1, 4, 4, 4)),
    "mixer": (Mixer, (1, 6, 8)),
}


def main():
    """Export every network in both forms."""
    folder = Path(__file__).resolve().parent
    for name, (make, shape) in NETWORKS.items():
        torch.manual_seed(1)
        network = make().eval()
        for part in network.modules():
            if isinstance(part, (nn.BatchNorm1d, nn.BatchNorm2d)):
                part.running_mean.normal_()
                part.running_var.uniform_(0.5, 2)
        for suffix, opset, axes in (("11_dynamic", 11, {"input": {0: "batch"}}), ("16", 16, None)):
            torch.onnx.export(
                network, torch.randn(*shape), str(folder / f"{name}_{suffix}.onnx"), opset_version=opset,
                input_names=["input"], output_names=["output"], dynamic_axes=axes, do_constant_folding=axes is None,
            )


if __name__ == "__main__":
    main()
