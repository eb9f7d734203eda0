/**
 * The chain of seven published actions that this one replaces, run as the runner runs it, on the machine and in the run
 * in which this action is measured. The actions are never part of this repository: CONTRIBUTING.md says how to fetch
 * them. CHAIN names a folder with one folder per action, named as its repository.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';

/** One step of the chain: the action and its `with:`. Values may read the outputs of earlier steps. */
interface Step {
  readonly action: string;
  readonly inputs: (outputs: Outputs) => Readonly<Record<string, string>>;
}
/** By action, then by output. */
type Outputs = Readonly<Record<string, Readonly<Record<string, string>>>>;

export interface ChainJob {
  /** Folder of the fetched actions. */
  readonly actions: string;
  /** An empty folder for the runner's files and the checkout (task-definition.json, Dockerfile). */
  readonly folder: string;
  readonly env: Readonly<Record<string, string>>;
  readonly region: string;
  readonly platforms: string;
}

export interface ChainResult {
  /** Wall time of all steps and post steps, in milliseconds. */
  readonly milliseconds: number;
  readonly processes: number;
  /** Name of the step or post step and its wall time, in the order in which they ran. */
  readonly steps: readonly (readonly [name: string, milliseconds: number])[];
}

const STEPS = (job: ChainJob): readonly Step[] => [
  {
    action: 'configure-aws-credentials',
    inputs: () => ({
      'aws-region': job.region,
      'aws-access-key-id': 'BENCH',
      'aws-secret-access-key': 'bench',
    }),
  },
  { action: 'amazon-ecr-login', inputs: () => ({}) },
  { action: 'setup-qemu-action', inputs: () => ({ 'cache-image': 'false' }) },
  { action: 'setup-buildx-action', inputs: () => ({}) },
  {
    action: 'build-push-action',
    inputs: (outputs) => ({
      context: '.',
      push: 'true',
      platforms: job.platforms,
      tags: `${outputs['amazon-ecr-login']?.registry}/web:bench`,
    }),
  },
  {
    action: 'amazon-ecs-render-task-definition',
    inputs: (outputs) => ({
      'task-definition': 'task-definition.json',
      'container-name': 'app',
      image: `${outputs['amazon-ecr-login']?.registry}/web@${outputs['build-push-action']?.digest}`,
    }),
  },
  {
    action: 'amazon-ecs-deploy-task-definition',
    inputs: (outputs) => ({
      'task-definition': outputs['amazon-ecs-render-task-definition']?.['task-definition'] ?? '',
      service: 'web',
      cluster: 'default',
      'wait-for-service-stability': 'false',
    }),
  },
];

/**
 * Runs every step, then the post steps in reverse order.
 * @throws Error that names the step which failed, with what it printed
 */
export async function runChain(job: ChainJob): Promise<ChainResult> {
  const outputs: Record<string, Record<string, string>> = {};
  const posts: (() => Promise<void>)[] = [];
  const steps: (readonly [string, number])[] = [];
  let processes = 0;
  let exported: Record<string, string> = {};
  const start = performance.now();
  for (const { action, inputs } of STEPS(job)) {
    const root = join(job.actions, action);
    const { runs, inputs: declared = {} } = readAction(root);
    const defaults = Object.entries(declared).map(([name, { default: value }]) => [name, literal(value)]);
    const given = { ...Object.fromEntries(defaults), ...inputs(outputs) };
    const state = join(job.folder, `${action}.state`);
    const files = { GITHUB_OUTPUT: `${action}.output`, GITHUB_ENV: `${action}.env`, GITHUB_PATH: `${action}.path` };
    const env: Record<string, string> = {
      ...job.env,
      ...exported,
      ...Object.fromEntries(Object.entries(given).map(([name, value]) => [`INPUT_${name.toUpperCase()}`, value])),
      ...Object.fromEntries(Object.entries(files).map(([name, file]) => [name, join(job.folder, file)])),
      GITHUB_STATE: state,
    };
    for (const file of [...Object.values(files).map((name) => join(job.folder, name)), state]) writeFileSync(file, '');
    const run = async (name: string, entry: string, more: Readonly<Record<string, string>> = {}): Promise<void> => {
      processes++;
      const at = performance.now();
      await started(name, join(root, entry), job.folder, { ...env, ...more });
      steps.push([name, performance.now() - at]);
    };
    await run(action, runs.main);
    outputs[action] = pairsOf(join(job.folder, files.GITHUB_OUTPUT));
    exported = { ...exported, ...pairsOf(join(job.folder, files.GITHUB_ENV)) };
    const { post } = runs;
    if (post) {
      const saved = Object.entries(pairsOf(state)).map(([name, value]) => [`STATE_${name}`, value]);
      posts.unshift(() => run(`${action} (post)`, post, { ...exported, ...Object.fromEntries(saved) }));
    }
  }
  for (const post of posts) await post();
  return { milliseconds: performance.now() - start, processes, steps };
}

