import { diagnose } from '../../src/diagnosis/diagnose.ts';
import type { Surface } from '../../src/diagnosis/diagnosis.ts';
import { RULES } from '../../src/diagnosis/rules.ts';

test.each(RULES.map((rule) => [rule.id, rule] as const))('the example of %s finds its own row', (id, rule) => {
  const surface: Surface = rule.surfaces?.[0] ?? 'task.stoppedReason';
  const found = diagnose({ surface, text: rule.example, context: {} });
  expect(found.rule).toBe(id);
  expect(found.cause).not.toMatch(/undefined/);
  expect(found.remedy).not.toBe('');
});

test('what nobody knows is shown as it is', () => {
  expect(diagnose({ surface: 'task.stoppedReason', text: 'Something new', context: {} })).toMatchObject({
    rule: 'unknown',
    cause: 'Something new',
  });
});
