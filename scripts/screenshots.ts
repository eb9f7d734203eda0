/**
 * `npm run screenshots`: the pictures of the README, from real runs of the bundle against the simulator: the log of a deployment, and
 * of one that fails. SVG with text, so that it can be read aloud and searched. `--check` only compares.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runTrial } from './try/account.ts';
import type { Break } from './try/trial.ts';

const FOLDER = 'docs/pictures';
const [FONT_SIZE, LINE, CHARACTER, MARGIN] = [13, 19, 7.83, 16];
const MOST_CHARACTERS = 118;
const SHOTS: readonly (readonly [name: string, title: string, kind: Break | undefined])[] = [
  ['success', 'The log of a deployment: 2 tasks replaced, 33 seconds', undefined],
  ['failure', 'The log of a deployment whose application crashes: cause, its last words, and the rollback', 'crash'],
];

const DEFINITION = {
  family: 'web',
  networkMode: 'awsvpc',
  requiresCompatibilities: ['FARGATE'],
  cpu: '256',
  memory: '512',
  executionRoleArn: 'arn:aws:iam::${AWS_ACCOUNT_ID}:role/web-execution',
  containerDefinitions: [
    {
      name: 'web',
      image: '${IMAGE}',
      portMappings: [{ containerPort: 8080 }],
      logConfiguration: {
        logDriver: 'awslogs',
        options: { 'awslogs-group': '/ecs/web', 'awslogs-region': 'eu-west-1', 'awslogs-stream-prefix': 'ecs' },
      },
    },
  ],
};

/** What GitHub's log shows in its colours; the words alone carry the meaning. */
const COLOURS: Readonly<Record<string, string>> = {
  '31': '#ff7b72',
  '32': '#56d364',
  '33': '#e3b341',
  '36': '#79c0ff',
  '2': '#8b949e',
};
const ANSI = /\p{Cc}\[([\d;]*)m/gu;
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** One line as it stands in the log, in pieces of one colour. */
function lineOf(line: string, y: number): string {
  let colour = '';
  let bold = false;
  let from = 0;
  let left = MOST_CHARACTERS;
  const spans: string[] = [];
  const add = (text: string): void => {
    const shown = text.length > left ? `${text.slice(0, Math.max(0, left - 1))}…` : text;
    left -= text.length;
    if (shown === '' || (left < 0 && shown === '…')) return;
    const style = `${colour ? ` fill="${colour}"` : ''}${bold ? ' font-weight="bold"' : ''}`;
    spans.push(style ? `<tspan${style}>${escaped(shown)}</tspan>` : escaped(shown));
  };
  for (const match of line.matchAll(ANSI)) {
    add(line.slice(from, match.index));
    from = match.index + match[0].length;
    for (const code of (match[1] ?? '').split(';')) {
      if (code === '0' || code === '') [colour, bold] = ['', false];
      else if (code === '1') bold = true;
      else colour = COLOURS[code] ?? colour;
    }
  }
  add(line.slice(from));
  return `<text x="${MARGIN}" y="${y}" xml:space="preserve">${spans.join('')}</text>`;
}

function svgOf(title: string, lines: readonly string[]): string {
  const width = Math.round(2 * MARGIN + MOST_CHARACTERS * CHARACTER);
  const height = 2 * MARGIN + lines.length * LINE;
  const text = lines.map((line, i) => lineOf(line, MARGIN + LINE * (i + 1) - 5));
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="${escaped(title)}">
<title>${escaped(title)}</title>
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="${FONT_SIZE}" fill="#e6edf3">
${text.filter((one) => !one.endsWith('"></text>')).join('\n')}
</g>
</svg>
`;
}

/** The log without commands of the runner and folded groups. */
function shown(log: string): string[] {
  const lines: string[] = [];
  let folded = false;
  for (const line of log.trimEnd().split('\n')) {
    if (line.startsWith('::group::')) folded = true;
    else if (line.startsWith('::endgroup::')) folded = false;
    else if (!folded && !line.startsWith('::')) lines.push(line);
  }
  return lines;
}

const isCheck = process.argv.includes('--check');
const root = mkdtempSync(join(tmpdir(), 'screenshots-'));
try {
  writeFileSync(join(root, 'task-definition.json'), JSON.stringify(DEFINITION));
  mkdirSync(FOLDER, { recursive: true });
  for (const [name, title, kind] of SHOTS) {
    const run = await runTrial({
      inputs: {
        'aws-region': 'eu-west-1',
        'role-to-assume': 'arn:aws:iam::123456789012:role/deploy-web',
        'task-definition': 'task-definition.json',
        image: '123456789012.dkr.ecr.eu-west-1.amazonaws.com/web:next',
        cluster: 'production',
        service: 'web',
      },
      madeUp: new Set(),
      env: {},
      github: { repository: 'acme/web', sha: 'c0ffee0000000000000000000000000000000000' },
      root,
      break: kind,
    });
    const file = join(FOLDER, `${name}.svg`);
    const fresh = svgOf(title, shown(run.log));
    if (!isCheck) writeFileSync(file, fresh);
    else if (readFileSync(file, 'utf8') !== fresh) {
      console.error(`${file} is stale: run npm run bundle, then npm run screenshots`);
      process.exitCode = 1;
    }
    console.log(`${file}: ${fresh.length} characters`);
  }
} finally {
  rmSync(root, { recursive: true, force: true });
}
