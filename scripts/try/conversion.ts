/** The steps of this action as they would be written into a workflow that has the official actions or the AWS CLI. */
import { readFileSync } from 'node:fs';
import { relative } from 'node:path';
import { parse, stringify } from 'yaml';
import { NEEDS_ENVIRONMENT } from '../workflow/official.ts';
import type { ActionStep, Conversion } from '../workflow/steps.ts';

type Texts = Readonly<Record<string, string>>;
interface Written {
  readonly id: string | undefined;
  readonly condition?: string | undefined;
  readonly with: Texts;
}

const USES = 'OWNER/ecs-rollout@v1';
const NUMBERS = ['no', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];

/**
 * Every job that deploys, with the steps that take the place of its own, and what the rest of the workflow has to change for them.
 * @param file as the user named it: jobs that only build are read from it
 * @param steps of `migratedStepsIn`; lines of a called file are named with it, from the root
 */
export function conversionLines(
  file: string,
  { steps, root }: { readonly steps: readonly ActionStep[]; readonly root: string },
): string[] {
  const deploying = steps.filter(({ conversion }) => conversion !== undefined);
  const jobs = [...Map.groupBy(deploying, ({ job }) => job)];
  const built = deploying.length === 0 ? [] : buildJobs(file, new Set(jobs.map(([job]) => job)));
  return [
    ...jobs.flatMap(([job, own]) => {
      const [called] = own.map(({ workflow }) => workflow.file).filter((one) => one !== file);
      const place = called === undefined ? '' : ` of ${relative(root, called)}`;
      return jobLines(own, `${place}${jobs.length > 1 ? `, job ${job}` : ''}`);
    }),
    ...built.map(
      (job) => `  The job ${job} builds and does not deploy: it stays as it is, and so does the role that it uses.`,
    ),
  ];
}

function jobLines(steps: readonly ActionStep[], where: string): string[] {
  const lines = [...new Set(steps.flatMap(({ replaces = [] }) => replaces))].sort((a, b) => a - b);
  const { text, count } = yamlOf(steps);
  const [take, them] = count > 1 ? [`These ${NUMBERS[count] ?? count} steps take`, 'them'] : ['This step takes', 'it'];
  const of = lines.length > 1 ? 'the steps in lines' : 'the step in line';
  const keeps = unique(steps.flatMap(({ keeps: kept = [] }) => kept.map(({ line, why }) => `${line}: ${why}`)));
  const conversions = steps.flatMap(({ conversion }) => conversion ?? []);
  const between = conversions.some((one) => one.build !== undefined && one.between.length > 0);
  const services = steps.filter((step) => !runsTask(step));
  return [
    `  The workflow does not use this action yet. ${take} the place of ${of} ${lines.join(', ')}${where}; read ${them} before you use ${them}:`,
    ...text.map((line) => `      ${line}`),
    '  OWNER is the account that has your copy of this action (README.md, Install).',
    ...unique(services.flatMap(behaviourLines)),
    ...unique(steps.flatMap((step) => keysLine(step))),
    ...unique(steps.flatMap((step) => [step.with, step.conversion?.build?.with ?? {}].flatMap(secretArguments))),
    ...(between
      ? [
          '  The image is built by a step of its own, because other steps run between the build and the deployment: docs/images.md#build-now-deploy-later',
        ]
      : []),
    ...keeps.map((kept) => `  Keep the step in line ${kept.replace(':', ` before ${them}:`)}.`),
    ...unique(
      conversions.flatMap((one) =>
        one.rest.flatMap(({ line, commands = [] }) =>
          commands.map(
            (command) => `  The script in line ${line} also runs \`${command}\`: keep it in a step of its own.`,
          ),
        ),
      ),
    ),
    ...unique(
      conversions.flatMap((one) =>
        one.uses.map(({ line, written, instead }) =>
          instead === undefined
            ? `  Line ${line} uses ${written}, for which the new step has no output: set it in a step of your own.`
            : `  Line ${line} uses ${written}: write ${instead}.`,
        ),
      ),
    ),
    ...unique(
      conversions.flatMap(({ losses }) =>
        losses.map(({ line, input, why }) =>
          `  The new step does not have \`${input}\` of the step in line ${line}. ${why}`.trimEnd(),
        ),
      ),
    ),
    ...unique(steps.flatMap(emptyImageLine)),
    ...unique(conversions.flatMap(({ variables }) => variables.map(variableLine))),
    ...unique(steps.flatMap(rollbackLine)),
    ...unique(
      conversions.flatMap(({ edits }) =>
        edits.map(
          ({ line, fields }) =>
            `  The script in line ${line} also sets ${fields.map((field) => `\`${field}\``).join(', ')} in the task definition, which the new step does not: write it in the template, or give it with ${fields.map((field) => `\`${INPUT_OF[field] ?? 'task-definition'}\``).join(', ')}.`,
        ),
      ),
    ),
    ...(services.length > 1
      ? [
          `  These ${services.length} deployments can be one step with \`services\`, in an order that \`after\` sets: docs/several-services.md`,
        ]
      : []),
    ...(services.length > 0 && services.length < steps.length
      ? ['  The task can be part of the deployment, as its `pre-deploy` or `post-deploy`: docs/tasks.md']
      : []),
  ];
}

