/**
 * `npm run -s diagnose -- FILE.json`: an array of {id, surface, text, context}, each explained in one JSON line, in
 * order: {id, rule, severity, transient, cause, remedy}.
 */
import { readFileSync } from 'node:fs';
import { diagnose } from '../src/diagnosis/diagnose.ts';
import type { Evidence } from '../src/diagnosis/diagnosis.ts';

const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('Usage: npm run -s diagnose -- FILE.json');
  process.exit(2);
}
const messages: readonly (Evidence & { readonly id: string })[] = JSON.parse(readFileSync(file, 'utf8'));
for (const { id, surface, text, context = {} } of messages) {
  const { rule, severity, transient, cause, remedy } = diagnose({ surface, text, context });
  console.log(JSON.stringify({ id, rule, severity, transient, cause, remedy }));
}
