import type { JsonObject } from '../../src/model.ts';
import type { Report } from '../../src/taskdef/schema.ts';

/** What a check reports, each as `subject: problem remedy`. */
export function reported(check: (report: Report) => void): string[] {
  const reports: string[] = [];
  check((subject, problem, remedy) => void reports.push(`${subject}: ${problem}${remedy ? ` ${remedy}` : ''}`));
  return reports;
}

/** A task of these containers, which have a name, an image and memory. */
export const task = (containers: readonly JsonObject[], more: JsonObject = {}): JsonObject => ({
  family: 'web',
  containerDefinitions: containers.map((container, i) => ({
    name: ['app', 'side', 'log'][i] ?? '',
    image: 'nginx:1',
    memory: 64,
    ...container,
  })),
  ...more,
});
