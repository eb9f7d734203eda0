import { spawn } from 'node:child_process';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** `npm run demo` is what people try first; it must never be the thing that is broken. */
function demo(env: Readonly<Record<string, string>>): Promise<{ exitCode: number | null; text: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, ['scripts/demo.ts'], { env: { ...process.env, ...env }, timeout: 110_000 });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (data: Buffer) => {
        text += data.toString('utf8');
      });
    }
    child.on('close', (exitCode) => resolve({ exitCode, text }));
  });
}

const WAYS: readonly (readonly [string, boolean, Readonly<Record<string, string>>, string])[] = [
  ['without an engine, with a ready-made image', true, { ENGINE: 'none' }, 'There is none: ENGINE=none'],
  ['with real builds and containers', process.env.ENGINE_BUSYBOX_AMD64 !== undefined, {}, 'DATABASE_URL is not set'],
];
const running = WAYS.map(([, possible, env]) => (possible ? demo(env) : undefined));

describe.each(WAYS.map((way, i) => [...way, i] as const))('the demo %s', (_, possible, __, says, i) => {
  (possible ? test : test.skip)(
    'deploys a commit, and rolls a broken one back',
    async () => {
      const { exitCode, text } = (await running[i]) ?? { exitCode: 1, text: '' };
      expect(text).toContain('Deployed, and a broken commit rolled back');
      expect(text).toContain(says);
      // The live line and the verdict both name it; which of them says "ended with" depends on how soon the log can be read.
      expect(text).toMatch(/exit code 3/);
      // Not a terminal: https://no-color.org
      expect(text).not.toMatch(/\p{Cc}\[/u);
      // As in GitHub's log: commands of the runner are carried out, not shown.
      expect(text).not.toMatch(/^::/m);
      // What a terminal cannot show, or only GitHub has: tags, build steps, a missing cache of GitHub.
      expect(text).not.toMatch(
        /<\/?(?:table|td|details|a|code)\b|^#\d+ |^> |```|ACTIONS_RUNTIME_TOKEN|is not a branch/m,
      );
      expect(text).toMatch(/▸ Preflight checks that passed.* \(\d+ lines\)$/m);
      expect(text).toMatch(/^ {2}Service +web in cluster default$/m);
      expect(text).toMatch(/^▸ Timeline$/m);
      // The kind of an alert stands before its first words.
      expect(text).toMatch(/^\s*Caution: \S/m);
      expect(text).not.toMatch(/^\s*Caution\s*$/m);
      const [, pages = ''] = /both summaries as on GitHub: (.*)$/m.exec(text) ?? [];
      expect(readFileSync(join(pages, 'log.txt'), 'utf8')).toContain('✓ cluster default: is ACTIVE.');
      expect(readFileSync(join(pages, 'rolled-back.html'), 'utf8')).toContain('<table>');
      rmSync(pages, { recursive: true });
      expect(exitCode).toBe(0);
    },
    180_000,
  );
});
