/** `npm run owner -- my-org`: writes the account that holds this copy in place of OWNER, in README, docs and examples. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const [owner, ...more] = process.argv.slice(2);
/** https://docs.github.com/en/enterprise-cloud@latest/admin/managing-iam/iam-configuration-reference/username-considerations-for-external-authentication */
if (owner === undefined || more.length > 0 || !/^[A-Za-z\d](?:[A-Za-z\d]|-(?=[A-Za-z\d])){0,38}$/.test(owner)) {
  console.error('Usage: npm run owner -- NAME, the user or organisation that holds this repository');
  process.exit(2);
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
  const after = before.replaceAll(/\bOWNER(?=\/ecs-rollout\b)/g, owner);
  if (after === before) continue;
  writeFileSync(file, after);
  changed += 1;
  console.log(file);
}
console.log(changed === 0 ? 'No file names OWNER/ecs-rollout.' : `${changed} files now name ${owner}/ecs-rollout.`);
