/**
 * `npm run -s diagnose -- FILE.json`: an array of {id, surface, text, context}, each explained in one JSON line, in
 * order: {id, rule, severity, transient, cause, remedy}. Other fields are not read.
 */
import { readFileSync } from 'node:fs';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import { type Evidence, SURFACES, type Surface } from '../src/diagnosis/diagnosis.ts';

class Unreadable extends Error {}

interface Message extends Evidence {
  readonly id: unknown;
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const reasonOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));

function read(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (thrown) {
    throw new Unreadable(`${file} cannot be read: ${reasonOf(thrown)}`);
  }
  try {
    return JSON.parse(text);
  } catch (thrown) {
    throw new Unreadable(`${file} is not JSON: ${reasonOf(thrown)}`);
  }
}

/** A surface that the table does not know is read as the nearest that it does: another service's API, another builder. */
function nearest(surface: string): Surface {
  const known = SURFACES.find((name) => name === surface);
  if (known) return known;
  return surface.startsWith('api') ? 'api.ecs' : /build|docker/i.test(surface) ? 'buildx.stderr' : 'task.stoppedReason';
}

function messagesOf(parsed: unknown, file: string): Message[] {
  if (!Array.isArray(parsed)) throw new Unreadable(`${file} is not an array of {id, surface, text, context}.`);
  const mistakes: string[] = [];
  const messages = parsed.map((entry: unknown, i): Message => {
    const { id, surface, text, context } = isRecord(entry) ? entry : {};
    const where = `[${i}]${id === undefined ? '' : ` (${String(id)})`}`;
    if (!isRecord(entry)) mistakes.push(`${where} is not an object.`);
    else if (typeof text !== 'string') mistakes.push(`${where}.text is not a string.`);
    else if (typeof surface !== 'string') mistakes.push(`${where}.surface is not a string.`);
    return {
      id: id ?? i,
      surface: nearest(String(surface)),
      text: typeof text === 'string' ? text : '',
      context: isRecord(context) ? context : {},
    };
  });
  if (mistakes.length > 0) throw new Unreadable([`${file} cannot be used:`, ...mistakes.slice(0, 20)].join('\n  '));
  return messages;
}

const [file] = process.argv.slice(2);
try {
  if (file === undefined) throw new Unreadable('Usage: npm run -s diagnose -- FILE.json');
  const lines = messagesOf(read(file), file).map(({ id, ...evidence }) => {
    const { rule, severity, transient, cause, remedy } = diagnose(evidence);
    return `${JSON.stringify({ id, rule, severity, transient, cause, remedy })}\n`;
  });
  process.stdout.write(lines.join(''));
} catch (thrown) {
  if (!(thrown instanceof Unreadable)) throw thrown;
  console.error(thrown.message);
  process.exitCode = 2;
}
