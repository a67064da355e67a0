import type { ConnectionState } from '../../serial/connection.ts';
import type { PortDescription } from '../../serial/port.ts';
import type { Translate } from '../../common/errors/sentence.ts';
import { inWords } from '../words.ts';

/**
 * The connection's state in words.
 * @param ready the simulated board that Connect would switch on with the firmware at hand
 * @param isDebugged the port is a board under the debugger
 */
export function statusText(
  state: ConnectionState,
  ready: PortDescription | undefined,
  isDebugged: boolean,
  t: Translate,
): string {
  switch (state.kind) {
    case 'idle':
      return ready
        ? t('Not connected: Connect runs the firmware live on {0}', ready.label)
        : t('Not connected');
    case 'connecting':
      return t('Connecting to {0}…', state.port.label);
    case 'connected':
      if (isDebugged) return t('In the debugger');
      return state.port.kind === 'simulated' ? t('Running') : t('Connected');
    case 'waiting':
      return t('Waiting for {0} to come back', state.port.label);
    case 'lent':
      return t('Lent to another task; comes back by itself');
  }
}

/** What is noted among the log's lines when the state has changed; undefined when that is worth no line. */
export function changeNote(
  before: ConnectionState['kind'],
  state: ConnectionState,
  t: Translate,
): string | undefined {
  if (state.kind === 'connected' && (before === 'waiting' || before === 'connecting')) {
    const { kind, label } = state.port;
    return kind === 'simulated' ? t('{0} switched on', label) : t('{0} connected', label);
  }
  if (state.kind === 'waiting' && before !== 'waiting') return inWords(state.reason, t);
  if (state.kind === 'idle' && before === 'connected' && !state.problem) return t('Disconnected');
  return undefined;
}
