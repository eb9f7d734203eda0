/** What git and the disk know of the repository that a workflow file is in. */

import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { Failure } from '../../src/failure.ts';
import type { JsonObject } from '../../src/model.ts';
import { toServiceTemplate } from '../../src/servicedef/definition.ts';
import { parseJson } from '../../src/taskdef/json-file.ts';
import { type Template, toTemplate } from '../../src/taskdef/template.ts';
import { parseYaml } from '../../src/taskdef/yaml.ts';
import { type RunFacts, UNKNOWN_REPOSITORY } from './fill.ts';

/** The folder that relative paths of the workflow begin in: of `.github`, else of git, else the file's own. */
export function rootOf(workflow: string): string {
  const file = resolve(workflow);
  const [before, after] = file.split(/[\\/]\.github[\\/]/);
  if (after !== undefined && before !== undefined) return before;
  for (let folder = dirname(file); folder !== dirname(folder); folder = dirname(folder))
    if (existsSync(join(folder, '.git'))) return folder;
  return dirname(file);
}

/** `github.*` of a push of the branch that is checked out. */
export function gitFacts(root: string): RunFacts['github'] {
  const git = (...args: string[]): string => {
    try {
      return execFileSync('git', ['-C', root, ...args], {
        encoding: 'utf8',
        stdio: ['ignore', 'pipe', 'ignore'],
        timeout: 10_000,
      }).trim();
    } catch {
      return '';
    }
  };
  const [sha = '', branch = ''] = git('rev-parse', 'HEAD', '--abbrev-ref', 'HEAD').split('\n');
  const name = branch === '' || branch === 'HEAD' ? 'main' : branch;
  const [, repository = UNKNOWN_REPOSITORY] =
    /[:/]([\w.-]+\/[\w.-]+?)(?:\.git)?$/.exec(git('remote', 'get-url', 'origin')) ?? [];
  return {
    sha: sha || '0'.repeat(40),
    ref: `refs/heads/${name}`,
    ref_name: name,
    ref_type: 'branch',
    repository,
    repository_owner: repository.split('/')[0] ?? 'owner',
    actor: 'actor',
    run_id: '1',
    run_number: '1',
    run_attempt: '1',
    token: 'ghs_simulated0000000000000000000000000000',
    server_url: 'https://github.com',
    api_url: 'https://api.github.com',
    workspace: root,
  };
}

/** @throws Failure or an error that names the file */
export function readTemplateFile(path: string): Template {
  if (!existsSync(path))
    throw new Failure('NOT_FOUND', `The task definition ${path} does not exist.`, {
      remedy: 'Correct `task-definition` in the workflow, or give another file: `--task-definition FILE`.',
    });
  const text = readFileSync(path, 'utf8');
  return toTemplate(/\.ya?ml$/i.test(path) ? parseYaml(text, path) : parseJson(text, path), path);
}

/** The members of CreateService in a service definition, placeholders still in them. */
export function readServiceFile(path: string): JsonObject {
  if (!existsSync(path))
    throw new Failure('NOT_FOUND', `The service definition ${path} does not exist.`, {
      remedy: 'Correct `service-definition` in the workflow.',
    });
  const text = readFileSync(path, 'utf8');
  return toServiceTemplate(/\.ya?ml$/i.test(path) ? parseYaml(text, path) : parseJson(text, path), path).value;
}
