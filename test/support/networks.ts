import type { Graph } from '../../extension/model/graph.ts';
import { NetworkMaker } from './network.ts';
import type { Random } from './random.ts';

/** Networks of the size and form that people put on microcontrollers. */
export const NETWORKS: Readonly<Record<string, (random: Random) => Graph>> = {
  /** LeNet-5: 28x28 digits. */
  lenet: (r) =>
    new NetworkMaker(r, [1, 28, 28, 1])
      .conv(6, { kernel: [5, 5] })
      .pool('maxpool', [2, 2])
      .conv(16, { kernel: [5, 5], same: false })
      .pool('maxpool', [2, 2])
      .dense(120, 'relu')
      .dense(84, 'relu')
      .dense(10)
      .finish('lenet'),
  /** Two hidden layers on 64 features. */
  mlp: (r) =>
    new NetworkMaker(r, [1, 64]).dense(128, 'relu').dense(64, 'relu').dense(5).softmax().finish('mlp'),
  /** DS-CNN of MLPerf Tiny's keyword spotting: 49 frames of 10 coefficients. */
  keywords: (r) => {
    const n = new NetworkMaker(r, [1, 49, 10, 1]).conv(64, { kernel: [10, 4], stride: 2 });
    for (let i = 0; i < 4; i++) {
      n.conv(64, { kernel: [3, 3], depthwise: true }).conv(64, { kernel: [1, 1] });
    }
    return n.pool('avgpool', [25, 5]).dense(12).finish('keywords');
  },
  /** Three convolutions with poolings on 32x32 colours. */
  colours: (r) =>
    new NetworkMaker(r, [1, 32, 32, 3])
      .conv(32, { kernel: [3, 3] })
      .pool('maxpool', [2, 2])
      .conv(32, { kernel: [3, 3] })
      .pool('maxpool', [2, 2])
      .conv(64, { kernel: [3, 3] })
      .pool('maxpool', [2, 2])
      .dense(64, 'relu')
      .dense(10)
      .finish('colours'),
  /** Inverted residuals as MobileNetV2 has them. */
  mobile: (r) => {
    const n = new NetworkMaker(r, [1, 48, 48, 3]).conv(8, { kernel: [3, 3], stride: 2, clamp: 'relu6' });
    const bottleneck = (expanded: number, out: number, stride: number): void => {
      const before = n.at;
      n.conv(expanded, { kernel: [1, 1], clamp: 'relu6' })
        .conv(expanded, { kernel: [3, 3], depthwise: true, stride, clamp: 'relu6' })
        .conv(out, { kernel: [1, 1], clamp: 'none' });
      if (stride === 1) n.residual(before);
    };
    bottleneck(24, 16, 2);
    bottleneck(48, 16, 1);
    bottleneck(48, 24, 2);
    bottleneck(72, 24, 1);
    return n
      .conv(64, { kernel: [1, 1], clamp: 'relu6' })
      .pool('avgpool', [6, 6])
      .dense(2)
      .softmax()
      .finish('mobile');
  },
};
