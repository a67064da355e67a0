import { dispatch } from './shared/messages/protocol.ts';
import type { Handlers, Message } from './shared/messages/protocol.ts';

interface VsCodeApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}
declare function acquireVsCodeApi(): VsCodeApi;

/** A page's connection to its host. `State` survives hiding the view, and reloading the window where the host restores the view. */
export interface Page<ToHost extends Message, State> {
  post(message: ToHost): void;
  readonly state: State | undefined;
  saveState(state: State): void;
}

/** Connects the page: handles what the host sends. Call once, then `post({ type: 'ready' })`. */
export function connect<ToPage extends Message, ToHost extends Message, State = undefined>(
  handlers: Handlers<ToPage>,
): Page<ToHost, State> {
  const api = acquireVsCodeApi();
  window.addEventListener('message', (event) => dispatch(handlers, event.data));
  return {
    post: (message) => api.postMessage(message),
    get state() {
      return api.getState() as State | undefined;
    },
    saveState: (state) => api.setState(state),
  };
}
