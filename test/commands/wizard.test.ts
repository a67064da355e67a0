import assert from 'node:assert/strict';
import {
  AGAIN,
  type Again,
  askAll,
  askOpen,
  BACK,
  type Back,
  type Question,
} from '../../extension/commands/wizard.ts';

interface Answers {
  readonly model?: string;
  readonly samples?: string;
  readonly board?: string;
  readonly checked?: string;
}
type Key = 'model' | 'samples' | 'board';
type Reply = string | Back | Again | undefined;

/** A user, and looks at answers, that reply in this order; what they were asked is told as `model?`, and a look as `model!value`. */
function story(replies: readonly Reply[]) {
  const asked: string[] = [];
  const left = [...replies];
  const reply = (what: string): Reply => {
    asked.push(what);
    assert.ok(left.length > 0, `nobody expects ${what} after ${asked.join(' ')}`);
    return left.shift();
  };
  const question = (key: Key, isChecked = false): Question<Answers> => ({
    isKnown: (answers) => answers[key] !== undefined,
    ask: (answers, { step, steps, back }) => {
      const value = reply(`${key}?${step}/${steps}${back ? '<' : ''}`);
      return Promise.resolve(
        typeof value === 'string' ? { ...answers, [key]: value } : (value as Back | undefined),
      );
    },
    ...(isChecked
      ? {
          check: {
            isDone: ({ checked, ...answers }: Answers) => checked === answers[key],
            run: (answers: Answers) => {
              const value = reply(`${key}!${answers[key]}`);
              return Promise.resolve(value === 'ok' ? { ...answers, checked: answers[key]! } : (value as Back | Again | undefined)); // prettier-ignore
            },
          },
        }
      : {}),
  });
  return { asked, left, question };
}

describe('a wizard', () => {
  const title = (): string => 'Port';
  const run = async (replies: readonly Reply[], start: Answers = {}, ask = askAll) => {
    const { asked, left, question } = story(replies);
    const answers = await ask(
      [question('model'), question('samples', true), question('board')],
      start,
      title,
    );
    assert.equal(left.length, 0, `not asked: ${left.map(String).join()}`);
    return { asked: asked.join(' '), answers };
  };

  it('looks at an answer before it asks on', async () => {
    const { asked, answers } = await run(['m', 's', 'ok', 'b']);
    assert.equal(asked, 'model?1/3 samples?2/3< samples!s board?3/3<');
    assert.deepEqual(answers, { model: 'm', samples: 's', checked: 's', board: 'b' });
  });

  it('asks again for an answer that is refused, given or known', async () => {
    assert.equal(
      (await run(['m', 'bad', AGAIN, 'good', 'ok', 'b'])).asked,
      'model?1/3 samples?2/3< samples!bad samples?2/3< samples!good board?3/3<',
    );
    const known = await run([AGAIN, 'good', 'ok', 'b'], { model: 'm', samples: 'bad' });
    assert.equal(known.asked, 'samples!bad samples?1/2 samples!good board?2/2<');
    assert.equal(known.answers?.samples, 'good');
  });

  it('goes back from a question, and from a look, to what was asked before', async () => {
    assert.equal(
      (await run(['m', 's', 'ok', BACK, 't', 'ok', 'b'])).asked,
      'model?1/3 samples?2/3< samples!s board?3/3< samples?2/3< samples!t board?3/3<',
    );
    assert.equal(
      (await run(['m', 's', BACK, 't', 'ok', 'b'])).asked,
      'model?1/3 samples?2/3< samples!s samples?2/3< samples!t board?3/3<',
    );
    // from the look at what was known to the question before it
    assert.equal(
      (await run(['m', BACK, 'n', 'ok', 'b'], { samples: 's' })).asked,
      'model?1/2 samples!s model?1/2 samples!s board?2/2<',
    );
  });

  it('ends where the user leaves, at a question or while something is looked at', async () => {
    assert.equal((await run(['m', undefined])).answers, undefined);
    assert.equal((await run(['m', 's', undefined])).answers, undefined);
    assert.equal((await run([BACK])).answers, undefined);
  });

  it('looks at answers that are all known only where it is told to', async () => {
    const all = { model: 'm', samples: 's', board: 'b' };
    assert.equal((await run([], all, askOpen)).asked, '');
    assert.equal((await run(['ok'], all)).asked, 'samples!s');
    assert.equal(
      (await run(['ok', 'b'], { model: 'm', samples: 's' }, askOpen)).asked,
      'samples!s board?1/1',
    );
  });
});
