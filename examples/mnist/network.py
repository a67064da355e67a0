"""The digit classifier of NXP's application note AN13438, in PyTorch."""

from __future__ import annotations

import torch
from torch import nn

CLASSES = 10
IMAGE_SIDE = 28
FLATTENED = 3 * 3 * 4  # 28 -> 14 -> 7 -> 3 by three 2x2 poolings, times four channels


class DigitNetwork(nn.Module):
    """Pools first and convolves afterwards, which is what makes it small enough for a Cortex-M0+.

    Layers carry the names that Keras would give them: the exporter reads its weights by these names.

    :param dropout: probability of dropping one of the 28 hidden values while training
    """

    def __init__(self, dropout: float = 0.0) -> None:
        super().__init__()
        self.pool = nn.MaxPool2d(2)
        self.conv2d_1 = nn.Conv2d(1, 4, 3, padding=1)
        self.conv2d_2 = nn.Conv2d(4, 4, 3, padding=1)
        self.conv2d_3 = nn.Conv2d(4, 4, 3, padding=1)
        self.dense_1 = nn.Linear(FLATTENED, 28)
        self.dropout = nn.Dropout(dropout)
        self.dense_2 = nn.Linear(28, CLASSES)

    def forward(self, images: torch.Tensor) -> torch.Tensor:
        """Map images [n, 1, 28, 28], pixels 0..1, to logits [n, 10]."""
        x = self.pool(images)
        x = self.pool(torch.relu(self.conv2d_1(x)))
        x = self.pool(torch.relu(self.conv2d_2(x)))
        x = torch.relu(self.conv2d_3(x))
        # Keras flattens rows, columns, channels; torch holds channels first.
        x = x.permute(0, 2, 3, 1).flatten(1)
        x = self.dropout(torch.relu(self.dense_1(x)))
        return self.dense_2(x)


def parameter_count(network: nn.Module) -> int:
    """Count the trainable values of a network (1,662 for this one)."""
    return sum(parameter.numel() for parameter in network.parameters())
