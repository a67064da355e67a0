/**
 * How much a second the serial monitor parses and shows while it answers clicks: the real page in Chromium, the real
 * model behind it. Bytes come as a port gives them; meanwhile a button is clicked five times a second and the time from
 * the click to the frame that shows its effect is measured, as is the time that "Disconnect" takes.
 *
 *     npx tsx bench/monitor.ts
 *
 * @returns a table; the last line is the one README quotes
 */
import { setTimeout as delay } from 'node:timers/promises';
import { performance } from 'node:perf_hooks';
import type { OpenPort, PortDescription, PortEvents } from '../extension/serial/port.ts';
import { launch, MonitorPage } from '../test/webview/monitorPage.ts';

const SECONDS = 8;
const LIMIT_MS = 100;

interface Load {
  readonly name: string;
  /** Bytes a second; Infinity for as fast as the model takes them. */
  readonly rate: number;
  /** Bytes that come at once. */
  readonly chunk: number;
}

const LOADS: readonly Load[] = [
  { name: '115,200 baud', rate: 11_520, chunk: 256 },
  { name: '921,600 baud', rate: 92_160, chunk: 1024 },
  { name: '1 MB burst every second', rate: 1 << 20, chunk: 1 << 20 },
  { name: '10 MB/s', rate: 10 << 20, chunk: 1 << 16 },
  { name: 'as fast as it goes', rate: Infinity, chunk: 1 << 16 },
];

/** What the digits' firmware prints, again and again, some of it in colour. */
const text = Buffer.from(
  Array.from({ length: 400 }, (_, i) => {
    const classes = Array.from(
      { length: 10 },
      (_, c) => `class = ${c}\r\nConfidence = ${((i * 37 + c * 11) % 256) - 128}\r\n`,
    );
    return `\x1b[32mrun ${i}\x1b[0m\r\n${classes.join('')}Top1 class = ${i % 10} \r\nInference time = ${1800 + (i % 90)} (us)\r\n`;
  }).join(''),
);

/** A port that gives bytes at a rate. */
function source({ rate, chunk }: Load): {
  port: PortDescription;
  open: (events: PortEvents) => OpenPort;
  sent: () => number;
} {
  let sent = 0;
  const port: PortDescription = {
    id: '/dev/bench',
    kind: 'serial',
    label: 'bench',
    manufacturer: undefined,
    probe: 'bench',
    boardIds: [],
    usb: undefined,
    resetsOnBreak: false,
  };
  const open = (events: PortEvents): OpenPort => {
    let isOpen = true;
    void (async () => {
      const start = performance.now();
      while (isOpen) {
        // up to 16 ms at once, as a real port's reads come; then everybody else gets a turn
        const until = performance.now() + 16;
        const due = () => (rate === Infinity ? Infinity : ((performance.now() - start) / 1000) * rate);
        while (isOpen && performance.now() < until && sent + chunk <= due()) {
          const at = sent % text.length;
          const bytes = new Uint8Array(chunk);
          for (let i = 0; i < chunk;) {
            const part = text.subarray((at + i) % text.length, ((at + i) % text.length) + chunk - i);
            bytes.set(part, i);
            i += part.length;
          }
          sent += chunk;
          events.onData(bytes);
        }
        await delay(1);
      }
    })();
    return {
      send: async () => {},
      reset: async () => {},
      close: async () => {
        isOpen = false;
      },
    };
  };
  return { port, open, sent: () => sent };
}

/** Installed in the page: the time from a click to the frame after its effect, for every click on a button. */
const WATCH_CLICKS = `
  window.latencies = [];
  document.addEventListener('click', (event) => {
    const start = event.timeStamp;
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = () => window.latencies.push(performance.now() - start);
      port2.postMessage(0); // runs right after the frame is painted
    });
  });
`;

async function measure(load: Load): Promise<string[]> {
  const bench = source(load);
  const m = await MonitorPage.open(browser, {
    width: 1280,
    height: 420,
    ports: [bench.port],
    host: { openPort: async (_port, _settings, events) => bench.open(events) },
  });
  await m.page.evaluate(WATCH_CLICKS);
  await m.page.locator('#connect').click();
  await m.page.locator('.dot.connected').waitFor();
  await delay(1000);
  await m.page.evaluate('window.latencies = []');
  const before = bench.sent();
  const start = performance.now();
  let clicks = 0;
  for (; performance.now() - start < SECONDS * 1000; clicks++) {
    // opens and closes the search, which changes the layout
    await m.page.locator(clicks % 2 === 0 ? '#find' : '#find-close').click();
    await delay(150);
  }
  const seconds = (performance.now() - start) / 1000;
  const rate = (bench.sent() - before) / seconds;
  await delay(300);
  const latencies = ((await m.page.evaluate('window.latencies')) as number[]).sort((a, b) => a - b);
  const stopped = performance.now();
  await m.page.locator('#connect').click();
  await m.page.locator('.status', { hasText: 'Not connected' }).waitFor();
  const stop = performance.now() - stopped;
  await m.close();
  const at = (share: number) =>
    latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? NaN;
  const worst = at(1);
  return [
    load.name,
    `${(rate / 1e6).toFixed(rate < 1e6 ? 3 : 1)} MB/s`,
    String(latencies.length),
    `${at(0.5).toFixed(0)} ms`,
    `${at(0.95).toFixed(0)} ms`,
    `${worst.toFixed(0)} ms${worst > LIMIT_MS ? ' (over the limit)' : ''}`,
    `${stop.toFixed(0)} ms`,
  ];
}

const browser = await launch();
console.log(
  '| load | parsed and shown | clicks | median | 95 % | worst | Disconnect |\n|---|---|---|---|---|---|---|',
);
for (const load of LOADS) console.log(`| ${(await measure(load)).join(' | ')} |`);
await browser.close();