interface ActionFile {
  readonly runs: { readonly main: string; readonly post?: string };
  readonly inputs?: Readonly<Record<string, { readonly default?: unknown }>>;
}

function readAction(root: string): ActionFile {
  const file = ['action.yml', 'action.yaml'].map((name) => join(root, name)).find((path) => existsSync(path));
  if (!file)
    throw new Error(`CHAIN: there is no action.yml in ${root}; CONTRIBUTING.md describes how to fetch the actions.`);
  return parse(readFileSync(file, 'utf8'));
}

/** Defaults that are expressions (`${{ github.token }}`) are empty outside GitHub. */
const literal = (value: unknown): string => (value === undefined || /\$\{\{/.test(String(value)) ? '' : String(value));

function started(name: string, script: string, cwd: string, env: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (text: Buffer) => (log += text.toString()));
    child.on('error', reject);
    child.on('close', (code) =>
      code === 0 ? resolve() : reject(new Error(`CHAIN: ${name} ended with exit code ${code}:\n${log}`)),
    );
  });
}

/** The runner's file format: `name<<delimiter`, lines, delimiter. */
const pairsOf = (path: string): Record<string, string> =>
  Object.fromEntries(
    [...readFileSync(path, 'utf8').matchAll(/^(.+?)<<(ghadelimiter_\S+)\r?\n([\s\S]*?)\r?\n\2$/gm)].map(
      ([, name = '', , value = '']) => [name, value],
    ),
  );

/** A stand-in for docker that answers at once, so that process start-up and API calls are all that is measured. */
export function dockerStandIn(folder: string): string {
  const bin = join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  writeFileSync(join(bin, 'docker'), DOCKER, { mode: 0o755 });
  return bin;
}

const DIGEST = `sha256:${'ab'.repeat(32)}`;
const DOCKER = `#!/bin/sh
# Answers as a Docker client with a container builder of two platforms does.
case "$*" in
  *--password-stdin*) cat >/dev/null; echo "Login Succeeded" ;;
  version*) echo '28.0.4' ;;
  info*) echo 'linux/amd64' ;;
  "run "*) echo '{"supported":["linux/amd64","linux/arm64"],"emulators":["qemu-aarch64"]}' ;;
  "buildx version"*) echo 'github.com/docker/buildx v0.36.1 0000000' ;;
  "buildx inspect"*) printf '%s\\n' 'Name:          bench' 'Driver:        docker-container' '' 'Nodes:' 'Name:      bench0' 'Endpoint:  unix:///var/run/docker.sock' 'Status:    running' 'BuildKit version: v0.32.2' 'Platforms: linux/amd64, linux/arm64' ;;
  "buildx ls"*) echo '{"Current":true,"Driver":"docker-container","Name":"bench","Nodes":[{"Name":"bench0","Endpoint":"unix:///var/run/docker.sock","Status":"running","Version":"v0.32.2","Platforms":["linux/amd64","linux/arm64"]}]}' ;;
  "buildx build"*)
    for word; do
      case "$previous" in --metadata-file) metadata=$word ;; --iidfile) iid=$word ;; esac
      case "$word" in --metadata-file=*) metadata=\${word#*=} ;; --iidfile=*) iid=\${word#*=} ;; esac
      previous=$word
    done
    [ -n "$metadata" ] && printf '{"containerimage.digest":"${DIGEST}"}' >"$metadata"
    [ -n "$iid" ] && printf '${DIGEST}' >"$iid"
    ;;
esac
exit 0
`;
