import { secretsIn } from '../secrets.ts';
import { SECTIONS } from './known.ts';
import type { Reader } from './reader.ts';
import { certainSecrets, publicNamesOf } from './secrets.ts';

/** What is in private files, the environment of docker, or no argument of docker. */
const ELSEWHERE = ['build-args', 'build-secrets', 'build-secret-envs', 'repository-settings', 'lifecycle-policy'];
/** They have credentials of their own, which docker gets in its environment. */
const WITH_CREDENTIALS = ['cache-from', 'cache-to'];
/** Inputs of a build that become arguments of docker: every user of the machine can read those. */
const ARGUMENTS = SECTIONS.build.filter((name) => !ELSEWHERE.includes(name));
/** Free texts, which the image has, too: everyone who pulls it can read them. */
const IN_IMAGE = ['labels', 'annotations'] as const;

/**
 * Refuses a secret of this step (a value of `build-secrets`, a token, AWS credentials) that an input repeats which becomes an argument
 * of docker. What only has the shape of a secret may be none: a label or annotation with it is a warning. The value is not quoted.
 */
export function refuseSecretsInArguments(
  reader: Reader,
  raw: ReadonlyMap<string, string>,
  env: Readonly<Record<string, string | undefined>>,
): void {
  const names = publicNamesOf(raw, env);
  const secrets = certainSecrets(raw, env)
    .flatMap(formsOf)
    .filter((form) => !names.some((name) => name.includes(form)));
  for (const name of ARGUMENTS) {
    const lines = (reader.raw(name) ?? '').split(/\r?\n/).filter((line) => line.trim() !== '');
    const shows = (test: (line: string) => boolean): string | undefined => {
      const at = lines.findIndex(test);
      if (at < 0) return undefined;
      return lines.length > 1 ? `line ${at + 1} ` : '';
    };
    const certain = WITH_CREDENTIALS.includes(name)
      ? undefined
      : shows((line) => secrets.some((secret) => line.includes(secret)));
    const inImage = IN_IMAGE.find((one) => one === name);
    const where = inImage ? `the arguments of docker and the image` : 'the arguments of docker';
    if (certain !== undefined) {
      reader.mistake(
        name,
        `${certain}holds a secret of this step, which ${where} would show.`,
        inImage
          ? 'Leave it out. What a command of the Dockerfile needs belongs into `build-secrets`.'
          : 'Leave it out, and give it to the build in `build-secrets`.',
      );
      continue;
    }
    const likely = inImage && shows((line) => secretsIn(line.slice(line.indexOf('=') + 1)).length > 0);
    if (likely !== undefined)
      reader.warnings.push(
        `${name}: ${likely}looks like a secret, and ${where} show it. Secrets belong into \`build-secrets\`.`,
      );
  }
}

/**
 * A secret as it may stand in an input: whole or a line of it, those values in it that are secrets by name or shape (others, such as
 * the address of the application in an `.env` file, may be public), and their Base64.
 */
function formsOf(secret: string): readonly string[] {
  const lines = secret.split(/[\r\n]+/).map((line) => line.trim());
  const forms = [...lines, ...secretsIn(secret)].filter((form) => !isWord(form));
  return [...forms, ...forms.map((form) => Buffer.from(form).toString('base64'))];
}

/** A plain word, a short one or a line of punctuation is in many texts, and none of them shows a secret by it. */
const isWord = (text: string): boolean => /^(?:[A-Za-z-]{0,24}|\S{1,7}|[\p{P}\p{S}\s]*)$/u.test(text);
