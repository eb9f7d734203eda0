import { asFailure, Failure } from '../failure.ts';
import type { Json } from '../model.ts';
import { defined } from '../model.ts';
import type { Files } from '../ports.ts';
import { parseJson } from '../taskdef/json-file.ts';
import { expressionsIn } from '../taskdef/load.ts';
import { type ServiceTemplate, toServiceTemplate } from './definition.ts';

/** The definition of a service has a few KiB; the rest is for comments and space. */
const MAX_BYTES = 1024 * 1024;

/**
 * The file of the input `service-definition`, JSON or YAML.
 * @throws Failure NOT_FOUND, or INVALID_INPUT where it is not a service definition
 */
export async function readServiceTemplate(
  path: string,
  { files }: { readonly files: Pick<Files, 'readText'> },
): Promise<ServiceTemplate> {
  const text = await files.readText(path, MAX_BYTES);
  const template = toServiceTemplate(await parsed(path, text), path);
  return { ...template, mistakes: expressionsIn(template.value, '') };
}

async function parsed(path: string, text: string): Promise<Json> {
  if (text.trim() === '')
    throw new Failure('INVALID_INPUT', `The service definition ${path} is empty.`, {
      remedy: 'Write the members of CreateService in it.',
    });
  try {
    if (!/\.ya?ml$/i.test(path)) return parseJson(text, path);
    const { parseYaml } = await import('../taskdef/yaml.ts');
    return parseYaml(text, path);
  } catch (thrown) {
    const { message, remedy, place, code } = asFailure(thrown);
    if (code !== 'INVALID_TASK_DEFINITION') throw thrown;
    throw new Failure('INVALID_INPUT', message, { cause: thrown, ...defined({ remedy, place }) });
  }
}
