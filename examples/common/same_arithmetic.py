"""Makes OpenBLAS sum in the same order on x86-64 processors of all kinds. Import it before numpy.

It picks its kernels by what the processor knows (AVX2, AVX-512), and each rounds its sums differently; training
blows one different last bit up to another network. The networks are so small that the plainest kernels cost next
to nothing.
"""

import os

os.environ["OPENBLAS_CORETYPE"] = "Nehalem"
os.environ["OPENBLAS_NUM_THREADS"] = "1"
os.environ["OMP_NUM_THREADS"] = "1"
