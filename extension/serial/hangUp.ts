import { read as readDescriptor } from 'node:fs';
import { promisify } from 'node:util';

const readAsync = promisify(readDescriptor);

/** A port of serialport's native part on Linux and macOS, as far as reading needs it. */
export interface UnixPort {
  readonly isOpen: boolean;
  readonly fd: number | null;
  readonly poller: { once(event: 'readable', done: (error: Error | null) => void): unknown };
  read(buffer: Buffer, offset: number, length: number): Promise<{ buffer: Buffer; bytesRead: number }>;
}

/** A read that failed; the stream above closes the port unless it was `canceled` by closing it. */
interface ReadError extends Error {
  canceled?: boolean;
  code?: string;
}

/**
 * Lets a port notice that its device was unplugged. A terminal that has hung up reads as 0 bytes for ever (read(2):
 * end of file), and serialport's own reader then reads again at once, without end: a full core and growing memory
 * until the process dies (github.com/serialport/bindings-cpp, issue 162). Ports are opened with VMIN 1, so that 0 bytes
 * mean nothing else.
 */
export function noticeHangUp<T extends UnixPort>(port: T): T {
  port.read = async (buffer, offset, length) => {
    for (;;) {
      if (!port.isOpen || port.fd === null) throw canceled();
      try {
        const { bytesRead } = await readAsync(port.fd, buffer, offset, length, null);
        if (bytesRead === 0) throw new Error('The device has hung up');
        return { buffer, bytesRead };
      } catch (error) {
        if (!['EAGAIN', 'EWOULDBLOCK', 'EINTR'].includes((error as ReadError).code ?? '')) throw error;
      }
      if (!port.isOpen) throw canceled();
      await new Promise<void>((resolve, reject) => {
        port.poller.once('readable', (error) => (error ? reject(error) : resolve()));
      });
    }
  };
  return port;
}

function canceled(): ReadError {
  return Object.assign(new Error('Port is not open'), { canceled: true });
}
