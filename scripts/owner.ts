/**
 * `npm run owner -- my-org`: writes the account that holds this copy in place of OWNER, in README, docs and examples, and pins the
 * commit that is checked out where the copy has no release `v1` yet.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [owner, ref = refOf(), ...more] = process.argv.slice(2);
/** https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication */
const OWNER = /^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}$/;
if (owner === undefined || more.length > 0 || !OWNER.test(owner) || !/^[\w./-]+$/.test(ref)) {
  console.error(
    'Usage: npm run owner -- NAME [REF]\nNAME is the user or organisation that holds this repository; REF a commit or tag of it (default: v1 where it exists, else the commit that is checked out).',
  );
  process.exit(2);
}

/** `v1` of a copy that has made a release. */
function refOf(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('tag', '--list', 'v1') === 'v1' ? 'v1' : git('rev-parse', 'HEAD');
  } catch {
    return 'v1';
  }
}

const files = [
  'README.md',
  'SECURITY.md',
  ...['docs', 'examples'].flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((file) => /\.(?:md|ya?ml)$/.test(file))
      .map((file) => join(folder, file)),
  ),
];
let changed = 0;
for (const file of files) {
  const before = readFileSync(file, 'utf8');
  // Only where it names this repository: OWNER is also a placeholder in trust policies.
  const after = before
    .replaceAll(/\bOWNER\/ecs-rollout@v1\b/g, `${owner}/ecs-rollout@${ref}`)
    .replaceAll(/\bOWNER(?=\/ecs-rollout\b)/g, owner);
  if (after === before) continue;
  writeFileSync(file, after);
  changed += 1;
  console.log(file);
}
console.log(
  changed === 0 ? 'No file names OWNER/ecs-rollout.' : `${changed} files now name ${owner}/ecs-rollout@${ref}.`,
);
