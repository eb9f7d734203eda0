/**
 * Loaded before the bundle (`node --import`): its time is the simulator's virtual clock, so that a rollout of half an hour takes a
 * second and always reads the same. Timers fire when the process has nothing else to do: no request under way, no file being read.
 *
 * Date, Math.random, setTimeout and timers/promises are replaced; setInterval, setImmediate, AbortSignal.timeout and the timers inside of Node's own
 * HTTP client stay real, because they guard against what does not happen here.
 */
import { channel } from 'node:diagnostics_channel';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';

// An import reads every export, and one of them loads WebSockets: 0.1 s of CPU time in each process.
const http = process.getBuiltinModule('node:http');
/** Address of the simulator's clock. */
let control = '';
const CONTROL_HEADER = 'x-virtual-time';
/** So many turns of the event loop without work; what is chained through setImmediate takes a turn for each link. */
const QUIET_TURNS = 4;
/** A timer as short as this races with work (a request that leaves, a file that is read) and must lose, as far as there is any. */
const SHORT_MILLISECONDS = 100;
const QUIET_TURNS_BEFORE_SHORT = 12;
/** Work that the event loop waits for, as `process.getActiveResourcesInfo()` names it. */
const WORK = /^(FSReq|ProcessWrap|GetAddrInfoReq|TCPConnectWrap|ShutdownWrap|WriteWrap)/;

const real = { Date, setTimeout, clearTimeout, request: http.request };
const agent = new http.Agent({ keepAlive: false });
let now = 0;
let order = 0;
let requests = 0;
let pumping = false;

class VirtualTimeout {
  readonly order = order++;
  readonly act: () => void;
  readonly milliseconds: number;
  at: number;
  keepsAlive = true;

  constructor(act: () => void, milliseconds: number) {
    this.act = act;
    this.milliseconds = Number.isFinite(milliseconds) ? Math.max(1, milliseconds) : 1;
    this.at = now + this.milliseconds;
  }
  ref(): this {
    this.keepsAlive = true;
    pump();
    return this;
  }
  unref(): this {
    this.keepsAlive = false;
    return this;
  }
  hasRef(): boolean {
    return this.keepsAlive;
  }
  refresh(): this {
    this.at = now + this.milliseconds;
    return this;
  }
  close(): this {
    waiting.delete(this);
    return this;
  }
  [Symbol.toPrimitive](): number {
    return this.order;
  }
  [Symbol.dispose](): void {
    this.close();
  }
}
const waiting = new Set<VirtualTimeout>();

function virtualSetTimeout(act: (...args: unknown[]) => void, milliseconds = 1, ...args: unknown[]): VirtualTimeout {
  const timeout = new VirtualTimeout(() => act(...args), milliseconds);
  waiting.add(timeout);
  pump();
  return timeout;
}
function virtualClearTimeout(timeout: unknown): void {
  if (timeout instanceof VirtualTimeout) timeout.close();
  else real.clearTimeout(timeout as NodeJS.Timeout);
}
function promisedTimeout(
  milliseconds = 1,
  value?: unknown,
  { signal }: { signal?: AbortSignal } = {},
): Promise<unknown> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const timeout = virtualSetTimeout(() => resolve(value), milliseconds);
    signal?.addEventListener('abort', () => {
      timeout.close();
      reject(signal.reason);
    });
  });
}
Object.defineProperty(virtualSetTimeout, promisify.custom, { value: promisedTimeout });

const isBusy = (): boolean => requests > 0 || process.getActiveResourcesInfo().some((name) => WORK.test(name));

