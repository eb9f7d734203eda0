import { spawn } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION } from '../../simulator/simulator.ts';

export interface OfficialRun {
  readonly exitCode: number | null;
  readonly log: string;
  /** The file GITHUB_OUTPUT at the end. */
  readonly outputs: string;
}

/**
 * Runs one of AWS's own actions as the runner does, against a simulator.
 * @param action its folder
 * @param of `folder`: where it runs, with its outputs in the file `outputs`; `env`: its inputs and what else it reads
 */
export async function runOfficial(
  action: string,
  of: {
    readonly endpoint: string;
    readonly folder: string;
    readonly outputs: string;
    readonly env: Readonly<Record<string, string>>;
  },
): Promise<OfficialRun> {
  const outputs = join(of.folder, of.outputs);
  writeFileSync(outputs, '');
  const child = spawn(process.execPath, [join(action, 'dist', 'index.js')], {
    cwd: of.folder,
    env: {
      PATH: process.env.PATH,
      AWS_ENDPOINT_URL: of.endpoint,
      AWS_REGION: REGION,
      AWS_ACCESS_KEY_ID: 'OFFICIAL',
      AWS_SECRET_ACCESS_KEY: 'official',
      GITHUB_OUTPUT: outputs,
      ...of.env,
    },
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (text: Buffer) => (log += text.toString('utf8')));
  const exitCode = await new Promise<number | null>((resolve) => child.on('close', resolve));
  return { exitCode, log, outputs: readFileSync(outputs, 'utf8') };
}
