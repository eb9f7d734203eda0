import fc from 'fast-check';
import type { JsonObject } from '../../../src/model.ts';
import { judge } from '../../../src/preflight/judge.ts';
import { neededResources } from '../../../src/preflight/needed.ts';
import { type Change, denied, goodAnswers, lines, subject, WHOLE } from '../made.ts';

const json = fc.jsonValue({ maxDepth: 2 });
/** A definition with anything at all where a reference, a port or a size should be. */
const invalid = fc
  .record(
    {
      image: json,
      secrets: json,
      environmentFiles: json,
      logConfiguration: json,
      portMappings: json,
      resourceRequirements: json,
      cpu: json,
      memory: json,
    },
    { requiredKeys: [] },
  )
  .chain((container) =>
    fc.record(
      {
        containerDefinitions: fc.constant([{ name: 'app', ...container }]),
        volumes: json,
        taskRoleArn: json,
        executionRoleArn: json,
        networkMode: fc.constantFrom('awsvpc', 'bridge', 'host', 'none'),
        runtimePlatform: json,
        cpu: json,
        memory: json,
      },
      { requiredKeys: ['containerDefinitions'] },
    ),
  );
const placed = fc.constantFrom<Change>(
  {},
  { service: { launchType: 'EC2' }, subject: { fargate: false } },
  { service: { launchType: 'EC2', capacityProviders: ['spot'] }, subject: { fargate: false } },
);

test('whatever a definition says, it is judged in whole sentences', () => {
  fc.assert(
    fc.property(invalid, placed, (definition, change) => {
      for (const { text } of lines({ ...change, definition })) expect(text).toMatch(/^[^:]+:? .*[.?)]$/s);
    }),
  );
});

test('where nothing may be looked at, nothing that would have to be looked at is bad', () => {
  const asked = new Set(lines().map(({ subject: about }) => about));
  fc.assert(
    fc.property(placed, (change) => {
      const about = subject({ ...change, definition: WHOLE });
      const wanted = neededResources(about);
      const answers = goodAnswers(wanted);
      const no = denied('a:Right');
      const none = (map: ReadonlyMap<string, unknown>) => new Map([...map.keys()].map((key) => [key, no]));
      const hidden = Object.fromEntries(
        Object.entries(answers).map(([name, value]) => [name, value instanceof Map ? none(value) : value && no]),
      ) as unknown as typeof answers;
      const checks = judge(about, wanted, hidden);
      expect(checks.filter(({ status }) => status === 'bad')).toEqual([]);
      expect(asked.size).toBeGreaterThan(checks.filter(({ status }) => status === 'skip').length);
    }),
  );
});

test('no value of the environment is ever in a line', () => {
  fc.assert(
    fc.property(
      fc.dictionary(
        fc.string(),
        fc.string({ minLength: 3 }).map((text) => `v4lue-${text}`),
      ),
      (values) => {
        const environment = Object.entries(values).map(([name, value]) => ({ name, value }));
        const [app] = WHOLE.containerDefinitions;
        const options = { ...app?.logConfiguration.options, 'splunk-token': 'v4lue-token' };
        const definition: JsonObject = {
          ...WHOLE,
          containerDefinitions: [
            { ...app, name: 'app', environment, logConfiguration: { logDriver: 'awslogs', options } },
          ],
        } as unknown as JsonObject;
        expect(JSON.stringify(lines({ definition }))).not.toContain('v4lue-');
      },
    ),
  );
});
