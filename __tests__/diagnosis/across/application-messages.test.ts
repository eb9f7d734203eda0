import { readFileSync } from 'node:fs';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';

interface Printed {
  readonly text: string;
  /** How cause and remedy begin: read by a person against what the message means. */
  readonly cause: string;
  readonly remedy: string;
}

/** Logs as applications, servers and tools print them, each with the cause and the remedy that mends it. */
const printed: readonly Printed[] = JSON.parse(readFileSync('__tests__/fixtures/application-messages.json', 'utf8'));

test('there are messages of all kinds of producers', () => expect(printed.length).toBeGreaterThan(100));

test.each(printed.map((one) => [one.text.slice(-90), one] as const))('...%s', (_, { text, cause, remedy }) => {
  const found = diagnose({ surface: 'container.log', text, context: {} });
  expect(found).toMatchObject({
    cause: expect.stringContaining(cause) as string,
    remedy: expect.stringContaining(remedy) as string,
    severity: 'failure',
  });
  expect(`${found.cause} ${found.remedy}`).not.toMatch(/undefined container|\{\w*[|}]|\[object/);
});
