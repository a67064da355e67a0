/** A word of the field, and what it means to somebody who has not met it. */
export interface Term {
  readonly term: string;
  /** One or two sentences without further words of the field. */
  readonly words: string;
}

/** Translates an English sentence. */
type Translate = (sentence: string) => string;

export type TermId = keyof ReturnType<typeof glossary>;

/**
 * The words of the field that the views, the command line and the documents use. Everything that explains one takes it from here: the
 * views' tooltips, the command "Show Glossary", docs/glossary.md (bench/generated.ts).
 */
export function glossary(t: Translate) {
  return {
    accuracy: {
      term: t('Accuracy'),
      words: t('The share of the samples with a label whose class the network gets right.'),
    },
    arena: {
      term: t('Arena (activation memory)'),
      words: t(
        'The part of RAM that holds what layers hand on to one another. Values that are not needed at the same time share their place in it.',
      ),
    },
    auc: {
      term: t('AUC'),
      words: t(
        'Area under the ROC curve: 1 if every anomaly has a larger error than everything that is normal, 0.5 for mere guessing.',
      ),
    },
    confidence: {
      term: t('Confidence'),
      words: t(
        'How much speaks for a class. The board prints the network’s own whole number, such as −93: larger is surer, but it is no percentage. Percent and real number stand beside it.',
      ),
    },
    confusionMatrix: {
      term: t('Confusion matrix'),
      words: t(
        'A table of what each class was taken for. Right answers stand on the diagonal, mistakes beside it.',
      ),
    },
    cycles: {
      term: t('Cycles'),
      words: t(
        'Ticks of the processor’s clock: 48 million of them are a second at 48 MHz. The fewer an inference takes, the faster it is.',
      ),
    },
    f1: {
      term: t('F1'),
      words: t('Precision and recall in one figure, their harmonic mean. 100 % is best.'),
    },
    firmware: {
      term: t('Firmware'),
      words: t(
        'The whole program of a board: its start, its drivers, the network, and what prints the result.',
      ),
    },
    flash: {
      term: t('Flash'),
      words: t('The memory that keeps what it holds without power. Program and weights lie in it.'),
    },
    floatNetwork: {
      term: t('PC float'),
      words: t(
        'The network as it was trained, computed with real numbers on this computer. The quantized one is measured by it.',
      ),
    },
    fpu: {
      term: t('FPU'),
      words: t(
        'The part of a processor that computes with real (floating-point) numbers. Small ones have none.',
      ),
    },
    inference: {
      term: t('Inference'),
      words: t('One use of the network: it is given an input, and answers.'),
    },
    int8: {
      term: t('int8, int16'),
      words: t(
        'Whole numbers of 8 bits (−128 to 127) or 16 bits (−32,768 to 32,767), which a quantized network computes with.',
      ),
    },
    int8Only: {
      term: t('int8 only'),
      words: t(
        'The board has no FPU: it takes networks that are quantized throughout, with whole numbers as inputs and outputs.',
      ),
    },
    kernel: {
      term: t('Kernel'),
      words: t(
        'The way a layer is computed, which the compiler has chosen among several for its size and speed.',
      ),
    },
    macs: {
      term: t('MACs'),
      words: t(
        'Multiply-accumulates: multiplications, each with the addition of its result. They tell how much work one inference is.',
      ),
    },
    mae: {
      term: t('MAE'),
      words: t('Mean absolute error: how far answers are from the labels on average.'),
    },
    offset: {
      term: t('Offset (zero point)'),
      words: t('The whole number that stands for the real number 0. real = scale × (number − offset)'),
    },
    parameters: {
      term: t('Parameters'),
      words: t('The numbers that the network has learned: weights and biases.'),
    },
    paretoFront: {
      term: t('Pareto front'),
      words: t(
        'The variants that no other one beats: whatever is better in one of two figures is worse in the other.',
      ),
    },
    pcQuantized: {
      term: t('PC quantized'),
      words: t(
        'The same whole numbers, computed on this computer. The board is right if it prints exactly these.',
      ),
    },
    perChannel: {
      term: t('Per channel, per tensor'),
      words: t(
        'Whether each output channel of a layer has a scale of its own for its weights, which is more exact, or all have the same.',
      ),
    },
    precision: {
      term: t('Precision'),
      words: t('Of the answers that name this class, the share that is right.'),
    },
    quantization: {
      term: t('Quantization'),
      words: t(
        'Whole numbers of 8 or 16 bits in place of a network’s real ones: smaller and faster, and a little less exact.',
      ),
    },
    r2: {
      term: t('R²'),
      words: t(
        'How much of the labels’ variation the answers explain: 1 is perfect, 0 no better than their mean.',
      ),
    },
    ram: {
      term: t('RAM'),
      words: t(
        'The memory that a program works in: its variables, its stack, and the values between layers.',
      ),
    },
    raw: {
      term: t('Raw'),
      words: t(
        'As the board printed it: the network’s own whole number. The real number that it stands for is scale × (raw − offset).',
      ),
    },
    recall: {
      term: t('Recall'),
      words: t('Of the samples with this label, the share that was answered with it.'),
    },
    reconstructionError: {
      term: t('Reconstruction error'),
      words: t(
        'How far an autoencoder’s output is from its input, as the mean of the squares. It is large for what the network was not trained on.',
      ),
    },
    requantize: {
      term: t('Requantize'),
      words: t(
        'To bring a layer’s sums, which are large, back to whole numbers of 8 or 16 bits, by a multiplication and a shift.',
      ),
    },
    rmse: {
      term: t('RMSE'),
      words: t('Root mean square error: as MAE, but large errors count for more.'),
    },
    roc: {
      term: t('ROC curve'),
      words: t(
        'For each threshold, the share of anomalies that is found over the share of normal samples that is taken for one.',
      ),
    },
    sameTop1: {
      term: t('Same Top1'),
      words: t('The share of samples for which the quantized network names the float network’s class.'),
    },
    samples: {
      term: t('Samples'),
      words: t(
        'Typical inputs. The range of every value of the network is measured with them, which quantization needs.',
      ),
    },
    scale: {
      term: t('Scale'),
      words: t(
        'The real number that one step of a whole number stands for. real = scale × (number − offset)',
      ),
    },
    simulated: {
      term: t('Simulated board'),
      words: t(
        'A board that exists on this computer only. It runs the firmware of a real one, instruction by instruction, and counts its cycles.',
      ),
    },
    softmax: {
      term: t('Softmax (%)'),
      words: t('The network’s outputs as percents that add up to 100: how sure it is of each class.'),
    },
    sqnr: {
      term: t('SQNR'),
      words: t(
        'Signal to quantization noise ratio, in decibels: how large values are beside the error that quantization adds. More is better; 6 dB are twice as exact.',
      ),
    },
    stack: {
      term: t('Stack'),
      words: t('The part of RAM that functions take while they run, and give back at their end.'),
    },
    threshold: {
      term: t('Threshold'),
      words: t('The error above which an input is called anomalous.'),
    },
    top1: {
      term: t('Top1'),
      words: t('The class that most speaks for: the network’s answer.'),
    },
    uart: {
      term: t('UART'),
      words: t('The serial line over which a board prints what the Serial Monitor shows.'),
    },
  } as const satisfies Readonly<Record<string, Term>>;
}

/** The glossary as a Markdown table, its terms in alphabetical order. @param language of the terms, for their order */
export function glossaryTable(t: Translate, language: string): string {
  const { compare } = new Intl.Collator(language);
  const terms = Object.values(glossary(t)).sort((a, b) => compare(a.term, b.term));
  return [
    `| ${t('Word')} | ${t('What it means')} |`,
    '| --- | --- |',
    ...terms.map(({ term, words }) => `| **${term}** | ${words} |`),
  ].join('\n');
}
