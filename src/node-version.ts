import { Failure } from './failure.ts';

/** As action.yml asks the runner for (`using: node24`). */
const NEEDED = 24;

/**
 * The runner brings the Node that action.yml names; one started by hand may be any.
 * @param version `20.20.2`
 * @returns what to report where it is too old; undefined where it is not
 */
export function tooOldNode(version: string): Failure | undefined {
  const major = Number.parseInt(version, 10);
  if (major >= NEEDED) return undefined;
  return new Failure('INVALID_INPUT', `ECS Rollout needs Node.js ${NEEDED}; this is ${version}. Nothing was changed.`, {
    remedy: `Run it with the program of Node.js ${NEEDED} itself: \`npm install --prefix /tmp/node${NEEDED} node@${NEEDED}\`, then \`/tmp/node${NEEDED}/node_modules/node/bin/node dist/main.js\`. \`npx\` may drop variables with a hyphen, such as INPUT_AWS-REGION. On a runner of your own, update the runner: it brings Node.js ${NEEDED} for actions since version 2.327.1.`,
  });
}
