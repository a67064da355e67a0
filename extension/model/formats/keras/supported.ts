import { UserError } from '../../../common/error.ts';
import { say, type Sentence, someOf } from '../../../common/errors/sentence.ts';
import type { Reason, Refused } from '../../import/importNetwork.ts';
import type { KerasNode, LayerImporter } from './context.ts';
import { field, text } from './json.ts';
import { activationProblem } from './layers/activation.ts';
import { FUNCTIONS, LAYERS } from './layers.ts';

/** How many layers a refusal names. */
const MOST_NAMED = 10;

/** Why layers that people know are not read. */
const REASONS: readonly (readonly [classes: readonly string[], why: Sentence])[] = [
  [['Lambda'], say`it holds Python code, which is never run`],
  [
    ['RNN', 'ConvLSTM1D', 'ConvLSTM2D', 'CuDNNGRU', 'CuDNNLSTM', 'LSTMCell', 'GRUCell', 'SimpleRNNCell'],
    say`of recurrent layers GRU, LSTM and SimpleRNN are computed`,
  ],
  [['TimeDistributed'], say`of layers that are repeated over time Dense, functions and Dropout are computed`],
  [['Masking'], say`which time steps it leaves out depends on what they hold`],
  [
    ['Conv3D', 'Conv3DTranspose', 'MaxPooling3D', 'AveragePooling3D', 'ZeroPadding3D', 'UpSampling3D'],
    say`maps have one or two dimensions`,
  ],
];

/** Classes of layers that compute the same in training and without: they may be called with `training`. */
const IGNORES_TRAINING: ReadonlySet<string> = new Set(['Activation', 'Dense', 'Flatten', 'ReLU', 'Reshape']);

/** Names that operands of arithmetic operators go by. */
const OPERANDS: ReadonlySet<string> = new Set(['inputs', 'x', 'x1', 'x2', 'y']);

/** What reads a layer; undefined when its class is not supported. */
export function importerOf({ type, config }: KerasNode): LayerImporter | undefined {
  return type === 'TFOpLambda' ? FUNCTIONS.get(text(config, 'function') ?? '') : LAYERS.get(type);
}

/** The layers that are not supported, and why; undefined when all are. */
export function refusedOf(nodes: readonly KerasNode[]): Refused<KerasNode> | undefined {
  const refused = nodes.flatMap((node) => {
    const why = problemOf(node);
    return why ? [{ node, why }] : [];
  });
  const [first] = refused;
  if (!first) return undefined;
  const error = new UserError(
    'model',
    refused.length === 1
      ? say`Layer '${first.node.name}' is ${first.node.type}, which is not supported: ${first.why}.`
      : say`The model has ${refused.length} layers that are not supported: ${someOf(
          refused.map(({ node, why }) => say`'${node.name}' (${node.type}: ${why})`),
          MOST_NAMED,
        )}.`,
    say`Build the model without them. Supported are ${[...LAYERS.keys()].filter((name) => !name.startsWith('ops.'))}.`,
  );
  const needed = say`Build the model without this layer.`;
  const reasons = refused.map(({ node, why }): [KerasNode, Reason] => [
    node,
    { operator: node.type, why: say`is not supported: ${why}`, needed },
  ]);
  return { error, nodes: new Map(reasons) };
}

/** Why a layer is not supported; undefined when it is. */
function problemOf(node: KerasNode): Sentence | undefined {
  const { type, named } = node;
  if (!importerOf(node)) return reasonOf(type);
  if (type === 'Activation') return activationProblem(node);
  if (isQuantized(node)) return say`its weights are integers already`;
  const other = named.find(
    (key) => !OPERANDS.has(key) && !(key === 'training' && IGNORES_TRAINING.has(type)),
  );
  return other === undefined ? undefined : say`it is called with '${other}'`;
}

function reasonOf(type: string): Sentence {
  const known = REASONS.find(([classes]) => classes.includes(type));
  if (known) return known[1];
  return type.startsWith('custom ') ? say`its code is not in the file` : say`it is not computed`;
}

/** Keras 3 calls the type of a layer with integer weights `int8_from_float32`. */
function isQuantized({ config }: KerasNode): boolean {
  const dtype = field(config, 'dtype');
  const name = typeof dtype === 'string' ? dtype : text(field(dtype, 'config'), 'name');
  return name?.includes('_from_') ?? false;
}
