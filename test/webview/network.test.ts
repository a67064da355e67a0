import assert from 'node:assert/strict';
import { planesOf } from '../../webview/shared/tensorPlanes.ts';
import { axeViolations } from '../vscode/axe.ts';
import { type StoppedNetwork, stoppedNetwork } from './networkPage.ts';
import { type OpenPage, PageTester } from './page.ts';
import { THEMES, type ThemeName } from './themes.ts';

const tester = new PageTester();
const wide = { width: 1440, height: 900 };

/** The page at a stop, as the host sends it: the state, then the tensor of a layer where it is there. */
async function open(
  { state, tensors }: StoppedNetwork,
  layer = 0,
  size = wide,
  theme: ThemeName = 'dark',
): Promise<OpenPage> {
  const opened = await tester.open('network', size, theme);
  await opened.send(state);
  if (layer > 0) await opened.page.locator(`tr[data-layer="${layer}"] button`).click();
  const tensor = tensors[layer];
  if (tensor) await opened.send(tensor);
  return opened;
}

describe('network page', () => {
  let equal: StoppedNetwork;
  let wrong: StoppedNetwork;
  before(async () => {
    equal = await stoppedNetwork(false);
    wrong = await stoppedNetwork(true);
  });
  after(() => tester.close());

  it('lists the layers with what they are, and names the first difference', async () => {
    const opened = await open(wrong, 1);
    const { page } = opened;
    assert.match(
      await page.locator('.words').innerText(),
      /^Layer 2, \S+, differs from the PC's: element \[0, /,
    );
    const words = await page.locator('tbody tr td:last-child').allInnerTexts();
    assert.equal(words.length, wrong.state.layers.length);
    assert.match(words[0]!, /^equal/);
    assert.equal(words[1], 'differs');
    assert.equal(words[3], '', 'it has not run yet');
    assert.match(
      await page.locator('.tensor-summary').innerText(),
      /1 of \d+ elements differ\. The first is \[0, /,
    );
    assert.equal(await page.locator('.tile.differs').count(), 1, 'one channel has it');
    assert.equal(await page.locator('.tile.differs canvas').count(), 2, "the board's and the PC's");
    assert.equal(await page.locator('.tile').count(), planesOf(wrong.state.layers[1]!.shape).count);
    assert.deepEqual(opened.complaints, []);
    await page.close();
  });

  it("shows numbers, the PC's where they differ", async () => {
    const opened = await open(wrong, 1);
    const { page } = opened;
    const { index, board, pc } = wrong.tensors[1]!.difference!;
    await page.locator('#tensor-form').selectOption('numbers');
    assert.equal(
      await page.locator('#tensor-plane').inputValue(),
      String(index[3]),
      'the channel that has it',
    );
    const cell = page.locator('.numbers td.differs');
    assert.equal(await cell.count(), 1);
    assert.deepEqual(
      (await cell.innerText()).split(/\s+/).map((n) => Number(n.replace('\u2212', '-'))),
      [board, pc],
    );
    const row = page.locator('.numbers tbody tr').nth(index[1]!);
    assert.equal(await row.locator('td').nth(index[2]!).getAttribute('class'), 'differs');
    await page.reload();
    await opened.send(wrong.state);
    await opened.send(wrong.tensors[1]);
    assert.equal(await page.locator('.numbers').count(), 1, 'the form is remembered, and the layer');
    await page.close();
  });

  it('draws what the numbers are', async () => {
    const last = equal.state.layers.length - 1;
    const opened = await open(equal, last);
    const { page } = opened;
    assert.match(await page.locator('.words').innerText(), /all \d+ layers are the PC's/);
    assert.match(await page.locator('.tensor-summary').innerText(), /Equal to the PC's/);
    const { board } = equal.tensors[last]!;
    const greys = await page.evaluate<number[]>(`(() => {
      const canvas = document.querySelector('.tile canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const pixel = canvas.width / ${board.length};
      return ${JSON.stringify([...board.keys()])}.map((i) => data[4 * Math.floor((i + 0.5) * pixel)]);
    })()`);
    const [low, high] = [Math.min(...board), Math.max(...board)];
    assert.deepEqual(
      greys,
      board.map((v) => Math.round((255 * (v - low)) / (high - low))),
    );
    await page.close();
  });

  it('asks for layers, for stops and for a look', async () => {
    const opened = await open(equal, 2);
    const { page } = opened;
    await page.locator('#refresh').click();
    await page.locator('#stop-at-difference').click();
    assert.deepEqual(await opened.posted(), [
      { type: 'ready' },
      { type: 'select', layer: 2 },
      { type: 'refresh' },
      { type: 'stopAtDifference', on: false },
    ]);
    await page.locator('tr[data-layer="0"] button').focus();
    await page.keyboard.press('Enter');
    assert.deepEqual((await opened.posted()).at(-1), { type: 'select', layer: 0 });
    await opened.send(equal.state);
    const focused = await page.evaluate(`document.activeElement.closest('tr')?.dataset.layer`);
    assert.equal(focused, '0', 'who goes by keys is not thrown out by a stop');
    await page.close();
  });

  it('says what is not there', async () => {
    const opened = await open(wrong, 5);
    const { page } = opened;
    assert.match(await page.locator('.tensor-view').innerText(), /has not run yet/);
    const gone = equal.state.layers.findIndex((l) => l.state === 'gone');
    await opened.send(equal.state);
    await page.locator(`tr[data-layer="${gone}"] button`).click();
    assert.match(await page.locator('.tensor-view').innerText(), /has written over this tensor/);
    await opened.send({ type: 'noTensor', layer: gone, why: 'The model has changed.' });
    assert.match(await page.locator('.tensor-view').innerText(), /The model has changed/);
    await opened.send({ ...equal.state, board: 'runs', layers: [], words: '' });
    assert.match(await page.locator('.words').innerText(), /runs/);
    assert.equal(await page.locator('tbody tr').count(), equal.state.layers.length, 'the last stop stays');
    await opened.send({ ...equal.state, board: 'none', network: undefined, layers: [], words: 'No board.' });
    assert.equal(await page.locator('.network').isVisible(), false);
    assert.match(await page.locator('.words').innerText(), /No board/);
    assert.deepEqual(opened.complaints, []);
    await page.close();
  });

  it('shows hostile names as text', async () => {
    const hostile = '<img src=x onerror="posted.push({type: \'hacked\'})">';
    const layers = equal.state.layers.map((l) => ({ ...l, name: hostile, operator: hostile }));
    const opened = await open({
      ...equal,
      state: { ...equal.state, network: hostile, words: hostile, layers },
    });
    assert.ok((await opened.page.locator('#app').innerText()).includes(hostile));
    assert.equal(await opened.page.locator('#app img').count(), 0);
    await opened.page.close();
  });

  for (const theme of Object.keys(THEMES) as ThemeName[]) {
    it(`is accessible, wide and narrow: ${theme}`, async () => {
      for (const [width, height] of [
        [1440, 900],
        [1100, 700],
        [480, 800],
      ] as const) {
        for (const form of ['picture', 'numbers']) {
          const { page, complaints } = await open(wrong, 1, { width, height }, theme);
          await page.locator('#tensor-form').selectOption(form);
          assert.deepEqual(await axeViolations(page.mainFrame(), 'editor'), []);
          const overflow = await page.evaluate<number>(
            `document.querySelector('#app').scrollWidth - document.querySelector('#app').clientWidth`,
          );
          assert.equal(overflow, 0, `${width} pixels are enough`);
          assert.deepEqual(complaints, []);
          if (process.env['SHOTS'])
            await page.screenshot({ path: `${process.env['SHOTS']}/${theme}-${width}-${form}.png` });
          await page.close();
        }
      }
    });
  }
});