/** Looks whether there is still work, and moves time to the first timer when there is none. */
function pump(): void {
  if (pumping) return;
  pumping = true;
  let quiet = 0;
  const turn = (): void => {
    quiet = isBusy() ? 0 : quiet + 1;
    const isShort = (earliest()?.milliseconds ?? 0) < SHORT_MILLISECONDS;
    // Without a timer that keeps the process alive, it may end: nothing of ours is left to hold it.
    if (![...waiting].some(({ keepsAlive }) => keepsAlive)) pumping = false;
    else if (quiet < (isShort ? QUIET_TURNS_BEFORE_SHORT : QUIET_TURNS)) real.setTimeout(turn, 1);
    else
      void fireFirst().then(() => {
        pumping = false;
        if (waiting.size > 0) pump();
      });
  };
  real.setTimeout(turn, 1);
}

const earliest = (): VirtualTimeout | undefined => [...waiting].sort((a, b) => a.at - b.at || a.order - b.order)[0];

async function fireFirst(): Promise<void> {
  const first = earliest();
  if (!first) return;
  const answer = await ask(first.at);
  now = answer.now;
  if (answer.signal === 'SIGKILL') process.kill(process.pid, 'SIGKILL');
  // Given at once, in place of a real signal that would arrive at some later time.
  if (answer.signal === 'SIGINT' && !process.emit('SIGINT', 'SIGINT')) process.exit(130);
  if (!waiting.delete(first)) return;
  first.act();
}

/** Moves the simulator's clock, in milliseconds since the epoch; 0 only asks for it. */
function ask(until: number): Promise<{ readonly now: number; readonly signal?: 'SIGINT' | 'SIGKILL' }> {
  return new Promise((resolve, reject) => {
    const request = real.request(`${control}/?until=${until}`, { agent, headers: { [CONTROL_HEADER]: '1' } });
    request.on('error', reject);
    request.on('response', (response) => {
      let text = '';
      response.setEncoding('utf8').on('data', (part: string) => {
        text += part;
      });
      response.on('end', () => resolve(JSON.parse(text)));
    });
    request.end();
  });
}

channel('http.client.request.created').subscribe((message) => {
  const { request } = message as { request: ClientRequest };
  if (request.getHeader(CONTROL_HEADER)) return;
  requests += 1;
  request.once('close', () => {
    requests -= 1;
  });
});
// The simulator's answers carry the real date, from which the SDK would learn that its clock is wrong, and ask again.
channel('http.client.response.finish').subscribe((message) => {
  const { response } = message as { response: IncomingMessage };
  response.headers.date = new real.Date(now).toUTCString();
});
// fetch
channel('undici:request:create').subscribe(() => {
  requests += 1;
});
for (const end of ['undici:request:trailers', 'undici:request:error']) {
  channel(end).subscribe(() => {
    requests -= 1;
  });
}

/** A run begins: its time is that of the clock at this address, and no timer of an earlier run is left. */
export async function begin(address: string): Promise<void> {
  control = address;
  waiting.clear();
  order = 0;
  now = (await ask(0)).now;
}

/** Resolves once nothing is left that would keep a process alive: no work, and no timer but those that do not count. */
export async function idle(): Promise<void> {
  for (let quiet = 0; quiet < QUIET_TURNS; ) {
    await new Promise((resolve) => real.setTimeout(resolve, 1));
    quiet = isBusy() || [...waiting].some(({ keepsAlive }) => keepsAlive) ? 0 : quiet + 1;
  }
}

const { VIRTUAL_TIME } = process.env;
if (VIRTUAL_TIME) await begin(VIRTUAL_TIME);
Object.assign(globalThis, {
  Date: class extends real.Date {
    constructor(...args: [] | [number | string]) {
      if (args.length === 0) super(now);
      else super(...args);
    }
    static override now(): number {
      return now;
    }
  },
  setTimeout: virtualSetTimeout,
  clearTimeout: virtualClearTimeout,
});
// Jitter, which would move every poll.
Math.random = () => 0.5;
Object.assign(timers, { setTimeout: virtualSetTimeout, clearTimeout: virtualClearTimeout });
Object.assign(timersPromises, { setTimeout: promisedTimeout });
syncBuiltinESMExports();
// Programs that the action starts have their own time, which is the real one.
delete process.env.NODE_OPTIONS;
