import { execFile, spawnSync } from 'node:child_process';
import { promisify } from 'node:util';
import { REGION } from '../../simulator/simulator.ts';

/** For a test by the AWS CLI, a client that we did not write; where it is missing, nothing is lost but that proof. */
export const whenCli = spawnSync('aws', ['--version']).status === 0 ? test : test.skip;

/** The AWS CLI against a simulator: the JSON that it prints. */
export function awsCli(endpoint: string): (...args: string[]) => Promise<string> {
  const env = {
    ...process.env,
    AWS_ENDPOINT_URL: endpoint,
    AWS_ACCESS_KEY_ID: 'CLI',
    AWS_SECRET_ACCESS_KEY: 'cli',
    AWS_REGION: REGION,
    AWS_DEFAULT_REGION: REGION,
  };
  return async (...args) => (await promisify(execFile)('aws', [...args, '--output', 'json'], { env })).stdout;
}
