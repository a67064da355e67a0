"""Makes the training sum in the same order on every x86-64 processor. Import it before torch.

Torch, OpenBLAS and oneDNN pick their kernels by what the processor knows (AVX2, AVX-512), and each
kernel rounds its sums differently; training blows one different last bit up to another network.
The network is so small that the plainest kernels cost next to nothing.
"""

import os

os.environ["ATEN_CPU_CAPABILITY"] = "default"
os.environ["OPENBLAS_CORETYPE"] = "Nehalem"
os.environ["OMP_NUM_THREADS"] = "1"
os.environ["OPENBLAS_NUM_THREADS"] = "1"

import torch  # noqa: E402  (reads the environment when it loads)

torch.set_num_threads(1)
torch.use_deterministic_algorithms(True)
torch.backends.mkldnn.enabled = False
