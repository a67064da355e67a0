import assert from 'node:assert/strict';
import { MessageChannel } from 'node:worker_threads';
import { UserError } from '../../extension/common/error.ts';
import { english, say } from '../../extension/common/errors/sentence.ts';
import { boardEnd, ownerEnd } from '../../extension/debug/network/link.ts';
import { NetworkWatch } from '../../extension/debug/network/networkWatch.ts';
import { type NetworkStop, tensorSource } from '../../extension/debug/network/tensorSource.ts';
import { Runner } from '../../extension/debug/runner.ts';
import { readElf } from '../../extension/toolchain/elf.ts';
import { Random } from '../support/random.ts';
import { caseInputs, chainCase } from '../support/randomCase.ts';
import { until } from '../support/until.ts';
import { enter, networksFirmware, pcOf, watched } from './networks.ts';

const c = chainCase(3);

describe('debug: the tensors of a board in another thread', () => {
  const firmware = networksFirmware([c.bundle]);
  let ports: MessageChannel;
  beforeEach(() => (ports = new MessageChannel()));
  afterEach(() => {
    ports.port1.close();
  });

  it('are asked for here, where the PC computes for it', async () => {
    const { debuggee } = watched(firmware, c.bundle, c.quantized);
    const { name, placeholders, layers } = c.bundle;
    let made = 0;
    const pc = (): ReturnType<typeof pcOf> => {
      if (made++ === 0) return Promise.reject(new UserError('input', say`The model has changed.`, []));
      return pcOf(c.quantized);
    };
    const source = ownerEnd(ports.port1, { name, placeholders, layers, pc });
    const { network, serve } = boardEnd(ports.port2, { name, placeholders, layers });
    const watch = NetworkWatch.of(debuggee.machine, readElf(firmware), network);
    debuggee.observer = watch;
    const runner = new Runner(debuggee);
    const run = runner.run.bind(runner);
    serve(tensorSource(watch, runner.stop));
    const told: (NetworkStop | undefined)[] = [];
    source.stop.onChange((stop) => told.push(stop));

    assert.equal(source.isPcSettled, false);
    await assert.rejects(
      source.stopAtDifference(true),
      (e) => e instanceof UserError && /has changed/.test(e.message),
    );
    assert.deepEqual([source.isPcSettled, source.stopsAtDifference], [true, false]);
    await source.stopAtDifference(true);
    assert.deepEqual([source.isPcSettled, source.stopsAtDifference], [true, true]);
    await enter({ debuggee, run }, c.bundle, caseInputs(c, new Random(1)).bytes);
    await run(debuggee.continue());
    await until(() => told.at(-1)?.found);
    assert.match(english(told.at(-1)!.found!), /tensors of all \d+ layers are the PC's/);
    assert.ok(told.includes(undefined), 'that it runs is told, too');
    const states = await source.layers();
    assert.deepEqual(states, await watch.layers());
    assert.ok(states.every((s) => s.verdict === 'equal'));
    const last = layers.length - 1;
    const view = await source.tensor(last);
    assert.deepEqual(view, await watch.tensor(last));
    assert.ok(view.board && view.pc);
  });

  it('are asked for in vain when the thread is gone', async () => {
    const { name, placeholders, layers } = c.bundle;
    const source = ownerEnd(ports.port1, { name, placeholders, layers, pc: () => pcOf(c.quantized) });
    const asked = source.layers();
    ports.port2.close();
    await assert.rejects(asked, (e) => e instanceof UserError && e.code === 'cancelled');
    await assert.rejects(source.tensor(0), (e) => e instanceof UserError && e.code === 'cancelled');
  });
});