/** What the steps before did not do. */
function behaviourLines({ with: inputs }: ActionStep): string[] {
  if (inputs.mode !== undefined || !inputs.service) return [];
  const isOfImage = inputs.image !== undefined || inputs.images !== undefined || inputs.repository !== undefined;
  const hasDefinition = Object.keys(inputs).some((name) => name.startsWith('task-definition'));
  return [
    ...(inputs['wait-for-service-stability'] === 'false'
      ? []
      : [
          '  It waits until the deployment is done and rolls back one that fails; `wait-for-service-stability: false` and `rollback-on-failure: false` turn that off: docs/migrating.md#what-behaves-differently-on-purpose',
        ]),
    ...(isOfImage && !hasDefinition
      ? [
          '  It registers a revision that names the image by its digest, and does not start the same revision again: its role needs ecs:RegisterTaskDefinition and iam:PassRole as well (npm run -s policy -- FILE).',
        ]
      : []),
  ];
}

/** An empty `image` is like none: the official actions stop there. */
const emptyImageLine = ({ conversion, line }: ActionStep): string[] =>
  conversion?.mayBeEmpty === undefined || conversion.build === undefined
    ? []
    : [
        `  Where \`${conversion.mayBeEmpty}\` is false, nothing is built and steps.${conversion.build.id}.outputs.image is empty, which stopped the deployment in line ${line}. Give that step the same \`if\`, or write the name of an image that exists; \`image: commit\` with \`repository\` finds that of the commit (docs/images.md).`,
      ];

/** Access keys of a user are not needed where GitHub's own token can be exchanged for a role. */
const keysLine = ({ with: inputs, keeps = [] }: ActionStep): string[] =>
  inputs['role-to-assume'] !== undefined || !keeps.some(({ why }) => why === NEEDS_ENVIRONMENT)
    ? []
    : [
        '  With a role in place of access keys no such step is needed: `role-to-assume: arn:aws:iam::ACCOUNT:role/NAME` here, `permissions: { id-token: write, contents: read }` in the job; npm run -s policy -- FILE --trust prints the trust policy of the role.',
      ];

/** Inputs for fields of a container. */
const INPUT_OF: Texts = {
  environment: 'environment-variables',
  secrets: 'secrets',
  command: 'command',
  cpu: 'cpu',
  memory: 'memory',
  dockerLabels: 'docker-labels',
};

/** A script that computes the revision is most often one that goes back. */
const rollbackLine = ({ with: inputs, conversion }: ActionStep): string[] =>
  conversion?.variables.some(({ name }) => inputs['task-definition-arn']?.includes(`env.${name} `))
    ? [
        '  A rollback finds its revision itself: `mode: rollback` in place of `task-definition-arn` (docs/rollback-on-call.md).',
      ]
    : [];

function variableLine({ line, name, words }: Conversion['variables'][number]): string {
  const own = `  env.${name} is a variable of the script in line ${line} alone, so the new step does not have it`;
  return words === undefined
    ? `${own}: write its value there.`
    : `${own}: the script deploys once for each of \`${words}\`. Write an entry of \`services\` for each: docs/several-services.md`;
}

/** A build argument is part of the image's history, which everybody who may pull the image can read. */
const secretArguments = ({ 'build-args': text = '' }: Texts): string[] =>
  text.split('\n').flatMap((line) => {
    const [, name, value] = /^\s*(\w+)=(.*\bsecrets\..*)$/.exec(line) ?? [];
    return name === undefined || value === undefined
      ? []
      : [
          `  The build argument ${name} is a secret, which stays in the image's history: write \`build-secrets: ${name}=${value}\`, and in the Dockerfile \`RUN --mount=type=secret,id=${name},env=${name} ...\`.`,
        ];
  });

const unique = (lines: readonly string[]): string[] => [...new Set(lines)];

const runsTask = ({ with: inputs }: ActionStep): boolean =>
  inputs.mode === 'task' || (inputs.service === undefined && inputs['run-task'] !== undefined);

/** In the order in which they stand in the job; what stays between them is a comment in its place. */
function yamlOf(steps: readonly ActionStep[]): { readonly text: string[]; readonly count: number } {
  const text: string[] = [];
  const written = new Set<string>();
  let count = 0;
  const add = ({ id, condition, with: inputs }: Written): void => {
    count += 1;
    text.push(
      ...stringify(
        [
          {
            ...(id === undefined ? {} : { id }),
            ...(condition === undefined ? {} : { if: condition }),
            uses: USES,
            with: inputs,
          },
        ],
        { lineWidth: 0 },
      )
        .trimEnd()
        .split('\n'),
    );
  };
  const comment = (line: string): void => {
    if (!written.has(line)) text.push(line);
    written.add(line);
  };
  for (const { conversion, with: inputs } of steps) {
    const { build, between = [], id, condition } = conversion ?? {};
    if (build && !written.has(build.id)) {
      written.add(build.id);
      add(build);
    }
    for (const { line, title, commands, why } of between) {
      if (commands === undefined)
        comment(
          `# The step in line ${line} stays here: ${title.split('\n')[0]}${why === undefined ? '' : ` (${why})`}`,
        );
      for (const command of commands ?? [])
        comment(`# Of the script in line ${line} this stays here, in a step of its own: ${command}`);
    }
    add({ id, condition, with: inputs });
  }
  return { text, count };
}

/** Jobs of the file that build an image and deploy nothing. */
function buildJobs(file: string, deploying: ReadonlySet<string>): string[] {
  const { jobs = {} } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
    readonly jobs?: Readonly<Record<string, { readonly steps?: readonly { uses?: unknown; run?: unknown }[] }>>;
  };
  const builds = ({ uses, run }: { uses?: unknown; run?: unknown }): boolean =>
    /^docker\/(?:build-push|bake)-action@/i.test(String(uses ?? '')) ||
    /(?:^|[\s;&|])docker (?:buildx )?build\b/m.test(String(run ?? ''));
  return Object.entries(jobs).flatMap(([name, { steps = [] }]) =>
    !deploying.has(name) && Array.isArray(steps) && steps.some(builds) ? [name] : [],
  );
}
