import { parentPort } from 'node:worker_threads';
import { expressionOf, placesIn } from './expression.ts';
import type { SearchAnswer, SearchOrder } from './expressionThread.ts';

/** A thread that looks for regular expressions of users: one that does not come to an end ends with its thread. */
parentPort?.on('message', ({ pattern, lines }: SearchOrder) => {
  post({ type: 'begun' });
  try {
    const expression = expressionOf(pattern);
    post({ type: 'found', places: lines.map((line) => placesIn(line, expression)) });
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    post({ type: 'invalid' });
  }
});

function post(answer: SearchAnswer): void {
  parentPort?.postMessage(answer);
}
