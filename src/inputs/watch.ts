import type { Reader } from './reader.ts';
import type { GithubInputs, RecoveryInputs, WatchInputs } from './types.ts';

/** How long to watch, and what to show. */
export function readWatch(reader: Reader): WatchInputs {
  const wait = reader.integer('wait-for-minutes', { min: 1, max: 360, unit: 'minutes' }) ?? 30;
  const noProgress = reader.integer('no-progress-minutes', { min: 1, max: 360, unit: 'minutes' }) ?? 10;
  return {
    wait: reader.boolean('wait-for-service-stability') ?? true,
    timeoutSeconds: wait * 60,
    noProgressSeconds: noProgress * 60,
    logLines: reader.integer('log-lines', { min: 0, max: 500, unit: 'a number of lines' }) ?? 30,
  };
}

/** What happens when the deployment goes wrong, or another one is in the way. */
export function readRecovery(reader: Reader): RecoveryInputs {
  return {
    rollbackOnFailure: reader.boolean('rollback-on-failure') ?? true,
    deregisterFailedRevision: reader.boolean('deregister-failed-revision') ?? false,
    onCancel: reader.choice('on-cancel', ['leave', 'rollback']) ?? 'leave',
    onActiveDeployment: reader.choice('on-active-deployment', ['warn', 'wait', 'fail']) ?? 'warn',
  };
}

/** A GitHub deployment is asked for by naming its environment. */
export function readGithub(reader: Reader): GithubInputs {
  const token = reader.text('github-token');
  // It would be refused as a header, in an error that quotes it.
  if (token !== undefined && /[^\x21-\x7e]/.test(token)) {
    reader.mistake(
      'github-token',
      'has a space, a line break or another character that no token has.',
      'Give the token alone, such as `${{ github.token }}`.',
    );
  }
  const environment = reader.text('github-environment');
  const url = reader.shaped('github-environment-url', {
    pattern: /^https?:\/\/\S+$/,
    expected: 'a URL that begins with https:// (or http://)',
  });
  const transient = reader.boolean('github-environment-transient');
  const production = reader.boolean('github-environment-production');
  const comment = reader.boolean('comment') ?? false;
  if (environment === undefined) {
    for (const name of [
      'github-environment-url',
      'github-environment-transient',
      'github-environment-production',
    ] as const) {
      if (reader.isSet(name)) {
        reader.mistake(name, 'is set, but `github-environment` is not.', 'Name the environment, or drop it.');
      }
    }
  }
  return {
    comment,
    ...(token === undefined ? {} : { token }),
    ...(environment === undefined
      ? {}
      : {
          deployment: {
            environment,
            transient: transient ?? false,
            // The default of GitHub's own API.
            production: production ?? environment === 'production',
            ...(url === undefined ? {} : { url }),
          },
        }),
  };
}
