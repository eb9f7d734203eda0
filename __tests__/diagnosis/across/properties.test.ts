import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { readApplication } from '../../../src/diagnosis/application.ts';
import { wordsIn } from '../../../src/diagnosis/application-words.ts';
import { diagnose } from '../../../src/diagnosis/diagnose.ts';
import { type Evidence, SURFACES } from '../../../src/diagnosis/diagnosis.ts';
import { costOf } from '../../support/cost.ts';

const collected: readonly (Evidence & { readonly cause: string })[] = JSON.parse(
  readFileSync('__tests__/fixtures/failures.json', 'utf8'),
);
const message = fc.constantFrom(...collected);
const surface = fc.constantFrom(...SURFACES);

test('no text and no context makes it throw, or leaves cause or remedy empty', () => {
  const words = fc.constantFrom(
    ...collected.flatMap(({ text }) => text.split(/[ :]/)).filter((word) => word.length > 3),
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.array(words, { maxLength: 30 }).map((list) => list.join(' ')),
    fc.tuple(message, fc.nat()).map(([{ text: whole }, cut]) => whole.slice(0, cut % (whole.length + 1))),
  );
  fc.assert(
    fc.property(surface, text, fc.dictionary(fc.string(), fc.jsonValue()), (where, said, context) => {
      const found = diagnose({ surface: where, text: said, context });
      expect(found.cause.length).toBeGreaterThan(0);
      expect(found.remedy.length).toBeGreaterThan(0);
      expect(`${found.cause} ${found.remedy}`).not.toMatch(/undefined|\[object/);
    }),
    { numRuns: 500 },
  );
});

test('account, digest, task id, time and quotes may be others without changing the cause', () => {
  const hex = (length: number) =>
    fc
      .array(fc.constantFrom(...'0123456789abcdef'), { minLength: length, maxLength: length })
      .map((list) => list.join(''));
  const account = fc
    .array(fc.constantFrom(...'0123456789'), { minLength: 12, maxLength: 12 })
    .map((list) => list.join(''));
  fc.assert(
    fc.property(message, account, hex(64), hex(32), (one, id, digest, task) => {
      const text = one.text
        .replaceAll(/\b\d{12}\b/g, id)
        .replaceAll(/sha256:[0-9a-f]{16,64}/g, `sha256:${digest}`)
        .replaceAll(/\b[0-9a-f]{32}\b/g, task)
        .replaceAll(/retried \d+ time/g, 'retried 4 time');
      expect(diagnose({ ...one, text }).rule).toBe(one.cause);
    }),
    { numRuns: 300 },
  );
});

test('Region and partition may be others without changing the cause, and the remedy follows', () => {
  const regions = fc.constantFrom(
    ['eu-central-1', 'amazonaws.com', 'aws'],
    ['ap-southeast-5', 'amazonaws.com', 'aws'],
    ['mx-central-1', 'amazonaws.com', 'aws'],
    ['us-gov-west-1', 'amazonaws.com', 'aws-us-gov'],
    ['cn-northwest-1', 'amazonaws.com.cn', 'aws-cn'],
  );
  const ANY = /\b(?:us|eu|ap|ca)-(?:north|south|east|west|central)(?:east|west)?-\d\b/;
  fc.assert(
    fc.property(message, regions, (one, [region = '', domain = '', partition = '']) => {
      const text = one.text
        .replaceAll(new RegExp(ANY, 'g'), region)
        .replaceAll('amazonaws.com', domain)
        .replaceAll('arn:aws:', `arn:${partition}:`);
      const found = diagnose({ ...one, text });
      expect(found.rule).toBe(one.cause);
      if (/com\.amazonaws\.\w/.test(found.remedy) && ANY.test(one.text)) expect(found.remedy).toContain(region);
    }),
    { numRuns: 300 },
  );
});

test('what other tools put around a message does not hide its cause', () => {
  const around = fc.constantFrom(
    (text: string) => `Task stopped at: 2026-11-20T09:14:18.466Z\n${text}`,
    (text: string) => `\u001b[31m${text}\u001b[0m`,
    (text: string) => text.replaceAll("'", '\u2019'),
    (text: string) => `  ${text}\r\n`,
  );
  const tasks = fc.constantFrom(
    ...collected.filter(
      ({ surface: where, cause }) => where === 'task.stoppedReason' && cause !== 'task-start-failed-unknown',
    ),
  );
  fc.assert(
    fc.property(tasks, around, (one, wrap) => {
      fc.pre(one.context.stopCode !== 'UserInitiated');
      expect(diagnose({ ...one, text: wrap(one.text) }).rule).toBe(one.cause);
    }),
    { numRuns: 300 },
  );
});

test('a long and hostile message takes no longer than a short one by its length', () => {
  const hostile = [
    'a',
    ' ',
    '/',
    'a/',
    'a.b:',
    "'",
    '"',
    'not found ',
    'failed to resolve ref ',
    'CannotPullContainerError: ',
    'not authorized to perform: ecr:',
    'unable to place a task. Reason: ',
    'failed to solve: a/b:c: ',
    'exec: "',
    'dial tcp ',
    'EFS secret log group ',
    '\n#1 ERROR: ',
    'arn:aws:iam::1:role/',
    'x86_64-unknown-linux-gnu-',
  ];
  for (const piece of hostile) {
    for (const where of SURFACES) {
      const text = piece.repeat(Math.ceil(200_000 / piece.length));
      const explain = () => void diagnose({ surface: where, text, context: {} });
      const slow = costOf(explain, 1) > 500 && costOf(explain) > 500;
      expect({ piece, where, slow }).toEqual({ piece, where, slow: false });
    }
  }
});

/** Names that are words of failures, of parts of ECS or of other causes. */
const ODD_NAMES = [
  ...[
    'firelens-app',
    'env-file',
    'efs-web',
    'access-denied',
    'eni-service',
    'secret-store',
    'not-found',
    'timeout-api',
  ],
  ...['throttled', 'no-space-left', 'rate-exceeded', 'x509', 'alarm-detected', 'circuit-breaker', 'exec-format-error'],
  ...['spot-interruption', 'out-of-memory', 'connection-refused', 'insufficient-cpu', 'health-check', 'steady-state'],
  ...['pull-rate-limit', 'push', 'cache', 'gha', 'kms', 'no-basic-auth', 'awslogs', 'service-connect', 'fargate'],
];
const renamed = (text: string, name: string): string =>
  text
    .replaceAll(/\(service (?!registry)[^)\s,]+/g, `(service ${name}`)
    .replaceAll(/(\.dkr\.ecr[\w.-]+\/)(?!v2\/)[\w-]+(?=[:@ "])/g, `$1${name}`)
    .replaceAll(/(\.dkr\.ecr[\w.-]+\/v2\/)[\w-]+(?=\/(?:manifests|blobs))/g, `$1${name}`)
    .replaceAll(/(repository with name ')[\w-]+(?=')/g, `$1${name}`)
    .replaceAll(/((?:docker\.io|ghcr\.io|quay\.io)\/[\w-]+\/)[\w-]+(?=[:@ "])/g, `$1${name}`)
    .replaceAll(/(container \[?)[\w-]+(?=\])/g, `$1${name}`)
    .replaceAll(
      /(:(?:role|targetgroup|repository|secret|parameter|cluster|service|log-group|function|task-definition)[/:])[\w-]+/g,
      `$1${name}`,
    );

test('names that users gave (services, repositories, roles, secrets) decide no cause, and are shown as they are', () => {
  const wrong = collected.flatMap((one) =>
    ODD_NAMES.flatMap((name) => {
      const text = renamed(one.text, name);
      const { rule, cause, remedy } = diagnose({ ...one, text });
      return rule === one.cause && !/\bzq[a-z]\b/.test(`${cause} ${remedy}`)
        ? []
        : [`${one.cause} as ${rule}: ${text}`];
    }),
  );
  expect(wrong).toEqual([]);
});

interface Printed extends Evidence {
  readonly context: Evidence['context'];
}
const printed: readonly Printed[] = JSON.parse(readFileSync('__tests__/fixtures/strict-messages.json', 'utf8')).filter(
  ({ surface: where }: Evidence) => where === 'container.log',
);
const ODD_PARTS = ['access-denied', 'timeout', 'not-found', 'connection-refused', 'certificate', 'migration', 'memory'];

test('hosts and paths of an application decide no class', () => {
  const wrong = printed.flatMap(({ text }) => {
    const before = readApplication(text);
    const { host = '', path = '' } = before ? wordsIn(before.line) : {};
    const hasHost = /[a-z]/i.test(host) && !/localhost|amazonaws/.test(host);
    const hasPath = /^\/(?:app|srv|data|config|home|opt)\//.test(path);
    return ODD_PARTS.flatMap((part) => {
      const other = (hasPath ? text.replaceAll(path, `/app/${part}/data.txt`) : text).replaceAll(
        hasHost ? host : '\0',
        `${part}.prod.internal`,
      );
      const after = readApplication(other);
      return other === text || after?.kind === before?.kind ? [] : [`${before?.kind} as ${after?.kind}: ${other}`];
    });
  });
  expect(wrong).toEqual([]);
});

test('no word of a sentence is taken for a name, wherever a name could stand', () => {
  const words = ['image', 'rate', 'the', 'cpu', 'memory', 'not', 'manifest', 'task', 'request', 'for', 'is', 'which'];
  const sentences = (word: string): readonly (readonly [Evidence['surface'], string])[] => [
    ['task.stoppedReason', `CannotPullContainerError: failed to resolve ref ${word}: not found`],
    ['task.stoppedReason', `CannotPullContainerError: manifest for ${word} not found`],
    ['container.reason', `CannotPullContainerError: pull access denied for ${word}, repository does not exist`],
    ['container.reason', `CannotPullContainerError: pull ${word} limit: i/o timeout`],
    ['container.reason', `CannotCreateContainerError: unable to find user ${word} no matching entries in passwd file`],
    ['api.ecs', `InvalidParameterException: The container ${word} does not exist in the task definition.`],
    ['api.ecs', `ClientException: Invalid 'memory' setting for container '${word}'.`],
    ['buildx.stderr', `ERROR: failed to solve: ${word}: failed to resolve source metadata for ${word}: not found`],
    ['buildx.stderr', `ERROR: failed to push ${word}: denied: requested access to the resource is denied`],
  ];
  for (const word of words) {
    for (const [where, text] of sentences(word)) {
      const { cause } = diagnose({ surface: where, text, context: {} });
      const own = cause.replaceAll(text, '');
      expect(own).not.toMatch(new RegExp(`\\b(?:image|container|user) ${word.replace(':', '\\:?')}(?![\\w/:@-])`));
    }
  }
});
