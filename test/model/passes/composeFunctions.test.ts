import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Graph } from '../../../extension/model/graph.ts';
import { NetworkBuilder } from '../networkBuilder.ts';
import { agrees, kinds, runs } from '../oracle.ts';

/** What exporters write for a function of x, node by node. */
class Pattern extends NetworkBuilder {
  number(value: number): string {
    const name = `n${Object.keys(this.initializers).length}`;
    this.initializers[name] = { dims: [], floats: [value] };
    return name;
  }

  /** An operator on values and numbers. */
  op(op: string, ...operands: readonly (string | number)[]): string {
    return this.node(op, operands.map((o) => (typeof o === 'string' ? o : this.number(o)))); // prettier-ignore
  }
}

const PATTERNS: Readonly<Record<string, (p: Pattern, x: string) => string>> = {
  'GELU of PyTorch': (p, x) => {
    const shifted = p.op('Add', p.op('Erf', p.op('Div', x, Math.SQRT2)), 1);
    return p.op('Mul', p.op('Mul', x, shifted), 0.5);
  },
  'GELU by tanh': (p, x) => {
    const cube = p.op('Mul', p.op('Mul', x, x), x);
    const inner = p.op('Mul', p.op('Add', x, p.op('Mul', cube, 0.044715)), Math.sqrt(2 / Math.PI));
    return p.op('Mul', p.op('Mul', x, 0.5), p.op('Add', p.op('Tanh', inner), 1));
  },
  SiLU: (p, x) => p.op('Mul', x, p.op('Sigmoid', x)),
  'HardSwish by HardSigmoid': (p, x) => p.op('Mul', p.op('HardSigmoid', x), x),
  'HardSwish by Clip': (p, x) =>
    p.op('Div', p.op('Mul', x, p.node('Clip', [p.op('Add', x, 3), p.number(0), p.number(6)])), 6),
  Mish: (p, x) => p.op('Mul', x, p.op('Tanh', p.op('Softplus', x))),
  'logarithm of an energy': (p, x) => p.op('Mul', p.op('Log', p.op('Add', p.op('Mul', x, x), 1e-3)), 0.5),
};

function ofPattern(
  write: (p: Pattern, x: string) => readonly string[],
  shape = [1, 4, 3, 5],
): Promise<Graph> {
  const p = new Pattern();
  const outputs = write(p, 'x');
  return agrees({
    nodes: p.nodes,
    inputs: [{ name: 'x', shape }],
    outputs,
    initializers: p.initializers,
  }, { scale: 4 }); // prettier-ignore
}

describe('model: pass composeFunctions', () => {
  for (const [name, write] of Object.entries(PATTERNS)) {
    it(`${name} becomes one function`, async () => {
      const graph = await ofPattern((p, x) => [write(p, x)]);
      assert.deepEqual(kinds(graph), ['activation']);
    });

    it(`${name} behind a convolution, whose output a sum reads too, and before another`, async () => {
      const graph = await ofPattern((p, x) => {
        const y = p.conv(x, 4, 4);
        return [p.conv(p.op('Add', y, write(p, y)), 4, 2)];
      });
      const between = kinds(graph).filter((kind) => kind !== 'transpose');
      assert.deepEqual(between, ['conv2d', 'activation', 'conv2d']);
    });
  }

  it('leaves what is an output itself, is read elsewhere, or has a number for each channel', async () => {
    const graph = await ofPattern((p, x) => {
      const e = p.op('Exp', x);
      return [p.op('Tanh', e), e];
    });
    assert.deepEqual(kinds(graph), ['activation', 'activation']);
    const read = await ofPattern((p, x) => {
      const t = p.op('Tanh', x);
      return [p.op('Exp', t), p.node('Softmax', [t], { axis: { i: -1 } })];
    });
    assert.deepEqual(kinds(read), ['activation', 'activation', 'softmax']);
    const perChannel = await ofPattern((p, x) => [
      p.op('Tanh', p.op('Mul', p.op('Tanh', x), p.weights([5]))),
    ]);
    assert.deepEqual(kinds(perChannel), ['activation', 'mul', 'activation']);
  });

  it('leaves affine maps to the passes that fold them', async () => {
    assert.deepEqual(kinds(await ofPattern((p, x) => [p.op('Add', p.op('Mul', x, 2), 1)], [1, 3, 4])), [
      'reshape',
      'conv2d',
      'reshape',
    ]);
  });

  it('of two inputs makes what belongs to each', async () => {
    const graph = await ofPattern((p, x) => {
      const y = p.node('GlobalAveragePool', [x]);
      return [p.op('Mul', p.op('Exp', p.op('Tanh', x)), p.op('Mul', y, p.op('Sigmoid', y)))];
    });
    assert.deepEqual(kinds(graph).filter((k) => k === 'activation' || k === 'mul'), ['activation', 'activation', 'mul']); // prettier-ignore
  });

  it('agrees on random networks of elementwise operators', async () => {
    const choices = fc.array(fc.tuple(fc.nat(9), fc.nat(1000), fc.nat(1000)), {
      minLength: 2,
      maxLength: 12,
    });
    await fc.assert(
      fc.asyncProperty(choices, fc.boolean(), async (picks, second) => {
        const graph = await ofPattern(
          (p, x) => {
            const values = [p.op('Tanh', x)];
            for (const [op, i, j] of picks) {
              const [a, b] = [values.at(-1 - (i % 2)) ?? values.at(-1)!, values[j % values.length]!];
              const write: readonly (() => string)[] = [
                () => p.op('Add', a, b),
                () => p.op('Mul', p.op('Tanh', a), b),
                () => p.op('Tanh', p.op('Sub', a, b)),
                () => p.op('Add', a, 0.25),
                () => p.op('Mul', 0.5, a),
                () => p.op('Elu', a),
                () => p.op('Sigmoid', a),
                () => p.op('Exp', p.op('Neg', p.op('Abs', a))),
                () => p.op('Mul', a, p.weights([2])),
                () => p.op('Relu', p.op('Div', a, 2)),
              ];
              values.push(write[op]!());
            }
            const outputs = [values.at(-1)!];
            if (second && values.length > 2) outputs.push(values.at(-2)!);
            return outputs;
          },
          [1, 3, 2],
        );
        assert.ok(graph.nodes.length > 0);
      }),
      runs(60),
    );
  });
});
