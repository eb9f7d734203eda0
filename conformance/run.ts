/** Runs rows at an endpoint and writes down what came back. */
import { type Clients, type Endpoint, PreparationFailed, Scope } from './account.ts';
import { type Json, Normaliser } from './normalise.ts';
import { describe, mismatch } from './pattern.ts';
import type { CallRow, Documented, Row } from './row.ts';
import { missingIn } from './stack.ts';

/** One row's part of a recording. */
export interface Recorded {
  readonly rule: string;
  readonly page: string;
  readonly operation?: string;
  /** `as documented`, or where the answer differs. Absent where there was no answer to judge. */
  readonly verdict?: string;
  /** Why the row was not run to its end: something it needs is missing, or the endpoint does not have an operation. */
  readonly skipped?: string;
  readonly request?: Json;
  readonly answer?: Json;
}

export interface Recording {
  readonly format: 1;
  readonly endpoint: string;
  readonly recordedAt: string;
  readonly rows: Readonly<Record<string, Recorded>>;
}

export const AS_DOCUMENTED = 'as documented';

export interface RunOptions {
  readonly endpoint: Endpoint;
  readonly clients: Clients;
  readonly prefix: string;
  readonly rows: readonly Row[];
  /** Rows at the same time. */
  readonly parallel: number;
  readonly signal: AbortSignal;
  readonly report: (id: string, recorded: Recorded) => void;
  /** What could not be removed. */
  readonly onLeft: (what: string) => void;
}

/** @returns what was recorded by the id of the row, also when the run was cancelled */
export async function runRows(options: RunOptions): Promise<Readonly<Record<string, Recorded>>> {
  const recorded = new Map<string, Recorded>();
  const left = [...options.rows];
  const work = async (): Promise<void> => {
    for (let row = left.shift(); row !== undefined && !options.signal.aborted; row = left.shift()) {
      const result = await record(row, options);
      if (result === undefined) continue;
      recorded.set(row.id, result);
      options.report(row.id, result);
    }
  };
  await Promise.all(Array.from({ length: options.parallel }, work));
  // In the order of the list, however they ended.
  return Object.fromEntries(
    options.rows.flatMap(({ id }) => (recorded.has(id) ? [[id, recorded.get(id) as Recorded]] : [])),
  );
}

/** AWS allows letters, digits and hyphens everywhere, and no capital letters in repositories. */
const nameOf = (prefix: string, id: string): string => `${prefix}-${id.replaceAll(/[^a-z0-9]+/g, '-')}`;

async function record(
  row: Row,
  { endpoint, clients, prefix, signal, onLeft }: RunOptions,
): Promise<Recorded | undefined> {
  const { rule, page } = row;
  const common = { rule, page, ...(row.kind === 'call' ? { operation: row.operation } : {}) };
  const missing = missingIn(endpoint.stack, row.needs);
  if (missing !== undefined) return { ...common, skipped: missing };
  const scope = new Scope(clients, { endpoint, name: nameOf(prefix, row.id), signal });
  const { region, stack } = endpoint;
  const normaliser = new Normaliser({ region, prefix, names: namesOf(stack) });
  try {
    if (row.kind === 'rollout') {
      const { request, facts } = await row.run(scope);
      const answer = normaliser.value(facts);
      return {
        ...common,
        verdict: mismatch(row.documented, answer) ?? AS_DOCUMENTED,
        request: normaliser.value(request),
        answer,
      };
    }
    return { ...common, ...(await recordCall(row, scope, normaliser)) };
  } catch (thrown) {
    if (signal.aborted) return undefined;
    if (thrown instanceof PreparationFailed)
      return { ...common, skipped: normaliser.text(`not prepared: ${thrown.message}`) };
    throw thrown;
  } finally {
    for (const what of await scope.clean()) onLeft(what);
  }
}

async function recordCall(
  row: CallRow,
  scope: Scope,
  normaliser: Normaliser,
): Promise<Omit<Recorded, 'rule' | 'page'>> {
  const { request, answer } = await row.run(scope);
  const asked = normaliser.value(request);
  switch (answer.kind) {
    case 'not implemented':
      return { request: asked, skipped: `not implemented by the endpoint: ${row.operation}` };
    case 'no answer':
      return { request: asked, verdict: `no answer: ${normaliser.text(answer.message)}` };
    case 'refused': {
      const { name, message, status } = answer;
      const refusal = { name, status, message: normaliser.text(message) };
      return { request: asked, answer: { refused: refusal }, verdict: judgeRefusal(row.documented, refusal) };
    }
    case 'ok': {
      const output = without(normaliser.value(answer.output), row.leftOut);
      const { documented } = row;
      const verdict =
        'ok' in documented
          ? mismatch(documented.ok, output)
          : `accepted, documented: refused with ${names(documented)}`;
      return { request: asked, answer: { ok: output }, verdict: verdict ?? AS_DOCUMENTED };
    }
  }
}

const names = ({ refused }: Extract<Documented, { refused: unknown }>): string => [refused].flat().join(' or ');

function judgeRefusal(
  documented: Documented,
  { name, message }: { readonly name: string; readonly message: string },
): string {
  if ('ok' in documented) return `refused with ${name} (${message}), documented: accepted, ${describe(documented.ok)}`;
  if (![documented.refused].flat().includes(name))
    return `refused with ${name} (${message}), documented: ${names(documented)}`;
  if (documented.words && !documented.words.test(message))
    return `the message is "${message}", documented: ${documented.words}`;
  return AS_DOCUMENTED;
}

/** Outputs of the stack as texts to replace; of a list, each of its parts. */
function namesOf(stack: Endpoint['stack']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(stack).flatMap(([need, value]) => {
      const parts = value.split(',');
      return need !== 'Subnets' ? [[need, value]] : parts.map((part, i) => [`${need} ${i + 1}`, part]);
    }),
  );
}

/** @param paths `service.events`, or `services.events` for each item of a list */
function without(value: Json, paths: readonly string[]): Json {
  return paths.reduce<Json>((rest, path) => drop(rest, path.split('.')), value);
}
function drop(value: Json, [member = '', ...below]: readonly string[]): Json {
  if (Array.isArray(value)) return value.map((one) => drop(one, [member, ...below]));
  if (typeof value !== 'object' || value === null || !(member in value)) return value;
  const { [member]: inner, ...rest } = value as Record<string, Json>;
  return below.length === 0 ? rest : { ...rest, [member]: drop(inner ?? null, below) };
}
