import { type AwsFacts, readAws } from './aws.ts';
import { Reader } from './reader.ts';
import { readService } from './service.ts';
import type { Inputs } from './types.ts';
import { readGithub } from './watch.ts';

/** Which service a run is about, and how GitHub is told of it. */
export type Place = Pick<Inputs, 'aws' | 'service' | 'github'>;

/**
 * What is right of the inputs, whatever is wrong with the others: a run that fails for its inputs has its comment to
 * write, too. `service.service` is empty where the input is.
 */
export function readPlace(raw: ReadonlyMap<string, string>, facts: AwsFacts): Place {
  const reader = new Reader(raw);
  const aws = readAws(reader, facts);
  return { aws, service: readService(reader, aws), github: readGithub(reader) };
}
